import Basics

/// Room around an image before a kernel passes over it.
public enum Padding: Sendable, Hashable, Codable {
  /// None: the kernel stays inside.
  case valid
  /// As much as gives ceil(size / stride) positions, the odd one behind, as in TensorFlow and ONNX's SAME_UPPER.
  case same
  /// So many rows above and below, columns left and right.
  case explicit(top: Int, bottom: Int, left: Int, right: Int)

  /// The same room on all sides.
  public static func all(_ size: Int) -> Padding { .explicit(top: size, bottom: size, left: size, right: size) }
}

/// How a kernel passes over an image.
public struct ConvolutionOptions: Sendable, Hashable, Codable {
  /// Rows from position to position; 1 unless set.
  public var strideHeight = 1
  /// Columns from position to position; 1 unless set.
  public var strideWidth = 1
  /// Room around the image; none unless set.
  public var padding = Padding.valid
  /// Rows from kernel element to kernel element; 1 unless set.
  public var dilationHeight = 1
  /// Columns from kernel element to kernel element; 1 unless set.
  public var dilationWidth = 1
  /// The parts into which channels are divided, each with kernels of its own; 1 unless set. As many as input channels
  /// make a depthwise convolution.
  public var groups = 1

  /// Options with the same stride and dilation in both directions.
  ///
  /// - Parameters:
  ///   - stride: 1 unless given.
  ///   - padding: None unless given.
  ///   - dilation: 1 unless given.
  ///   - groups: 1 unless given.
  public init(stride: Int = 1, padding: Padding = .valid, dilation: Int = 1, groups: Int = 1) {
    strideHeight = stride
    strideWidth = stride
    self.padding = padding
    dilationHeight = dilation
    dilationWidth = dilation
    self.groups = groups
  }
}

/// All sizes of a convolution or a pooling: input [batch, height, width, channels], output [batch, outHeight, outWidth,
/// outChannels].
package struct ConvolutionGeometry: Sendable, Hashable {
  package var batch: Int
  package var height: Int
  package var width: Int
  package var channels: Int
  package var outHeight: Int
  package var outWidth: Int
  package var outChannels: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var strideHeight: Int
  package var strideWidth: Int
  package var padTop: Int
  package var padBottom: Int
  package var padLeft: Int
  package var padRight: Int
  package var dilationHeight: Int
  package var dilationWidth: Int
  package var groups: Int

  package var inputShape: [Int] { [batch, height, width, channels] }
  package var outputShape: [Int] { [batch, outHeight, outWidth, outChannels] }
  package var weightShape: [Int] { [kernelHeight, kernelWidth, channels / groups, outChannels] }

  /// The geometry of a kernel on an input; stops where they do not fit.
  package init(
    input: [Int], kernel: (height: Int, width: Int), outChannels: Int, options: ConvolutionOptions, _ operation: String
  ) {
    require(input.count == 4, operation, "takes [batch, height, width, channels], not shape \(input)")
    require(
      kernel.height > 0 && kernel.width > 0 && options.strideHeight > 0 && options.strideWidth > 0
        && options.dilationHeight > 0 && options.dilationWidth > 0 && options.groups > 0, operation,
      "kernel \(kernel), strides, dilations and groups must be positive: \(options)")
    require(
      input[3] % options.groups == 0 && outChannels % options.groups == 0, operation,
      "\(input[3]) channels to \(outChannels) do not divide into \(options.groups) groups")
    batch = input[0]
    height = input[1]
    width = input[2]
    channels = input[3]
    self.outChannels = outChannels
    kernelHeight = kernel.height
    kernelWidth = kernel.width
    strideHeight = options.strideHeight
    strideWidth = options.strideWidth
    dilationHeight = options.dilationHeight
    dilationWidth = options.dilationWidth
    groups = options.groups
    let reachHeight = (kernel.height - 1) * dilationHeight + 1
    let reachWidth = (kernel.width - 1) * dilationWidth + 1
    switch options.padding {
    case .valid: (padTop, padBottom, padLeft, padRight) = (0, 0, 0, 0)
    case .explicit(let top, let bottom, let left, let right):
      require(top >= 0 && bottom >= 0 && left >= 0 && right >= 0, operation, "padding \(options.padding) is negative")
      (padTop, padBottom, padLeft, padRight) = (top, bottom, left, right)
    case .same:
      let rows = max(0, ((height + strideHeight - 1) / strideHeight - 1) * strideHeight + reachHeight - height)
      let columns = max(0, ((width + strideWidth - 1) / strideWidth - 1) * strideWidth + reachWidth - width)
      (padTop, padBottom, padLeft, padRight) = (rows / 2, rows - rows / 2, columns / 2, columns - columns / 2)
    }
    let (roomHeight, roomWidth) = (height + padTop + padBottom - reachHeight, width + padLeft + padRight - reachWidth)
    require(
      (roomHeight >= 0 && roomWidth >= 0) || batch == 0, operation,
      "kernel \(kernel.height) x \(kernel.width) (dilated: \(reachHeight) x \(reachWidth)) is larger than input \(input) "
        + "with its padding")
    outHeight = max(0, roomHeight / strideHeight + 1)
    outWidth = max(0, roomWidth / strideWidth + 1)
  }

  /// The input row that a kernel row meets at an output row, or nil in the padding.
  @inline(__always)
  package func inputRow(_ row: Int, _ kernelRow: Int) -> Int? {
    let result = row * strideHeight - padTop + kernelRow * dilationHeight
    return result >= 0 && result < height ? result : nil
  }

  /// The input column that a kernel column meets at an output column, or nil in the padding.
  @inline(__always)
  package func inputColumn(_ column: Int, _ kernelColumn: Int) -> Int? {
    let result = column * strideWidth - padLeft + kernelColumn * dilationWidth
    return result >= 0 && result < width ? result : nil
  }

  /// Calls body(input element, weight element, output element) for every product of one image, without the offsets of
  /// channels inside a group: the plain definition that reference kernels follow.
  @inline(__always)
  package func forEachTap(image: Int, _ body: (_ input: Int, _ kernel: Int, _ output: Int) -> Void) {
    for row in 0..<outHeight {
      for column in 0..<outWidth {
        let output = ((image * outHeight + row) * outWidth + column) * outChannels
        for kernelRow in 0..<kernelHeight {
          guard let inputRow = inputRow(row, kernelRow) else { continue }
          for kernelColumn in 0..<kernelWidth {
            guard let inputColumn = inputColumn(column, kernelColumn) else { continue }
            body(
              ((image * height + inputRow) * width + inputColumn) * channels, kernelRow * kernelWidth + kernelColumn,
              output)
          }
        }
      }
    }
  }
}
