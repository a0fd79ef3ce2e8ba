import Foundation
import Tables

/// Where the numbers of a column usually lie, so that a single one can be called high or low.
public struct UsualRange: Sendable, Hashable, Codable {
  /// The fifth percentile.
  public var lower: Double
  /// The first quartile.
  public var lowerQuartile: Double
  /// The third quartile.
  public var upperQuartile: Double
  /// The 95th percentile.
  public var upper: Double

  /// The range of known values; nil for fewer than 20 of them, or where all but a few are the same: there, high and low
  /// say nothing.
  public init?(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    guard sorted.count >= 20 else { return nil }
    let quantile = { (share: Double) in sorted[Int((share * Double(sorted.count - 1)).rounded())] }
    (lower, lowerQuartile) = (quantile(0.05), quantile(0.25))
    (upperQuartile, upper) = (quantile(0.75), quantile(0.95))
    if lower == upper { return nil }
  }

  /// The ranges of a table's numeric columns by name, from about 20,000 rows spread evenly. Columns of two
  /// values have none, nor have texts, categories and moments.
  public static func ranges(of table: Table) -> [String: UsualRange] {
    var ranges: [String: UsualRange] = [:]
    let rows = Array(stride(from: 0, to: table.rowCount, by: max(1, table.rowCount / 20_000)))
    for column in table.columns where column.kind == .integer || column.kind == .float {
      let values = column.selecting(rows: rows).numbers()
      guard let first = values.first(where: \.isFinite) else { continue }
      let others = Set(values.lazy.filter { $0.isFinite && $0 != first }.prefix(200))
      if others.count > 1, let range = UsualRange(values) { ranges[column.name] = range }
    }
    return ranges
  }

  /// Where a value lies: "unusually high, usual 0.2 to 0.4" beyond the middle 90 %, "high, usual 0.2 to 0.4" beyond the
  /// middle half, "usual 0.2 to 0.4" within it; the usual is the middle half.
  public func words(for value: Double) -> String {
    guard value.isFinite else { return "" }
    let word =
      value > upper
      ? "unusually high, "
      : value < lower
        ? "unusually low, "
        : value > upperQuartile
          ? "high, " : value < lowerQuartile ? "low, " : ""
    let usual =
      lowerQuartile == upperQuartile
      ? shownNumber(short(lowerQuartile))
      : "\(shownNumber(short(lowerQuartile))) to \(shownNumber(short(upperQuartile)))"
    return "\(word)usual \(usual)"
  }

  /// Three digits are enough to compare with.
  private func short(_ value: Double) -> Double {
    let unit = value == 0 ? 1 : pow(10, floor(log10(value.magnitude)) - 2)
    return unit >= 1 || !unit.isNormal ? value.rounded() : (value / unit).rounded() * unit
  }
}
