import Basics
import Decisions
import Evaluation
import Experiments
import Foundation
import Tables

/// Results as runs would give them, simulated: a binary problem with a value, a multiclass one and a regression.
enum SampleResults {
  static func run(_ identifier: String, command: String, interrupted: Bool = false) -> RunSummary {
    RunSummary(
      identifier: identifier, started: "2026-11-23T09:14:05Z", seconds: 312, version: "0.2.0", seed: 7, threads: 2,
      machine: "Intel Xeon, 2 cores, 24 GiB, Debian 12", dataHash: String(repeating: "9f3c", count: 16),
      command: command, wasInterrupted: interrupted)
  }

  static func estimate(_ value: Double, _ half: Double) -> Estimate {
    Estimate(value, lower: value - half, upper: value + half)
  }

  static func difference(_ value: Double, _ half: Double, test: String = "paired bootstrap") -> Difference {
    let verdict: Difference.Verdict = value - half > 0 ? .better : value + half < 0 ? .worse : .noDifference
    let z = 1.96 * value / half
    return Difference(
      estimate: estimate(value, half), pValue: erfc(abs(z) / 2.0.squareRoot()), effectSize: z / 6, verdict: verdict,
      test: test)
  }

  static func column(
    _ name: String, around centre: Double, spread: Double, key: RandomKey, drift: Double? = nil, missing: Int = 0
  )
    -> ColumnProfile
  {
    let positions = [-2.9, -2.33, -1.64, -0.67, 0, 0.67, 1.64, 2.33, 2.9]
    let histogram = (0..<20).map { bin -> Int in
      let z = (Double(bin) - 9.5) / 4
      return Int(4000 * exp(-z * z / 2) * (0.85 + 0.3 * key.uniform(at: UInt64(bin))))
    }
    return ColumnProfile(
      name: name, kind: .float, missing: missing, distinct: 17_402, mean: centre, deviation: spread,
      quantiles: positions.map { centre + spread * $0 }, histogram: histogram, outliers: 31, drift: drift)
  }

  static func category(_ name: String, _ levels: [(String, Int)], missing: Int = 0, drift: Double? = nil)
    -> ColumnProfile
  {
    ColumnProfile(
      name: name, kind: .category, missing: missing, distinct: levels.count,
      topValues: levels.map { .init(value: $0.0, count: $0.1) }, drift: drift)
  }

  static func effect(
    _ column: String, _ output: String, from: Double, to: Double, key: RandomKey, _ shape: (Double) -> Double
  )
    -> ExplanationSummary.Effect
  {
    let x = (0..<30).map { from + (to - from) * Double($0) / 29 }
    let mean = x.map(shape)
    let rows = (0..<30).map { row in
      let shift = (key[row].uniform(at: 0) - 0.5) * 0.3 * ((mean.max() ?? 1) - (mean.min() ?? 0))
      let tilt = 0.6 + 0.8 * key[row].uniform(at: 1)
      return mean.map { mean[15] + ($0 - mean[15]) * tilt + shift }
    }
    let density = (0..<30).map { exp(-pow((Double($0) - 11) / 7, 2)) }
    return .init(
      column: column, output: output, levels: [], mean: Curve(column, x: x, y: mean), rows: rows, density: density)
  }
}

