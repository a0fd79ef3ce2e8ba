import Basics

/// A stretch of a unit's rows in which a channel stands far from where it stands elsewhere, entered and left at once:
/// what a change of the unit of measurement looks like, and wear does not.
public struct LevelJump: Sendable, Hashable {
  /// The channel.
  public let channel: String
  /// The unit, as a position in the sequences' `units`.
  public let unit: Int
  /// The rows of the sequences.
  public let rows: Range<Int>
  /// Whether these are all rows of the unit.
  public let isWholeUnit: Bool
  /// The median in the stretch.
  public let level: Double
  /// The median beside the stretch; for a whole unit that of all units.
  public let usual: Double

  /// The change of the unit of measurement that would bring the usual level to this one; nil for none that is known.
  public var likelyCause: String? {
    let causes: [(words: String, level: Double)] = [
      ("degrees Fahrenheit instead of Celsius", 1.8 * usual + 32),
      ("degrees Celsius instead of Fahrenheit", (usual - 32) / 1.8),
      ("kelvins instead of degrees Celsius", usual + 273.15),
      ("degrees Celsius instead of kelvins", usual - 273.15),
      ("a unit of measurement a thousand times smaller", 1_000 * usual),
      ("a unit of measurement a thousand times larger", usual / 1_000),
      ("a unit of measurement a hundred times smaller", 100 * usual),
      ("a unit of measurement a hundred times larger", usual / 100),
    ]
    // Both levels are medians of readings that vary, so they agree to a part of the distance between them.
    let near = causes.min { abs($0.level - level) < abs($1.level - level) }
    return near.flatMap { abs($0.level - level) < 0.25 * abs(level - usual) ? $0.words : nil }
  }
}

extension UnitSequences {
  /// The stretches in which a channel stands far from where it stands elsewhere: whole units, and parts of others.
  ///
  /// A whole unit is found where its median lies more than four interquartile ranges of the units' medians outside their
  /// quartiles, of ten units or more, and more than one such range of all rows outside theirs, so that a short record of one
  /// season is none; up to a quarter of the units can be found so. Part of a unit is found where five
  /// known numbers or more follow each other more than two interquartile ranges of all rows outside the quartiles, on one
  /// side, and the steps into the stretch and out of it, from row to row and between medians of five rows, are at least
  /// half the distance between its median and that of all rows: wear comes in smaller steps. A channel that is missing in
  /// most rows of a unit is looked at as a whole there, one that stands at 0 in most rows not at all.
  ///
  /// - Parameter names: The channels to look at; all unless given.
  /// - Throws: a `schema` error for a channel that is not there.
  public func levelJumps(channels names: [String]? = nil) throws -> [LevelJump] {
    try (names ?? channels).flatMap { name in
      let values = try channel(name)
      let known = units.map { unit in unit.rows.filter { !values[$0].isNaN } }
      let parts = parts(name, values, known)
      let found = Set(parts.map(\.unit))
      return wholeUnits(name, values, known).filter { !found.contains($0.unit) } + parts
    }
  }

  private func wholeUnits(_ name: String, _ values: [Float], _ known: [[Int]]) -> [LevelJump] {
    let medians = known.map { $0.isEmpty ? Float.nan : Quartiles($0.map { values[$0] }).middle }
    let present = medians.filter { !$0.isNaN }
    guard present.count >= 10 else { return [] }
    let quartiles = Quartiles(present)
    let all = Quartiles(known.joined().map { values[$0] })
    return known.indices.compactMap { position in
      let rows = known[position]
      guard let first = rows.first, let last = rows.last, quartiles.side(medians[position], ranges: 4) != 0,
        all.side(medians[position], ranges: 1) != 0
      else {
        return nil
      }
      return LevelJump(
        channel: name, unit: position, rows: first..<last + 1, isWholeUnit: true, level: Double(medians[position]),
        usual: Double(quartiles.middle))
    }
  }

  private func parts(_ name: String, _ values: [Float], _ known: [[Int]]) -> [LevelJump] {
    let present = known.joined().map { values[$0] }
    let length = 5
    guard present.count >= 4 * length else { return [] }
    let quartiles = Quartiles(present)
    var found: [LevelJump] = []
    for (position, rows) in known.enumerated() where 2 * rows.count > units[position].rows.count {
      func middle(_ range: Range<Int>) -> Float {
        Quartiles(rows[range.clamped(to: 0..<rows.count)].map { values[$0] }).middle
      }
      var first = 0
      while first < rows.count {
        let side = quartiles.side(values[rows[first]], ranges: 2)
        var end = first + 1
        while end < rows.count, quartiles.side(values[rows[end]], ranges: 2) == side { end += 1 }
        defer { first = end }
        guard side != 0, end - first >= length, end - first < rows.count else { continue }
        let inside = Quartiles(rows[first..<end].map { values[$0] })
        let distance = abs(inside.middle - quartiles.middle)
        let edges = [first, end].filter { $0 > 0 && $0 < rows.count }
        let steps = edges.flatMap { edge in
          [
            abs(values[rows[edge]] - values[rows[edge - 1]]),
            abs(middle(edge..<edge + length) - middle(edge - length..<edge)),
          ]
        }
        guard let smallest = steps.min(), smallest >= 0.5 * distance, inside.range < 0.5 * distance else { continue }
        found.append(
          LevelJump(
            channel: name, unit: position, rows: rows[first]..<rows[end - 1] + 1, isWholeUnit: false,
            level: Double(inside.middle),
            usual: Double(first > 0 ? middle(first - length..<first) : middle(end..<end + length))))
      }
    }
    return found
  }
}

/// The quartiles of numbers, at least one.
private struct Quartiles {
  let low: Float
  let middle: Float
  let high: Float

  init(_ values: [Float]) {
    let sorted = values.sorted()
    (low, middle, high) = (sorted[sorted.count / 4], sorted[sorted.count / 2], sorted[sorted.count * 3 / 4])
  }

  /// The distance between the outer quartiles.
  var range: Float { high - low }

  /// Whether a number lies above (1) or below (-1) the quartiles by more than so many of their ranges; numbers that are a
  /// hundredth apart are not. 0 where there is no usual level.
  func side(_ value: Float, ranges: Float) -> Int {
    let reach = ranges * max(range, 0.01 * abs(middle))
    guard reach > 0 else { return 0 }
    return value > high + reach ? 1 : value < low - reach ? -1 : 0
  }
}
