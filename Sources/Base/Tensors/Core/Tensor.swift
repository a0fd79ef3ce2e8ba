import Basics
import Kernels

/// A block of numbers with a shape: a value, immutable, cheap to copy.
///
/// Elements lie in row-major order without gaps. `reshaped` and slices along the first axis share memory with their
/// source; nothing can be changed through either, so sharing is never seen. Operations compute at once, on up to
/// `Compute.threads` threads, and where an input is tracked (`tracked()`, or a parameter inside
/// `valueWithGradients`) they leave a record that `gradients` walks.
///
/// Shapes, types and axes that do not fit are a programmer's mistake: the operation stops, naming itself and the shapes.
public struct Tensor: Sendable {
  /// The sizes of the axes, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The type of the elements.
  public let type: ElementType
  /// The number of elements.
  public let count: Int
  package let storage: Storage
  /// Where the first element lies, in elements.
  package let offset: Int
  /// The record of the operation that made this tensor, where its inputs were tracked.
  package let node: Node?
  /// Which output of that operation it is.
  package let outputIndex: Int

  package init(
    shape: [Int], type: ElementType, storage: Storage, offset: Int = 0, node: Node? = nil, outputIndex: Int = 0
  ) {
    self.shape = shape
    self.type = type
    self.count = shape.reduce(1, *)
    self.storage = storage
    self.offset = offset
    self.node = node
    self.outputIndex = outputIndex
  }

  /// A tensor whose elements are not yet defined, for an operation that fills it.
  package init(uninitialized shape: [Int], _ type: ElementType, for operation: String = "tensor") {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      require(size >= 0 && !overflow, operation, "there is no shape \(shape)")
      count = product
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    require(!overflow, operation, "a tensor of shape \(shape) is larger than any memory")
    self.init(shape: shape, type: type, storage: Storage(byteCount: bytes, for: operation))
  }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// Whether operations on this tensor are recorded for gradients.
  public var isTracked: Bool { node != nil }

  /// The same numbers without a record: gradients do not flow through it.
  public func detached() -> Tensor {
    if node == nil { return self }
    // An export follows values wherever they go, but gradients in it end here.
    return Recording.keepsAll ? apply(one: Identity(endsGradients: true), self) : attached(to: nil)
  }

  /// The same numbers as the result of an operation on record.
  package func attached(to node: Node?, output: Int = 0) -> Tensor {
    Tensor(shape: shape, type: type, storage: storage, offset: offset, node: node, outputIndex: output)
  }

  /// Shape, type and record without the numbers, whose memory may go.
  package var withoutData: Tensor {
    Tensor(shape: shape, type: type, storage: .released, node: node, outputIndex: outputIndex)
  }

  /// The same memory with another shape of as many elements, off the record.
  package func viewed(as shape: [Int], offset extra: Int = 0) -> Tensor {
    Tensor(shape: shape, type: type, storage: storage, offset: offset + extra)
  }

  /// The first element. The memory lives as long as this tensor does: an operation's inputs live while it runs, anything
  /// else needs `withExtendedLifetime`.
  package func pointer<Element: TensorElement>(_ element: Element.Type) -> UnsafeMutablePointer<Element> {
    assert(Element.elementType == type)
    return storage.pointer.assumingMemoryBound(to: Element.self) + offset
  }

  /// The first element of a float32 tensor.
  package var floats: UnsafeMutablePointer<Float> { pointer(Float.self) }

  /// The axis that a number means: negative numbers count from the last axis.
  package func axis(_ axis: Int, _ operation: String) -> Int {
    let result = axis < 0 ? axis + rank : axis
    require(result >= 0 && result < rank, operation, "there is no axis \(axis) in shape \(shape)")
    return result
  }
}