extension SampleResults {
  /// Customers who may leave, and whom to call: the model earns more than today's rule.
  static func retention() -> ExperimentResults {
    let key = RandomKey(seed: 7)
    let problem = ProblemSummary(
      data: "customers.parquet", target: "churn", task: .classification(classes: ["stays", "leaves"]),
      metric: "log-loss",
      trainingRows: 18_240, testRows: 4560,
      columns: [
        "tenure_months", "monthly_fee", "contract", "support_calls_90d", "region", "payment_method", "last_login_days",
      ],
      excluded: ["customer_id": "identifies rows", "closed_at": "known only after the event"],
      split: "by time, the last 20 % of the rows are the test", classShares: [0.853, 0.147])
    let levels = [("monthly", 12_100), ("one year", 6700), ("two years", 4000)]
    let profile = TableProfile(
      rowCount: 22_800,
      columns: [
        column("tenure_months", around: 31, spread: 11, key: key["a"], drift: 0.03),
        column("monthly_fee", around: 64.5, spread: 18, key: key["b"], drift: 0.31),
        category("contract", levels, drift: 0.04),
        column("support_calls_90d", around: 2.2, spread: 0.7, key: key["c"], drift: 0.06, missing: 410),
        category("region", [("north", 9100), ("south", 7200), ("west", 4100), ("east", 2400)], drift: 0.02),
        category("payment_method", [("direct debit", 14_000), ("card", 6000), ("transfer", 2800)], drift: 0.12),
        column("last_login_days", around: 12, spread: 4, key: key["d"], drift: 0.08, missing: 5300),
        category("churn", [("stays", 19_448), ("leaves", 3352)], drift: 0.05),
      ], repeatedRows: 14, duplicateColumns: [])
    var results = ExperimentResults(
      run: run(
        "r-20261123-0914-5c1e",
        command:
          "assay train customers.parquet --target churn --time signed_at --value value.yaml --budget 5m --output churn"
      ),
      problem: problem, profile: profile, chosen: "ensemble of 4", explanation: explanation(key))
    var drift = GuardFinding(
      .afterwards, severity: .stop, column: "last_login_days",
      evidence: "the column is missing for 71 % of the customers who leave and 12 % of those who stay",
      remedy: "check that it is known on the day of the decision")
    drift.allowedBecause = "written every night; missing means that the customer never logged in"
    results.findings = [drift]
    results.leaderboard = leaderboard()
    results.metrics = [
      MetricSummary(name: "log-loss", value: estimate(0.2914, 0.0118), baseline: 0.4176, higherIsBetter: false),
      MetricSummary(name: "brier", value: estimate(0.0887, 0.0041), baseline: 0.1254, higherIsBetter: false),
      MetricSummary(name: "roc-auc", value: estimate(0.8612, 0.0127), baseline: 0.5, higherIsBetter: true),
      MetricSummary(name: "pr-auc", value: estimate(0.5733, 0.0302), baseline: 0.147, higherIsBetter: true),
      MetricSummary(name: "recall-at-10%", value: estimate(0.461, 0.031), baseline: 0.1, higherIsBetter: true),
      MetricSummary(
        name: "calibration-error", value: estimate(0.0121, 0.0049), baseline: 0.0043, higherIsBetter: false),
    ]
    results.reliability = reliability()
    let rates = (0...200).map { Double($0) / 200 }
    results.roc = Curve(
      "model", x: rates, y: rates.map { pow($0, 0.24) * (1 - 0.02 * (1 - $0)) },
      lower: rates.map { max(0, pow($0, 0.26) - 0.02) }, upper: rates.map { min(1, pow($0, 0.22) + 0.01) })
    results.precisionRecall = Curve(
      "model", x: rates, y: rates.map { 0.147 + 0.8 * pow(1 - $0, 0.75) * (1 - 0.15 * $0) })
    results.confusion = ConfusionSummary(
      classes: ["stays", "leaves"], counts: [[3429, 461], [182, 488]], operatingPoint: "score at least 0.23")
    results.decision = decision()
    results.segments = [
      SegmentSummary(segment: "contract = two years", count: 802, metric: estimate(0.389, 0.041), verdict: .worse),
      SegmentSummary(segment: "tenure_months ≤ 6", count: 611, metric: estimate(0.362, 0.038), verdict: .worse),
      SegmentSummary(segment: "region = east", count: 478, metric: estimate(0.311, 0.039), verdict: .noDifference),
      SegmentSummary(segment: "region = west", count: 820, metric: estimate(0.298, 0.029), verdict: .noDifference),
      SegmentSummary(
        segment: "payment_method = card", count: 1204, metric: estimate(0.284, 0.022), verdict: .noDifference),
      SegmentSummary(segment: "contract = monthly", count: 2420, metric: estimate(0.262, 0.013), verdict: .better),
    ]
    results.limits = [
      "the gain of a call was given as 90 % of the yearly fee; it was not measured",
      "customers who signed after 2026-09 are not in the data",
    ]
    return results
  }

  private static func leaderboard() -> [LeaderboardEntry] {
    func entry(
      _ name: String, _ family: String, _ settings: String, _ loss: Double, against: Double?, weight: Double = 0,
      seconds: Double
    ) -> LeaderboardEntry {
      LeaderboardEntry(
        name: name, family: family, settings: settings, validation: estimate(loss - 0.003, 0.0062),
        test: estimate(loss, 0.0118), chosenAgainstThis: against.map { difference($0, 0.0038) }, seconds: seconds,
        ensembleWeight: weight)
    }
    return [
      entry("ensemble of 4", "ensemble", "", 0.2914, against: nil, seconds: 1.2),
      entry(
        "boosting 3", "boosting", "rate 0.05, 31 leaves, 412 trees", 0.2931, against: 0.0017, weight: 0.52,
        seconds: 41),
      entry("boosting 1", "boosting", "", 0.2952, against: 0.0038001, weight: 0.21, seconds: 22),
      entry(
        "forest 1", "forest", "500 trees, at least 5 rows per leaf", 0.2998, against: 0.0084, weight: 0.17,
        seconds: 35),
      entry("linear 2", "linear", "elastic net, mixing 0.5", 0.3187, against: 0.0273, weight: 0.1, seconds: 3.4),
      entry("nearest neighbours", "neighbours", "40 neighbours", 0.3392, against: 0.0478, seconds: 5.1),
      entry("one-rule stump", "baseline", "contract", 0.3721, against: 0.0807, seconds: 0.02),
      entry("prior", "baseline", "", 0.4176, against: 0.1262, seconds: 0.001),
    ]
  }

