import Basics
import Decisions
import Evaluation
import Experiments
import Projects

/// What serving the machines before the riskiest pieces of work costs on the test, beside other ways.
struct ServiceDecision {
  /// A way to decide.
  struct Way {
    let name: String
    /// The cost of 1,000 pieces of work, with its interval.
    let cost: Estimate
    /// The pieces before which the machine is served.
    let served: Int
    /// The failures that happen all the same.
    let failures: Int
  }

  /// Whether the project says what failures and services cost; else costs mean nothing, and nothing is said of them.
  let hasCosts: Bool
  /// The cost of a failure, and of a service.
  let failure: Double
  let service: Double
  /// The probability of a failure in each piece of the test.
  let probabilities: [Double]
  /// Whether the machine failed in it, if it was not served.
  let failed: [Bool]
  /// Whether the machine is served before it.
  let isServed: [Bool]
  /// By the predictions, never, always.
  let ways: [Way]
  /// What the predictions save against the cheaper of the other two, for 1,000 pieces.
  let saving: Difference
  /// The cost of 1,000 pieces by the share of them that is served, the riskiest first.
  let curve: [(share: Double, cost: Double)]

  /// The names of what can be done.
  static let actions = (wait: "wait", serve: "service")

  /// Without costs the machine is served where a failure is more probable than none.
  private static let evenOdds = 0.5

  /// What is to be done before each piece: as the costs have it, else by the probability alone.
  static func actions(_ scores: Scores) -> [String] {
    guard scores.actions.isEmpty else { return scores.actions.map { $0 ?? actions.wait } }
    return scores.predictions.output(1).map { $0 >= evenOdds ? actions.serve : actions.wait }
  }

  /// What serving is worth, as actions: a service prevents the failure; nil where the project names no costs.
  static func value(_ project: Project) throws -> ValueSpecification? {
    guard project.givesCosts else { return nil }
    return try ValueSpecification(
      actions: [
        .init(actions.wait),
        .init(
          actions.serve, gain: ValueExpression("\(project.amounts.number("failure")) * label"),
          cost: ValueExpression("\(project.amounts.number("service"))")),
      ], first: actions.wait, currency: project.amounts.text("currency") ?? "", positive: "1", unit: "piece")
  }

  init(_ project: Project, scores: Scores, failed: [Bool], machines: [Int]?, key: RandomKey, threads: Int) {
    hasCosts = project.givesCosts
    failure = project.amounts.number("failure")
    service = project.amounts.number("service")
    let (failure, service) = (failure, service)
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
        name: "by the predictions", cost: bootstrap.mean(of: predicted, clusters: machines),
        served: served.count { $0 }, failures: failed.indices.count { failed[$0] && !served[$0] }),
      Way(name: "never serve", cost: bootstrap.mean(of: never, clusters: machines), served: 0, failures: all),
      Way(
        name: "serve before every piece", cost: bootstrap.mean(of: always, clusters: machines),
        served: failed.count, failures: 0),
    ]
    let other = ways[1].cost.value <= ways[2].cost.value ? never : always
    saving = bootstrap.difference(of: zip(other, predicted).map { $0 - $1 }, clusters: machines)
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
  var other: Way { ways[1].cost.value <= ways[2].cost.value ? ways[1] : ways[2] }

  /// The share of failures that are prevented.
  var found: Double { ways[1].failures == 0 ? .nan : 1 - Double(ways[0].failures) / Double(ways[1].failures) }

  /// The share of services before which the machine would have failed.
  var precision: Double {
    ways[0].served == 0 ? .nan : Double(ways[1].failures - ways[0].failures) / Double(ways[0].served)
  }

  /// The probability from which a service pays; without costs that from which a failure is more probable than none.
  var threshold: Double { hasCosts ? service / failure : Self.evenOdds }
}
