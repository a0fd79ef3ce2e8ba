/// How the life left of units is learned.
public struct LifeSettings: Sendable, Hashable {
  /// The channels that say how units are operated.
  public var conditions: [String]
  /// How far remaining life is told: units farther from their end look alike.
  public var longestLife: Double
  /// The rows of the past that are looked at.
  public var window: Int
  /// The time within which failures are foretold.
  public var horizon: Double
  /// The probability that intervals promise, 0 to 1.
  public var level: Double
  /// Whether networks are tried.
  public var networks: Bool

  /// Creates settings; times are in the unit of the sequences' times.
  public init(
    conditions: [String], longestLife: Double, window: Int, horizon: Double, level: Double, networks: Bool = true
  ) {
    self.conditions = conditions
    self.longestLife = longestLife
    self.window = window
    self.horizon = horizon
    self.level = level
    self.networks = networks
  }
}
