import Basics
import Tensors

/// The settings that convolutions and pooling share, for one or two axes of space.
struct SpatialSettings: Sendable {
  private let kernel: [Int]?
  private let strides: [Int]?
  private let dilations: [Int]?
  private let pads: [Int]?
  private let automatic: String
  /// Whether windows may begin inside and end outside: sizes are rounded up.
  let roundsUp: Bool

  init(_ settings: NodeSettings) throws {
    kernel = try settings.integers("kernel_shape")
    strides = try settings.integers("strides")
    dilations = try settings.integers("dilations")
    pads = try settings.integers("pads")
    automatic = try settings.text("auto_pad", "NOTSET")
    roundsUp = try settings.flag("ceil_mode", false)
    guard ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"].contains(automatic) else {
      throw settings.unsupported("the padding \(automatic)")
    }
    let limit = 1...1 << 20
    let all = (kernel ?? []) + (strides ?? []) + (dilations ?? [])
    guard all.allSatisfy(limit.contains), (pads ?? []).allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else {
      throw settings.unsupported("a size, step or padding out of range")
    }
  }

  /// How windows lie on an input of `size`, for which there are one or two axes of space.
  ///
  /// - Parameter window: The sizes of the window; those of the attribute unless given.
  func windows(on size: [Int], window: [Int]? = nil, _ call: ImportedCall) throws -> Windows {
    guard let window = window ?? kernel else { throw ImportedCall.problem("the size of the window is missing") }
    let count = size.count
    try call.need(
      (1...2).contains(count), "shapes with \(count) axes of space are not supported, only those with 1 or 2")
    let (strides, dilations) = (strides ?? size.map { _ in 1 }, dilations ?? size.map { _ in 1 })
    let pads = pads ?? Array(repeating: 0, count: 2 * count)
    try call.need(
      window.count == count && strides.count == count && dilations.count == count && pads.count == 2 * count
        && (kernel ?? window) == window && window.allSatisfy { $0 > 0 },
      "window, strides, dilations or pads do not fit \(count) axes of space")
    var axes: [Windows.Axis] = []
    for i in 0..<count {
      var axis = Windows.Axis(
        size: size[i], window: window[i], stride: strides[i], dilation: dilations[i], before: pads[i],
        after: pads[i + count])
      switch automatic {
      case "VALID": (axis.before, axis.after) = (0, 0)
      case "SAME_UPPER", "SAME_LOWER":
        let wanted = (axis.size + axis.stride - 1) / axis.stride
        let total = max(0, (wanted - 1) * axis.stride + axis.extent - axis.size)
        axis.before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2
        axis.after = total - axis.before
      default: break
      }
      if roundsUp { axis.roundUp() }
      axes.append(axis)
    }
    return Windows(axes)
  }

  var isAutomatic: Bool { automatic != "NOTSET" && automatic != "VALID" }
}

/// Where the windows of a convolution or of pooling lie, for two axes of space; one axis is the second of two.
struct Windows {
  struct Axis {
    var size: Int
    var window: Int
    var stride: Int
    var dilation: Int
    var before: Int
    var after: Int
    /// What was added after the padding so that the last window fits.
    var extra = 0

    /// From the first to the last element of a window.
    var extent: Int { (window - 1) * dilation + 1 }

    /// The number of windows; may be 0 or less.
    var count: Int {
      let room = size + before + after + extra - extent
      return room < 0 ? 0 : room / stride + 1
    }

    /// Makes room for a last window that begins inside the input or the padding before it.
    mutating func roundUp() {
      let room = size + before + after - extent
      guard room >= 0 else { return }
      var windows = (room + stride - 1) / stride + 1
      if (windows - 1) * stride >= size + before { windows -= 1 }
      extra = max(0, (windows - 1) * stride + extent - size - before - after)
    }
  }

  /// Whether there is one axis of space.
  let isLine: Bool
  let rows: Axis
  let columns: Axis

  init(_ axes: [Axis]) {
    isLine = axes.count == 1
    rows = isLine ? Axis(size: 1, window: 1, stride: 1, dilation: 1, before: 0, after: 0) : axes[0]
    columns = axes[axes.count - 1]
  }

  var padding: Padding {
    .explicit(
      top: rows.before, bottom: rows.after + rows.extra, left: columns.before, right: columns.after + columns.extra)
  }

  func options(groups: Int) -> ConvolutionOptions {
    var options = ConvolutionOptions(padding: padding, groups: groups)
    (options.strideHeight, options.strideWidth) = (rows.stride, columns.stride)
    (options.dilationHeight, options.dilationWidth) = (rows.dilation, columns.dilation)
    return options
  }

  /// The shape of the result for a batch and a number of channels, channels last and two axes of space.
  func resultShape(batch: Int, channels: Int) -> [Int] { [batch, rows.count, columns.count, channels] }

  /// A tensor [N, H, W, C] of [N, L, C].
  func spread(_ x: Tensor) -> Tensor { isLine ? x.reshaped(to: [x.shape[0], 1, x.shape[1], x.shape[2]]) : x }

  /// The reverse of `spread`, as a value.
  func gathered(_ x: Tensor) -> GraphValue {
    GraphValue(channelsLast: isLine ? x.reshaped(to: [x.shape[0], x.shape[2], x.shape[3]]) : x)
  }
}
