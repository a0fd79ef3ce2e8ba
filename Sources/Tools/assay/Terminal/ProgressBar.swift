import Foundation
import Synchronization

/// A bar on standard error with the time left; plain lines where standard error is no terminal.
struct ProgressBar {
  private let terminal = TerminalSettings(STDERR_FILENO)
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isQuiet: Bool
  private let start = Date()
  private var lastWidth = 0

  init(isQuiet: Bool = false) { self.isQuiet = isQuiet }

  /// Shows a step of the work.
  ///
  /// - Parameters:
  ///   - share: the part done, 0 to 1; nil where it is not known.
  ///   - text: what was just done.
  mutating func show(share: Double?, text: String) {
    guard !isQuiet else { return }
    guard isTerminal else {
      standardError(share.map { "[\(percent($0))] " + text } ?? text)
      return
    }
    var line = text
    if let share {
      let cells = 24
      let filled = Int((share * Double(cells)).rounded())
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
      line = "\(bar) \(percent(share))  \(timeLeft(share))  \(text)"
    }
    line = String(line.prefix((terminal.columns ?? 80) - 1))
    let padding = String(repeating: " ", count: max(0, lastWidth - line.count))
    FileHandle.standardError.write(Data(("\r" + line + padding).utf8))
    lastWidth = line.count
  }

  /// Ends the bar's line.
  mutating func finish() {
    if isTerminal && lastWidth > 0 { FileHandle.standardError.write(Data("\n".utf8)) }
    lastWidth = 0
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  private func timeLeft(_ share: Double) -> String {
    guard share > 0.01 else { return "" }
    let left = Date().timeIntervalSince(start) * (1 - share) / share
    return left < 90 ? "\(Int(left.rounded())) s left" : "\(Int((left / 60).rounded())) min left"
  }
}

/// A progress bar that several threads may tell of their work.
final class SharedProgress: Sendable {
  private let bar = Mutex(ProgressBar())

  func show(_ share: Double?, _ text: String) { bar.withLock { $0.show(share: share, text: text) } }

  func finish() { bar.withLock { $0.finish() } }
}
