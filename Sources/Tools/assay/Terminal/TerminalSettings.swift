import Foundation

/// What a terminal can show: its width, and whether it takes colours.
struct TerminalSettings {
  /// The columns; nil where the descriptor is no terminal, or does not say.
  let columns: Int?
  /// Whether escape sequences are welcome: only on a terminal, and not where `NO_COLOR` is set or `TERM` is "dumb".
  let usesColors: Bool

  /// The settings of standard output or standard error.
  init(_ descriptor: Int32) {
    var size = winsize()
    let isTerminal = isatty(descriptor) == 1
    let known = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
    columns = known ? Int(size.ws_col) : nil
    let environment = ProcessInfo.processInfo.environment
    usesColors = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }

  /// Standard output.
  static let output = TerminalSettings(STDOUT_FILENO)

  /// The columns of texts on standard output; where that is no terminal, a width that reads well in a file.
  var textWidth: Int { min(columns ?? 100, 120) }
}
