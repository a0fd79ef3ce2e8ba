import Basics
import Decisions
import Evaluation
import Experiments

/// What serving units before the riskiest pieces of work costs on the test, beside other ways.
public struct ServiceDecision {
  /// When units are served.
  public enum Rule: Sendable, Hashable {
    /// Where the predictions ask for it.
    case predictions
    /// Never.
    case never
    /// Before every piece of work.
    case always
  }

  /// A way to decide.
  public struct Way: Sendable {
    /// When units are served.
    public let rule: Rule
    /// The cost of 1,000 pieces of work, with its interval.
    public let cost: Estimate
    /// The pieces before which the unit is served.
    public let served: Int
    /// The failures that happen all the same.
    public let failures: Int
  }

  /// Whether it is known what failures and services cost; else costs mean nothing, and nothing is said of them.
  public let hasCosts: Bool
  /// The cost of a failure.
  public let failure: Double
  /// The cost of a service.
  public let service: Double
  /// The probability of a failure in each piece of the test.
  public let probabilities: [Double]
  /// Whether the unit failed in it, if it was not served.
  public let failed: [Bool]
  /// Whether the unit is served before it.
  public let isServed: [Bool]
  /// By the predictions, never, always.
  public let ways: [Way]
  /// What the predictions save against the cheaper of the other two, for 1,000 pieces.
  public let saving: Difference
  /// The cost of 1,000 pieces by the share of them that is served, the riskiest first.
  public let curve: [(share: Double, cost: Double)]

  /// The names of what can be done.
  public static let actions = (wait: "wait", serve: "service")

  /// Without costs the unit is served where a failure is more probable than none.
  private static let evenOdds = 0.5

  /// What is to be done before each piece: as the costs have it, else by the probability alone.
  public static func actions(_ scores: Scores) -> [String] {
    guard scores.actions.isEmpty else { return scores.actions.map { $0 ?? actions.wait } }
    return scores.predictions.output(1).map { $0 >= evenOdds ? actions.serve : actions.wait }
  }

  /// What serving is worth, as actions: a service prevents the failure.
  ///
  /// - Parameters:
  ///   - failure: The cost of a failure.
  ///   - service: The cost of a service.
  ///   - currency: The currency of both.
  ///   - unit: What a row is: "piece".
  /// - Throws: a `configuration` error where a cost is no number that a formula can hold.
  public static func value(
    failure: Double, service: Double, currency: String, unit: String
  ) throws -> ValueSpecification {
    try ValueSpecification(
      actions: [
        .init(actions.wait),
        .init(
          actions.serve, gain: ValueExpression("\(failure) * label"),
          cost: ValueExpression("\(service)")),
      ], first: actions.wait, currency: currency, positive: "1", unit: unit)
  }

  /// Measures ways to decide on the test.
  ///
  /// - Parameters:
  ///   - scores: What the model says of each piece of the test.
  ///   - failed: For each piece whether the unit failed in it.
  ///   - units: The unit of each piece, where intervals draw units; nil where they draw pieces.
  ///   - failure: The cost of a failure.
  ///   - service: The cost of a service.
  ///   - hasCosts: Whether these costs are known; else the probability alone decides, and costs mean nothing.
  ///   - key: Of what is drawn for intervals.
  ///   - threads: The threads to use; the result does not depend on their number.
  public init(
    scores: Scores, failed: [Bool], units: [Int]?, failure: Double, service: Double, hasCosts: Bool, key: RandomKey,
    threads: Int
  ) {
    self.hasCosts = hasCosts
    self.failure = failure
    self.service = service
    self.failed = failed
    let served = Self.actions(scores).map { $0 == Self.actions.serve }
    isServed = served
    probabilities = scores.predictions.output(1)
    let bootstrap = Bootstrap(key: key, threads: threads)
    func costs(_ isServed: (Int) -> Bool) -> [Double] {
      failed.indices.map { 1_000 * (isServed($0) ? service : failed[$0] ? failure : 0) }
    }
    let all = failed.count { $0 }
    let (predicted, never, always) = (costs { served[$0] }, costs { _ in false }, costs { _ in true })
    ways = [
      Way(
        rule: .predictions, cost: bootstrap.mean(of: predicted, clusters: units),
        served: served.count { $0 }, failures: failed.indices.count { failed[$0] && !served[$0] }),
      Way(rule: .never, cost: bootstrap.mean(of: never, clusters: units), served: 0, failures: all),
      Way(
        rule: .always, cost: bootstrap.mean(of: always, clusters: units),
        served: failed.count, failures: 0),
    ]
    let other = ways[1].cost.value <= ways[2].cost.value ? never : always
    saving = bootstrap.difference(of: zip(other, predicted).map { $0 - $1 }, clusters: units)
    curve = Self.curve(probabilities, failed, failure: failure, service: service)
  }

  /// At most 200 points, closer where few are served.
  private static func curve(
    _ probabilities: [Double], _ failed: [Bool], failure: Double, service: Double
  ) -> [(share: Double, cost: Double)] {
    let order = probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
    let rows = Double(order.count)
    var (points, left) = ([(share: Double, cost: Double)](), Double(failed.count { $0 }))
    var next = 0.0
    for served in 0...order.count {
      if served > 0, failed[order[served - 1]] { left -= 1 }
      if Double(served) >= next || served == order.count {
        points.append((Double(served) / rows, 1_000 * (left * failure + Double(served) * service) / rows))
        next = Double(served) + max(1, 0.0005 * rows, 0.04 * Double(served))
      }
    }
    return points
  }

  /// The cheaper way of the two that need no predictions.
  public var other: Way { ways[1].cost.value <= ways[2].cost.value ? ways[1] : ways[2] }

  /// The share of failures that are prevented.
  public var found: Double { ways[1].failures == 0 ? .nan : 1 - Double(ways[0].failures) / Double(ways[1].failures) }

  /// The share of services before which the unit would have failed.
  public var precision: Double {
    ways[0].served == 0 ? .nan : Double(ways[1].failures - ways[0].failures) / Double(ways[0].served)
  }

  /// The probability from which a service pays; without costs that from which a failure is more probable than none.
  public var threshold: Double { hasCosts ? service / failure : Self.evenOdds }
}
