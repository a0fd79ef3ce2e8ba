import Basics
import Foundation

/// Series made ready to cut windows from: logarithms taken if asked for, missing values filled, `lookBack` numbers put
/// before the beginning, so that every window is whole.
struct WindowPanel: Sendable {
  /// One series.
  struct Entry: Sendable {
    /// `lookBack` numbers of padding, then the series.
    let values: [Double]
    /// Whether the numbers of the series, without the padding, were there; empty if all were.
    let observed: [Bool]
    /// What logarithms are taken of is the number plus this; nil without logarithms.
    let shift: Double?
    /// The least that a window's unit may be.
    let smallestUnit: Double

    /// The number of steps without the padding.
    let count: Int

    /// A number as it was before the logarithm.
    func restored(_ value: Double) -> Double { shift.map { exp(min(value, 700)) - $0 } ?? value }
  }

  let entries: [Entry]
  let lookBack: Int

  /// Prepares series.
  ///
  /// - Throws: `data` for infinite numbers.
  init(checking panel: [Series], lookBack: Int, request: ForecastRequest, usesLogarithm: Bool, threads: Int) throws {
    for series in panel {
      if let at = series.values.firstIndex(where: \.isInfinite) {
        throw AssayError(
          .data, "the value of step \(at + 1) is infinite", at: "series \(series.name)",
          remedy: "mark what is unknown as missing")
      }
    }
    self.init(panel, lookBack: lookBack, request: request, usesLogarithm: usesLogarithm, threads: threads)
  }

  /// Prepares series; infinite numbers count as missing.
  init(_ panel: [Series], lookBack: Int, request: ForecastRequest, usesLogarithm: Bool, threads: Int) {
    self.lookBack = lookBack
    entries = parallelEntries(panel, threads: threads) { series in
      Self.entry(series.values, lookBack: lookBack, seasons: request.seasons, usesLogarithm: usesLogarithm)
    }
  }

  private static func entry(
    _ raw: [Double], lookBack: Int, seasons: [Int], usesLogarithm: Bool
  ) -> Entry {
    // What was not yet there when a series began is no part of it.
    let first = raw.firstIndex(where: \.isFinite) ?? raw.count
    var values = Array(raw[first...])
    var observed = values.map(\.isFinite)
    var shift: Double?
    if usesLogarithm {
      let known = values.filter(\.isFinite)
      let least = known.min() ?? 1
      let size = known.reduce(0) { $0 + Swift.abs($1) } / Double(max(known.count, 1))
      let added = least > 0 ? 0 : -least + max(0.1 * size, 1e-6)
      shift = added
      values = values.map { log($0 + added) }
    }
    if observed.allSatisfy({ $0 }) {
      observed = []
    } else {
      fill(&values, season: seasons.last ?? 1)
    }
    let padding = (0..<lookBack).map { step -> Double in
      guard let start = values.first else { return 0 }
      guard let season = seasons.last(where: { $0 <= values.count }), season > 1 else { return start }
      // The position that the step has in a season which began before the series did.
      let ahead = lookBack - step
      return values[(season - ahead % season) % season]
    }
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count, 1))
    let smallest = max(0.02 * squares.squareRoot(), 1e-6 * Swift.abs(mean), 1e-9)
    return Entry(
      values: padding + values, observed: observed, shift: shift, smallestUnit: smallest, count: values.count)
  }

  /// Fills gaps: short ones along a line, long ones and the end by the season before.
  static func fill(_ values: inout [Double], season: Int) {
    var step = 0
    while step < values.count {
      guard !values[step].isFinite else {
        step += 1
        continue
      }
      let end = values[step...].firstIndex(where: \.isFinite)
      let length = (end ?? values.count) - step
      let isLong = season > 1 && (end == nil || length > season / 4)
      for at in step..<step + length {
        if isLong, at >= season {
          values[at] = values[at - season]
        } else if step > 0 {
          let before = values[step - 1]
          let after = end.map { values[$0] } ?? before
          values[at] = before + (after - before) * Double(at - step + 1) / Double(length + 1)
        } else {
          values[at] = end.map { values[$0] } ?? 0
        }
      }
      step += length
    }
  }
}
