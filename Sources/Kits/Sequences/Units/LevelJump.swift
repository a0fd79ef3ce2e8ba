import Basics

/// A stretch of a unit's rows in which a channel stands far from where it stands everywhere else, entered and left at
/// once: what a change of the unit of measurement looks like, and wear does not.
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
  /// The median of all rows.
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
    // Both levels are medians of readings that vary, so they agree to about a tenth of the distance between them.
    return causes.first { abs($0.level - level) < 0.1 * abs(level - usual) }?.words
  }
}

extension UnitSequences {
  /// The stretches in which a channel stands far from where it stands everywhere else.
  ///
  /// A stretch has at least five known numbers, or is all of a unit; all of them lie more than three interquartile
  /// ranges (of all rows) outside the quartiles, on one side. The steps into it and out of it are at least half the
  /// distance between its median and that of all rows: wear comes in smaller steps. A channel that stands at 0 in most
  /// rows has no usual level and is passed over. Up to a quarter of all rows can be found so.
  ///
  /// - Parameter names: The channels to look at; all unless given.
  /// - Throws: a `schema` error for a channel that is not there.
  public func levelJumps(channels names: [String]? = nil) throws -> [LevelJump] {
    try (names ?? channels).flatMap { name in try jumps(name, channel(name)) }
  }

  private static var leastRows: Int { 5 }

  private func jumps(_ name: String, _ values: [Float]) -> [LevelJump] {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard sorted.count >= 20 else { return [] }
    let usual = sorted[sorted.count / 2]
    let (low, high) = (sorted[sorted.count / 4], sorted[sorted.count * 3 / 4])
    // Readings that hardly vary are not far apart for a hundredth.
    let range = max(high - low, 0.01 * abs(usual))
    guard range > 0 else { return [] }
    func side(_ value: Float) -> Int { value > high + 3 * range ? 1 : value < low - 3 * range ? -1 : 0 }
    var found: [LevelJump] = []
    for (position, unit) in units.enumerated() {
      let known = unit.rows.filter { !values[$0].isNaN }
      var first = 0
      while first < known.count {
        let place = side(values[known[first]])
        var end = first + 1
        while end < known.count, side(values[known[end]]) == place { end += 1 }
        defer { first = end }
        let isWhole = first == 0 && end == known.count
        guard place != 0, isWhole || end - first >= Self.leastRows else { continue }
        let inside = known[first..<end].map { values[$0] }.sorted()
        let level = inside[inside.count / 2]
        let distance = abs(level - usual)
        let entered = first == 0 ? .infinity : abs(values[known[first]] - values[known[first - 1]])
        let left = end == known.count ? .infinity : abs(values[known[end]] - values[known[end - 1]])
        let spread = inside[inside.count * 3 / 4] - inside[inside.count / 4]
        guard min(entered, left) >= 0.5 * distance, spread < 0.5 * distance else { continue }
        found.append(
          LevelJump(
            channel: name, unit: position, rows: known[first]..<known[end - 1] + 1, isWholeUnit: isWhole,
            level: Double(level), usual: Double(usual)))
      }
    }
    return found
  }
}
