import Basics

/// A health index that was learned.
public struct HealthIndexModel: Sendable, Hashable, Codable {
  /// The channels, in the order of the coefficients.
  public let channels: [String]
  /// What one unit of each channel adds before scaling; below 0 where a rise of the channel means wear.
  public let direction: [Double]
  private let means: [Double]
  private let new: Double
  private let old: Double
  private let smoothing: Double
  private let isMonotone: Bool
  private let trendLength: Int

  init(
    channels: [String], direction: [Double], means: [Double], new: Double, old: Double, smoothing: Double,
    isMonotone: Bool, trendLength: Int
  ) {
    self.channels = channels
    self.direction = direction
    self.means = means
    self.new = new
    self.old = old
    self.smoothing = smoothing
    self.isMonotone = isMonotone
    self.trendLength = trendLength
  }

  /// Health by row.
  public struct Values: Sendable, Hashable {
    /// 1 new ... 0 failed.
    public let health: [Double]
    /// The change of health per step, by a straight line through the last rows; 0 at a unit's first row.
    public let trend: [Double]
  }

  /// The health of every row, from what was known at it.
  ///
  /// - Parameter units: Prepared as the training units were; other channels are ignored.
  /// - Throws: a `schema` error for a channel that is not there, a `data` error for missing numbers.
  public func values(of units: UnitSequences) throws -> Values {
    let chosen = units.with(channels: channels, values: try channels.map { try units.channel($0) })
    try HealthIndex.check(chosen)
    let raw = Self.project(chosen, direction, means)
    var health = [Double](repeating: 0, count: raw.count)
    var trend = health
    for unit in units.units {
      var smooth = 0.0
      var falling = FallingCurve()
      for row in unit.rows {
        let scaled = min(max((raw[row] - old) / (new - old), 0), 1)
        smooth = row == unit.rows.lowerBound ? scaled : smooth + smoothing * (scaled - smooth)
        health[row] = isMonotone ? falling.add(smooth) : smooth
        trend[row] = Self.slope(health[max(unit.rows.lowerBound, row - trendLength + 1)...row])
      }
    }
    return Values(health: health, trend: trend)
  }

  /// The sequences with the projection as one more channel: 1 new, 0 failed, neither smoothed nor cut off.
  ///
  /// Putting channels together takes away noise that methods which look at one channel at a time, such as trees, cannot
  /// see through; its window statistics are strong features.
  ///
  /// - Parameters:
  ///   - units: Prepared as the training units were.
  ///   - name: The new channel's name; "health" unless given.
  /// - Throws: a `schema` error for a channel that is not there, a `data` error for missing numbers.
  public func appended(to units: UnitSequences, as name: String = "health") throws -> UnitSequences {
    let chosen = units.with(channels: channels, values: try channels.map { try units.channel($0) })
    try HealthIndex.check(chosen)
    let values = Self.project(chosen, direction, means).map { Float(($0 - old) / (new - old)) }
    return units.with(channels: units.channels + [name], values: units.values + [values])
  }

  /// What each channel adds to the health of each row, before it is smoothed and cut off: where a channel stands as far
  /// from its mean over training rows as its coefficient weighs it. One list per channel, in the order of `channels`;
  /// their sum is the appended channel less a constant.
  ///
  /// - Parameter units: Prepared as the training units were.
  /// - Throws: a `schema` error for a channel that is not there.
  public func parts(of units: UnitSequences) throws -> [[Double]] {
    try channels.enumerated().map { place, name in
      try units.channel(name).map { direction[place] * (Double($0) - means[place]) / (new - old) }
    }
  }

  static func project(_ units: UnitSequences, _ direction: [Double], _ means: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: units.rowCount)
    for (channel, values) in units.values.enumerated() {
      for row in result.indices { result[row] += direction[channel] * (Double(values[row]) - means[channel]) }
    }
    return result
  }

  private static func slope(_ values: ArraySlice<Double>) -> Double {
    let count = Double(values.count)
    guard count > 1 else { return 0 }
    let middle = (count - 1) / 2
    var product = 0.0
    for (step, value) in values.enumerated() { product += (Double(step) - middle) * value }
    return product / (count * (count * count - 1) / 12)
  }
}

/// The falling curve closest to numbers that come one by one: pool adjacent violators (Ayer and others 1955), of which
/// each number changes only the last blocks.
private struct FallingCurve {
  private var blocks: [(sum: Double, count: Double)] = []

  /// Takes a number; gives where the curve ends.
  mutating func add(_ value: Double) -> Double {
    var block = (sum: value, count: 1.0)
    while let last = blocks.last, last.sum / last.count <= block.sum / block.count {
      block = (block.sum + last.sum, block.count + last.count)
      blocks.removeLast()
    }
    blocks.append(block)
    return block.sum / block.count
  }
}
