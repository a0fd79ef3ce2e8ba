/// Whether probabilities are right on the whole: as many events as they add up to.
///
/// Calibration in the large is the first thing to ask of probabilities, and the first to go when the share of events
/// moves (Van Calster et al. 2019, "Calibration: the Achilles heel of predictive analytics").
public struct CalibrationInTheLarge: Sendable, Hashable, Codable {
  /// The events that the probabilities add up to.
  public var expected: Double
  /// The range that holds the number of events if the probabilities are right.
  public var lower: Double
  /// The upper end of the range.
  public var upper: Double
  /// The events that were seen.
  public var observed: Double
  /// The rows.
  public var rows: Int
  /// The two-sided probability of a number of events at least as far from the expected one, if the probabilities are
  /// right.
  public var pValue: Double

  /// Compares the events seen with those that probabilities add up to.
  ///
  /// The number of events is a sum of independent draws with unequal probabilities; its distribution is taken as normal
  /// with half an event of correction for continuity. A bin's rows count as if each had the bin's mean probability,
  /// which makes the range a little too wide.
  ///
  /// - Parameters:
  ///   - bins: bins that hold every row once, as `reliabilityBins` makes them.
  ///   - level: the level of the range, between 0 and 1.
  /// - Returns: nil where there are no rows, or bins without numbers.
  public init?(bins: [ReliabilityBin], level: Double = 0.95) {
    let filled = bins.filter { $0.count > 0 }
    guard !filled.isEmpty, filled.allSatisfy({ (0...1).contains($0.predicted) && $0.observed.value.isFinite }) else {
      return nil
    }
    var (expected, variance, observed) = (0.0, 0.0, 0.0)
    for bin in filled {
      let count = Double(bin.count)
      expected += count * bin.predicted
      variance += count * bin.predicted * (1 - bin.predicted)
      observed += (count * bin.observed.value).rounded()
    }
    self.expected = expected
    self.observed = observed
    rows = filled.reduce(0) { $0 + $1.count }
    let deviation = variance.squareRoot()
    let reach = normalQuantile(0.5 + level / 2) * deviation + 0.5
    lower = max(0, expected - reach)
    upper = min(Double(rows), expected + reach)
    let distance = max(0, abs(observed - expected) - 0.5)
    pValue = deviation > 0 ? min(1, 2 * normalProbability(below: -distance / deviation)) : distance > 0 ? 0 : 1
  }
}
