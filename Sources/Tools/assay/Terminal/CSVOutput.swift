import Tables

/// A table as CSV lines on standard output.
enum CSVOutput {
  /// Writes rows, and a header before them if asked for.
  static func write(_ table: Table, header: Bool) {
    var lines = header ? table.names.map(quoted).joined(separator: ",") + "\n" : ""
    for row in 0..<table.rowCount {
      lines += table.columns.map { $0.text(at: row).map(quoted) ?? "" }.joined(separator: ",") + "\n"
      if lines.utf8.count > 1 << 16 || row == table.rowCount - 1 {
        standardOutput(lines, end: "")
        lines = ""
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 32 }
    return needsQuotes ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }
}
