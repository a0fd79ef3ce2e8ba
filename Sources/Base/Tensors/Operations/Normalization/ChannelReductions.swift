import CKernels
import Kernels

/// Sums over all rows per channel, for rows x channels with channels last: parts of fixed size, added in order.
enum ChannelReductions {
  /// Two sums per channel in double precision; `body` fills those of one part.
  static func sums(
    parts: Int, channels: Int,
    _ body: (_ part: Int, _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>) -> Void
  ) -> (first: [Double], second: [Double]) {
    var partial = [Double](repeating: 0, count: 2 * parts * channels)
    partial.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      forEachTask(parts) { body($0, base + 2 * $0 * channels, base + (2 * $0 + 1) * channels) }
    }
    var first = [Double](repeating: 0, count: channels)
    var second = first
    for part in 0..<parts {
      for c in 0..<channels {
        first[c] += partial[2 * part * channels + c]
        second[c] += partial[(2 * part + 1) * channels + c]
      }
    }
    return (first, second)
  }

  /// The rows of a part when each has this many channels.
  static func grain(_ channels: Int) -> Int { max(16, 65_536 / max(channels, 1)) }

  /// Mean and variance (population) per channel.
  static func moments(_ x: UnsafePointer<Float>, rows: Int, channels: Int) -> (mean: [Double], variance: [Double]) {
    let grain = grain(channels)
    let (first, second) = sums(parts: (rows + grain - 1) / grain, channels: channels) { part, sums, squares in
      let start = part * grain
      // The first row is near enough to the mean to keep the digits of the variance.
      assay_channel_moments(
        x + start * channels, min(grain, rows - start), channels, x, sums, squares)
    }
    let share = rows == 0 ? 0 : 1 / Double(rows)
    let mean = (0..<channels).map { rows == 0 ? 0 : Double(x[$0]) + first[$0] * share }
    let variance = (0..<channels).map { channel -> Double in
      let difference = second[channel] * share - first[channel] * share * first[channel] * share
      // Rounding may leave less than 0; not-a-number stays.
      return difference < 0 ? 0 : difference
    }
    return (mean, variance)
  }
}
