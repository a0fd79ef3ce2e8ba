/// A measured number with its interval, where one is known.
public struct Estimate: Sendable, Hashable {
  /// The number measured.
  public var value: Double
  /// The lower end of the interval; NaN where none is known.
  public var lower: Double
  /// The upper end of the interval; NaN where none is known.
  public var upper: Double

  /// Creates an estimate.
  public init(_ value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }

  /// Creates a number of which no interval is known.
  public init(_ value: Double) { self.init(value, lower: .nan, upper: .nan) }

  /// Whether there is an interval: two ends that are numbers, and not the same one.
  public var hasInterval: Bool { lower.isFinite && upper.isFinite && lower < upper }
}

extension Estimate: Codable {
  private enum CodingKeys: CodingKey {
    case value, lower, upper
  }

  /// Reads an estimate; ends that are absent or null are not known.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try fields.decode(Double.self, forKey: .value),
      lower: try fields.decodeIfPresent(Double.self, forKey: .lower) ?? .nan,
      upper: try fields.decodeIfPresent(Double.self, forKey: .upper) ?? .nan)
  }

  /// Writes an estimate; ends that are not known are left out, since a reader might take them for an interval.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(value, forKey: .value)
    if !lower.isNaN { try fields.encode(lower, forKey: .lower) }
    if !upper.isNaN { try fields.encode(upper, forKey: .upper) }
  }
}

/// The outcome of a paired comparison of two models on the same rows or folds.
public struct Difference: Sendable, Hashable, Codable {
  /// What the comparison says.
  public enum Verdict: String, Sendable, Hashable, Codable {
    case better
    case worse
    case noDifference = "no difference"
  }

  /// The first minus the second, in units of the metric, turned so that positive means the first is better.
  public var estimate: Estimate
  /// The probability of a difference at least this large if there were none.
  public var pValue: Double
  /// The mean difference over its standard deviation.
  public var effectSize: Double
  /// The words for it at the level of the interval.
  public var verdict: Verdict
  /// The name of the test: "paired bootstrap", "corrected resampled t".
  public var test: String

  /// Creates an outcome.
  public init(estimate: Estimate, pValue: Double, effectSize: Double, verdict: Verdict, test: String) {
    self.estimate = estimate
    self.pValue = pValue
    self.effectSize = effectSize
    self.verdict = verdict
    self.test = test
  }
}

/// A line through points, for example a ROC curve.
public struct Curve: Sendable, Hashable, Codable {
  /// The name of the line.
  public var name: String
  /// The horizontal positions.
  public var x: [Double]
  /// The vertical positions, one per `x`.
  public var y: [Double]
  /// The lower ends of an interval, or empty.
  public var lower: [Double]
  /// The upper ends of an interval, or empty.
  public var upper: [Double]

  /// Creates a line.
  public init(_ name: String, x: [Double], y: [Double], lower: [Double] = [], upper: [Double] = []) {
    self.name = name
    self.x = x
    self.y = y
    self.lower = lower
    self.upper = upper
  }
}

/// Predicted against observed frequency in one range of predicted probability.
public struct ReliabilityBin: Sendable, Hashable, Codable {
  /// The mean predicted probability.
  public var predicted: Double
  /// The observed frequency with a Wilson interval.
  public var observed: Estimate
  /// The rows in the range.
  public var count: Int

  /// Creates a bin.
  public init(predicted: Double, observed: Estimate, count: Int) {
    self.predicted = predicted
    self.observed = observed
    self.count = count
  }
}

/// How often prediction sets or intervals held the truth.
public struct Coverage: Sendable, Hashable, Codable {
  /// Which rows: "all", or "region = north".
  public var segment: String
  /// The rows.
  public var count: Int
  /// The share covered with a Wilson interval.
  public var covered: Estimate
  /// The mean size of the sets, or the mean width of the intervals.
  public var meanSize: Double

  /// Creates a measurement.
  public init(segment: String, count: Int, covered: Estimate, meanSize: Double) {
    self.segment = segment
    self.count = count
    self.covered = covered
    self.meanSize = meanSize
  }
}
