import Basics
import Kernels
import Tensors

/// A tensor that its only owner may change in place: the memory of parameters and of what optimisers remember.
///
/// The value that `tensor` gives shares the memory; as long as somebody holds it, the next change is made on a copy, so
/// that tensors stay values.
struct OwnedTensor: Sendable {
  let shape: [Int]
  let type: ElementType
  let count: Int
  private var storage: Storage
  private let offset: Int

  init(_ tensor: Tensor) {
    shape = tensor.shape
    type = tensor.type
    count = tensor.count
    storage = tensor.storage
    offset = tensor.offset
  }

  /// The content as a value.
  var tensor: Tensor { Tensor(shape: shape, type: type, storage: storage, offset: offset) }

  /// Memory that nobody else holds, copied first where somebody does. The tensor that is returned keeps it alive and may
  /// be written to until it is let go.
  mutating func claim() -> Tensor {
    if !isKnownUniquelyReferenced(&storage) { self = OwnedTensor(tensor.copied()) }
    return tensor
  }
}

extension Tensor {
  /// The same numbers in memory of their own.
  func copied() -> Tensor {
    let copy = Tensor(uninitialized: shape, type, for: "copy")
    let size = type.byteCount
    let (source, target) = (storage.pointer + offset * size, copy.storage.pointer)
    forEachPart(of: count * size, grain: 1 << 18, multiple: 64) {
      (target + $0.lowerBound).copyMemory(from: source + $0.lowerBound, byteCount: $0.count)
    }
    return copy
  }
}
