import Basics
import Tensors

/// The largest of each window, channel by channel: [batch, rows, columns, channels] to [batch, rows', columns', channels].
public struct MaxPool2D: Layer {
  /// The window's size.
  public let size: WindowSize
  /// The window's steps.
  public let stride: WindowSize
  /// What surrounds the image.
  public let padding: Padding

  /// A layer.
  ///
  /// - Parameters:
  ///   - size: The window's size; 2 unless given.
  ///   - stride: The window's steps; its size unless given.
  ///   - padding: `.valid` unless given.
  public init(size: WindowSize = 2, stride: WindowSize? = nil, padding: Padding = .valid) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  /// Whether windows of 2 x 2 lie side by side.
  var halves: Bool { size == 2 && stride == 2 && padding == .valid }

  /// Computes [batch, rows', columns', channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    maxPool(input, size: size.pair, stride: stride.pair, padding: padding)
  }
}

/// The mean of each window, channel by channel: [batch, rows, columns, channels] to [batch, rows', columns', channels].
public struct AveragePool2D: Layer {
  /// The window's size.
  public let size: WindowSize
  /// The window's steps.
  public let stride: WindowSize
  /// What surrounds the image.
  public let padding: Padding

  /// A layer.
  ///
  /// - Parameters:
  ///   - size: The window's size; 2 unless given.
  ///   - stride: The window's steps; its size unless given.
  ///   - padding: `.valid` unless given.
  public init(size: WindowSize = 2, stride: WindowSize? = nil, padding: Padding = .valid) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  /// Computes [batch, rows', columns', channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    averagePool(input, size: size.pair, stride: stride.pair, padding: padding)
  }
}

/// The largest of each window along sequences: [batch, length, channels] to [batch, length', channels].
public struct MaxPool1D: Layer {
  /// The window's length.
  public let size: Int
  /// The window's step.
  public let stride: Int

  /// A layer.
  ///
  /// - Parameters:
  ///   - size: The window's length; 2 unless given.
  ///   - stride: The window's step; its length unless given.
  public init(size: Int = 2, stride: Int? = nil) {
    require(size > 0 && stride ?? 1 > 0, "MaxPool1D", "size and stride must be positive")
    self.size = size
    self.stride = stride ?? size
  }

  /// Computes [batch, length', channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    maxPool(input.expanded(axis: 2), size: (size, 1), stride: (stride, 1)).squeezed(axes: [2])
  }
}

/// The mean of each window along sequences: [batch, length, channels] to [batch, length', channels].
public struct AveragePool1D: Layer {
  /// The window's length.
  public let size: Int
  /// The window's step.
  public let stride: Int

  /// A layer.
  ///
  /// - Parameters:
  ///   - size: The window's length; 2 unless given.
  ///   - stride: The window's step; its length unless given.
  public init(size: Int = 2, stride: Int? = nil) {
    require(size > 0 && stride ?? 1 > 0, "AveragePool1D", "size and stride must be positive")
    self.size = size
    self.stride = stride ?? size
  }

  /// Computes [batch, length', channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    averagePool(input.expanded(axis: 2), size: (size, 1), stride: (stride, 1)).squeezed(axes: [2])
  }
}

/// The mean over all places: [batch, places ..., channels] to [batch, channels].
public struct GlobalAveragePool: Layer {
  /// A layer.
  public init() {}

  /// Computes [batch, channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    require(input.rank >= 3, "GlobalAveragePool", "takes [batch, places ..., channels], not shape \(input.shape)")
    return input.rank == 4 ? globalAveragePool(input) : input.mean(axes: Array(1..<input.rank - 1))
  }
}

/// The largest over all places: [batch, places ..., channels] to [batch, channels].
public struct GlobalMaxPool: Layer {
  /// A layer.
  public init() {}

  /// Computes [batch, channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    require(input.rank >= 3, "GlobalMaxPool", "takes [batch, places ..., channels], not shape \(input.shape)")
    return input.max(axes: Array(1..<input.rank - 1))
  }
}
