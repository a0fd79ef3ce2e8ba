import Tensors

/// A value while an imported model runs.
///
/// ONNX has channels behind the batch ([N, C, H, W]), our operations have them last ([N, H, W, C]). A value stays in the
/// layout in which it was computed, and is brought into the other only for an operator that needs it, so that a chain of
/// convolutions, activations and normalisations runs without a single transposition in between.
struct GraphValue: Sendable {
  /// The numbers, in whichever layout.
  let stored: Tensor
  /// Whether the axis of channels, axis 1 for ONNX, is stored last.
  let isChannelsLast: Bool

  init(_ tensor: Tensor) {
    stored = tensor
    isChannelsLast = false
  }

  /// A result of an operation on channels in the last axis, of rank 3 or more.
  init(channelsLast tensor: Tensor) {
    stored = tensor
    isChannelsLast = tensor.rank >= 3
  }

  private init(_ tensor: Tensor, isChannelsLast: Bool) {
    stored = tensor
    self.isChannelsLast = isChannelsLast
  }

  var type: ElementType { stored.type }
  var rank: Int { stored.rank }

  /// The shape as ONNX sees it.
  var shape: [Int] {
    let shape = stored.shape
    return isChannelsLast ? [shape[0], shape[rank - 1]] + shape[1..<(rank - 1)] : shape
  }

  /// The numbers in the layout of ONNX.
  var plain: Tensor {
    isChannelsLast ? stored.transposed(axes: [0, rank - 1] + Array(1..<(rank - 1))) : stored
  }

  /// The numbers with channels last; a value of fewer than three axes has them last already.
  var channelsLast: Tensor {
    isChannelsLast || rank < 3 ? stored : stored.transposed(axes: [0] + Array(2..<rank) + [1])
  }

  /// A function of each element.
  func mapped(_ function: (Tensor) -> Tensor) -> GraphValue {
    GraphValue(function(stored), isChannelsLast: isChannelsLast)
  }

  /// Where an axis of ONNX lies in `stored`.
  func storedAxis(_ axis: Int) -> Int {
    guard isChannelsLast, axis > 0 else { return axis }
    return axis == 1 ? rank - 1 : axis - 1
  }
}

extension GraphValue {
  /// The numbers of several values that are to be broadcast, in one layout: with channels last if one of full rank is
  /// stored so.
  static func aligned(_ values: [GraphValue]) -> (tensors: [Tensor], isChannelsLast: Bool) {
    let rank = values.map(\.rank).max() ?? 0
    guard values.contains(where: { $0.isChannelsLast && $0.rank == rank }) else { return (values.map(\.plain), false) }
    let tensors = values.map { value in
      if value.stored.count == 1, value.rank < rank { return value.stored.reshaped(to: []) }
      if value.rank == rank { return value.channelsLast }
      return GraphValue(value.plain.reshaped(to: Array(repeating: 1, count: rank - value.rank) + value.shape))
        .channelsLast
    }
    return (tensors, true)
  }

  /// A function of several values, element by element, broadcast.
  static func combined(_ values: [GraphValue], _ function: ([Tensor]) -> Tensor) -> GraphValue {
    let (tensors, isChannelsLast) = aligned(values)
    let result = function(tensors)
    return isChannelsLast ? GraphValue(channelsLast: result) : GraphValue(result)
  }
}
