import Basics
import Tensors

/// Two numbers, for the rows and the columns of an image: the size of a window, or its steps.
///
/// Written as one number where they are equal, else as a list of two: `size: 3`, `stride: [1, 2]`.
public struct WindowSize: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// Along the second axis of [batch, rows, columns, channels].
  public let rows: Int
  /// Along the third axis.
  public let columns: Int

  /// Two numbers.
  public init(rows: Int, columns: Int) {
    require(rows > 0 && columns > 0, "WindowSize", "sizes and steps must be positive, not \(rows) and \(columns)")
    self.rows = rows
    self.columns = columns
  }

  /// One number for both.
  public init(_ both: Int) { self.init(rows: both, columns: both) }

  /// One number for both.
  public init(integerLiteral value: Int) { self.init(value) }

  /// Rows and columns.
  public init(arrayLiteral elements: Int...) {
    require(elements.count == 2, "WindowSize", "takes rows and columns, not \(elements)")
    self.init(rows: elements[0], columns: elements[1])
  }

  var pair: (Int, Int) { (rows, columns) }
  var area: Int { rows * columns }
}

func requireChannels(_ layer: String, _ inputs: Int, _ outputs: Int, groups: Int = 1) {
  require(inputs > 0 && outputs > 0, layer, "numbers of channels must be positive, not \(inputs) and \(outputs)")
  require(
    groups > 0 && inputs % groups == 0 && outputs % groups == 0, layer,
    "\(groups) groups do not divide \(inputs) and \(outputs) channels")
}

extension ConvolutionOptions {
  init(stride: WindowSize, padding: Padding, dilation: WindowSize, groups: Int) {
    self.init(padding: padding, groups: groups)
    (strideHeight, strideWidth) = stride.pair
    (dilationHeight, dilationWidth) = dilation.pair
  }
}