  private static func reliability() -> ReliabilitySummary {
    let bins = [
      (0.012, 1100), (0.034, 900), (0.07, 720), (0.12, 560), (0.19, 410), (0.28, 320), (0.41, 250), (0.58, 180),
      (0.79, 120),
    ]
    .map { predicted, count in
      let seen = min(0.97, predicted * 1.04 + 0.004)
      let half = 1.96 * (seen * (1 - seen) / Double(count)).squareRoot()
      return ReliabilityBin(predicted: predicted, observed: estimate(seen, half), count: count)
    }
    return ReliabilitySummary(
      calibration: "isotonic", bins: bins, errorBefore: 0.031, errorAfter: 0.0121, level: 0.9,
      coverage: [
        Coverage(segment: "all", count: 4560, covered: estimate(0.903, 0.009), meanSize: 1.13),
        Coverage(segment: "region = north", count: 1820, covered: estimate(0.911, 0.013), meanSize: 1.11),
        Coverage(segment: "region = south", count: 1442, covered: estimate(0.902, 0.015), meanSize: 1.12),
        Coverage(segment: "region = west", count: 820, covered: estimate(0.894, 0.021), meanSize: 1.17),
        Coverage(segment: "region = east", count: 478, covered: estimate(0.861, 0.031), meanSize: 1.22),
      ])
  }

  private static func decision() -> DecisionResult {
    let shares = (0...100).map { Double($0) / 100 }
    let value = { (share: Double) in 13.6 * (1 - exp(-share * 9)) - 10.9 * share }
    let spread = { (share: Double) in 0.35 + 1.5 * min(1, share * 3) }
    let name = "today's rule: call monthly contracts"
    func policy(_ name: String, _ perRow: Double, _ half: Double, called: Int, _ advantage: Difference?)
      -> DecisionResult.Policy
    {
      DecisionResult.Policy(
        name: name, total: estimate(perRow * 4560, half * 4560), perRow: estimate(perRow, half),
        actionCounts: ["leave alone": 4560 - called, "call": called], modelAdvantage: advantage)
    }
    return DecisionResult(
      currency: "EUR", actions: ["leave alone", "call"],
      rule: "call a customer whose score is at least 0.23 (at most 100 a day)", threshold: 0.23,
      capacity: "100 per day",
      policies: [
        policy("model", 9.23, 1.62, called: 949, nil),
        policy("do nothing", 0, 0, called: 0, difference(9.23, 1.62)),
        policy("call everybody", 2.7, 2.1, called: 4560, difference(6.53, 1.44)),
        policy(name, 5.81, 1.7, called: 2420, difference(3.42, 1.21)),
      ],
      valueCurve: Curve(
        "model", x: shares, y: shares.map(value), lower: shares.map { value($0) - spread($0) },
        upper: shares.map { value($0) + spread($0) }),
      marginalValue: Curve("model", x: shares, y: shares.map { 122.4 * exp(-$0 * 9) - 10.9 }), shareActedOn: 0.208,
      perfectPerRow: 17.4)
  }

  private static func explanation(_ key: RandomKey) -> ExplanationSummary {
    var explanation = ExplanationSummary()
    explanation.importance = [
      ("contract", 0.0712, 0.0062), ("tenure_months", 0.0455, 0.0051), ("support_calls_90d", 0.0281, 0.0044),
      ("last_login_days", 0.0164, 0.0036), ("monthly_fee", 0.0122, 0.0031), ("payment_method", 0.0031, 0.0017),
      ("region", 0.0002, 0.0009),
    ].map { .init(column: $0.0, loss: estimate($0.1, $0.2)) }
    explanation.effects = [
      .init(
        column: "contract", output: "leaves", levels: ["monthly", "one year", "two years"],
        mean: Curve(
          "contract", x: [0, 1, 2], y: [0.214, 0.103, 0.047], lower: [0.202, 0.092, 0.04],
          upper: [0.226, 0.114, 0.054]),
        rows: [], density: [0.53, 0.29, 0.18]),
      effect("tenure_months", "leaves", from: 0, to: 72, key: key["x"]) { 0.05 + 0.33 * exp(-$0 / 14) },
      effect("support_calls_90d", "leaves", from: 0, to: 9, key: key["y"]) {
        0.09 + 0.3 / (1 + exp(-($0 - 4.5) * 1.3))
      },
      effect("monthly_fee", "leaves", from: 19, to: 119, key: key["z"]) { 0.11 + 0.0009 * ($0 - 19) },
    ]
    explanation.examples = [
      .init(
        row: 1203, prediction: "leaves 0.83", observed: "leaves",
        reason:
          "High because contract is monthly (+0.31), support_calls_90d is 7 (+0.24) and tenure_months is 3 (+0.12)."),
      .init(
        row: 88, prediction: "leaves 0.24", observed: "stays",
        reason: "Middling: contract is monthly (+0.18), but tenure_months is 41 (−0.11)."),
      .init(
        row: 2977, prediction: "leaves 0.01", observed: "stays",
        reason: "Low because contract is two years (−0.09) and last_login_days is 1 (−0.04)."),
    ]
    return explanation
  }
}
