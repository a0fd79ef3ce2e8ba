import Foundation
import Synchronization

/// Shows the progress of training as one line on standard error that is written over and over; a line per epoch where
/// standard error is no terminal.
///
/// `trainer.fit(model, ..., progress: TerminalProgress().show)`.
public final class TerminalProgress: Sendable {
  private struct Shown {
    var width = 0
    var last: ContinuousClock.Instant?
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let shown = Mutex(Shown())

  /// A line that is not shown yet.
  public init() {}

  /// Shows a state of the run; between epochs at most ten times per second.
  @Sendable public func show(_ progress: TrainingProgress) {
    shown.withLock { shown in
      guard isTerminal else {
        if case .epoch = progress.moment { write(Self.line(progress, width: 200) + "\n") }
        return
      }
      if case .step = progress.moment, let last = shown.last, last.duration(to: .now) < .milliseconds(100) { return }
      let line = Self.line(progress, width: columns() - 1)
      write("\r" + line + String(repeating: " ", count: max(0, shown.width - line.count)))
      shown = Shown(width: line.count, last: .now)
      if case .end = progress.moment {
        write("\n")
        shown = Shown()
      }
    }
  }

  /// The line: epoch, bar, time left, losses and metrics, and the course of the loss.
  ///
  /// - Parameter width: The most characters; what stands at the end is left out where it is narrow.
  public static func line(_ progress: TrainingProgress, width: Int) -> String {
    let cells = 12
    let filled = Int((progress.share * Double(cells)).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
    var parts = [
      "epoch \(progress.epoch)/\(progress.epochs) \(bar) \(Int((progress.share * 100).rounded(.down))) %"
    ]
    if let left = progress.secondsLeft, progress.share < 1 { parts.append(time(left) + " left") }
    parts.append(values(progress.training, "training"))
    if let validation = progress.validation { parts.append(values(validation, "validation")) }
    parts.append(sparkline(progress.losses))
    var line = ""
    for part in parts where !part.isEmpty {
      let longer = line.isEmpty ? part : line + "  " + part
      if longer.count > width { break }
      line = longer
    }
    return line.isEmpty ? String((parts.first ?? "").prefix(max(width, 0))) : line
  }

  /// The loss first, then the metrics by name.
  private static func values(_ means: [String: Double], _ name: String) -> String {
    let order = means.keys.sorted { ($0 == "loss" ? 0 : 1, $0) < ($1 == "loss" ? 0 : 1, $1) }
    guard !order.isEmpty else { return "" }
    return name + " " + order.compactMap { key in means[key].map { "\(key) \(short($0))" } }.joined(separator: " ")
  }

  /// Numbers as blocks of eight heights between the least and the greatest; what is not finite is a space.
  ///
  /// - Parameters:
  ///   - numbers: Any.
  ///   - most: The most blocks, 16 unless given; neighbours are averaged where there are more.
  public static func sparkline(_ numbers: [Double], most: Int = 16) -> String {
    guard !numbers.isEmpty, most > 0 else { return "" }
    let size = (numbers.count + most - 1) / most
    let means = stride(from: 0, to: numbers.count, by: size).map { start in
      let part = numbers[start..<min(numbers.count, start + size)]
      return part.reduce(0, +) / Double(part.count)
    }
    let finite = means.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max() else { return "" }
    let blocks = Array("▁▂▃▄▅▆▇█")
    return String(
      means.map { mean in
        guard mean.isFinite else { return " " }
        let height = greatest > least ? (mean - least) / (greatest - least) : 0
        return blocks[min(7, Int(height * 8))]
      })
  }

  /// Three significant digits.
  private static func short(_ value: Double) -> String {
    value.isFinite ? String(format: "%.3g", value) : "\(value)"
  }

  private static func time(_ seconds: Double) -> String {
    if seconds < 90 { return "\(Int(seconds.rounded())) s" }
    if seconds < 5400 { return "\(Int((seconds / 60).rounded())) min" }
    return String(format: "%.1f h", seconds / 3600)
  }

  private func columns() -> Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
