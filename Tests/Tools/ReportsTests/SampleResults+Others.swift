import Basics
import Evaluation
import Experiments
import Foundation
import Tables

extension SampleResults {
  /// Tickets sorted into six queues, without a value; the run was interrupted.
  static func tickets() -> ExperimentResults {
    let key = RandomKey(seed: 11)
    let classes = ["billing", "delivery", "login", "returns", "technical fault", "other"]
    let shares = [0.27, 0.22, 0.18, 0.14, 0.12, 0.07]
    let problem = ProblemSummary(
      data: "tickets-*.csv", target: "queue", task: .classification(classes: classes), metric: "log-loss",
      trainingRows: 6400, testRows: 1600, columns: ["subject", "channel", "product", "hour", "customer_age_days"],
      excluded: ["ticket_id": "identifies rows"], split: "stratified at random, 20 % are the test", classShares: shares)
    let profile = TableProfile(
      rowCount: 8000,
      columns: [
        ColumnProfile(name: "subject", kind: .text, missing: 12, distinct: 7411),
        category("channel", [("mail", 4100), ("chat", 2700), ("phone", 1200)]),
        category("product", (1...10).map { ("product \($0)", 900 - 80 * $0) }),
        column("hour", around: 13, spread: 3.4, key: key["a"]),
        column("customer_age_days", around: 640, spread: 180, key: key["b"], missing: 1900),
        category("queue", zip(classes, shares).map { ($0, Int($1 * 8000)) }),
      ], repeatedRows: 0, duplicateColumns: [["hour", "created_hour"]])
    var results = ExperimentResults(
      run: run(
        "r-20261123-1002-77aa", command: "assay train 'tickets-*.csv' --target queue --budget 2m", interrupted: true),
      problem: problem, profile: profile, chosen: "boosting 2", explanation: ExplanationSummary())
    results.findings = [
      GuardFinding(
        .duplicates, severity: .warning, evidence: "38 test rows (2.4 %) are alike in all features to training rows",
        remedy: "split by customer with --entity, if tickets repeat")
    ]
    results.leaderboard = [
      LeaderboardEntry(
        name: "boosting 2", family: "boosting", settings: "63 leaves, rate 0.08", validation: estimate(0.712, 0.02),
        test: estimate(0.7231, 0.031), chosenAgainstThis: nil, seconds: 64, ensembleWeight: 0),
      LeaderboardEntry(
        name: "linear 1", family: "linear", settings: "TF-IDF of subject, L2", validation: estimate(0.721, 0.02),
        test: estimate(0.7301, 0.031), chosenAgainstThis: difference(0.007, 0.012), seconds: 9.2, ensembleWeight: 0),
      LeaderboardEntry(
        name: "prior", family: "baseline", settings: "", validation: estimate(1.71, 0.01), test: estimate(1.708, 0.014),
        chosenAgainstThis: difference(0.985, 0.04), seconds: 0, ensembleWeight: 0),
    ]
    results.metrics = [
      MetricSummary(name: "log-loss", value: estimate(0.7231, 0.031), baseline: 1.708, higherIsBetter: false),
      MetricSummary(name: "accuracy", value: estimate(0.761, 0.021), baseline: 0.27, higherIsBetter: true),
      MetricSummary(name: "balanced-accuracy", value: estimate(0.722, 0.024), baseline: 0.1667, higherIsBetter: true),
      MetricSummary(name: "f1", value: estimate(0.731, 0.023), baseline: 0.07, higherIsBetter: true),
    ]
    let counts = shares.indices.map { truth -> [Int] in
      let rows = 1600 * shares[truth]
      return shares.indices.map { predicted in
        let share = truth == predicted ? 0.82 - 0.05 * Double(truth) : (0.18 + 0.05 * Double(truth)) / 5
        return Int(rows * share * (0.7 + 0.6 * key[truth].uniform(at: UInt64(predicted))))
      }
    }
    results.confusion = ConfusionSummary(classes: classes, counts: counts, operatingPoint: "the most probable class")
    results.reliability = ReliabilitySummary(
      calibration: "none",
      bins: [0.35, 0.5, 0.65, 0.8, 0.95].map {
        ReliabilityBin(predicted: $0, observed: estimate($0 - 0.03, 0.05), count: 320)
      },
      errorBefore: 0.028, errorAfter: 0.028, level: 0.9,
      coverage: [
        Coverage(segment: "all", count: 1600, covered: estimate(0.871, 0.016), meanSize: 1.71),
        Coverage(segment: "channel = phone", count: 240, covered: estimate(0.83, 0.045), meanSize: 2.1),
      ])
    results.explanation.importance = [
      ("subject", 0.62, 0.03), ("product", 0.11, 0.02), ("channel", 0.04, 0.012), ("hour", 0.001, 0.004),
    ]
    .map { .init(column: $0.0, loss: estimate($0.1, $0.2)) }
    results.explanation.effects = [
      effect("customer_age_days", "login", from: 0, to: 1200, key: key["e"]) { 0.12 + 0.2 * exp(-$0 / 200) }
    ]
    results.segments = [
      SegmentSummary(segment: "channel = phone", count: 240, metric: estimate(0.94, 0.09), verdict: .worse),
      SegmentSummary(segment: "product = product 9", count: 96, metric: estimate(0.81, 0.15), verdict: .noDifference),
    ]
    results.limits = ["subjects in other languages than English are rare"]
    return results
  }

  /// Prices of flats, a number to predict, from a small table.
  static func flats() -> ExperimentResults {
    let key = RandomKey(seed: 3)
    var stream = key["rows"].stream()
    let observed = (0..<170).map { _ in exp(12.2 + 0.42 * stream.normal()) }
    let predicted = observed.map { $0 * exp(0.14 * stream.normal()) }
    let problem = ProblemSummary(
      data: "flats.csv", target: "price", task: .regression, metric: "rmse", trainingRows: 680, testRows: 170,
      columns: ["area_m2", "rooms", "district", "built", "floor", "has_lift"], excluded: [:],
      split: "at random, 20 % are the test", classShares: [])
    var results = ExperimentResults(
      run: run("r-20261123-1130-0b2f", command: "assay train flats.csv --target price --seed 7"), problem: problem,
      profile: TableProfile(
        rowCount: 850,
        columns: [
          column("area_m2", around: 71, spread: 22, key: key["a"]),
          column("rooms", around: 3, spread: 0.9, key: key["b"]),
          category("district", [("Altstadt", 220), ("Hafen", 190), ("Nordend", 140)]),
          ColumnProfile(
            name: "sold_at", kind: .dateTime, missing: 0, distinct: 512, mean: 1.7e9, deviation: 2e7,
            quantiles: [1.64e9, 1.645e9, 1.65e9, 1.67e9, 1.7e9, 1.73e9, 1.75e9, 1.76e9, 1.765e9]),
          ColumnProfile(
            name: "country", kind: .category, missing: 0, distinct: 1, topValues: [.init(value: "DE", count: 850)]),
          column("price", around: 214_000, spread: 61_000, key: key["c"]),
        ], repeatedRows: 3, duplicateColumns: []), chosen: "linear 1", explanation: ExplanationSummary())
    results.leaderboard = [
      LeaderboardEntry(
        name: "linear 1", family: "linear", settings: "elastic net", validation: estimate(33_900, 2900),
        test: estimate(34_800, 5200), chosenAgainstThis: nil, seconds: 0.8, ensembleWeight: 0),
      LeaderboardEntry(
        name: "boosting 1", family: "boosting", settings: "", validation: estimate(34_100, 3000),
        test: estimate(34_300, 5300),
        chosenAgainstThis: difference(-500, 2100), seconds: 4, ensembleWeight: 0),
      LeaderboardEntry(
        name: "mean", family: "baseline", settings: "", validation: estimate(94_000, 5000),
        test: estimate(96_500, 9800),
        chosenAgainstThis: difference(61_700, 8000), seconds: 0, ensembleWeight: 0),
    ]
    results.metrics = [
      MetricSummary(name: "rmse", value: estimate(34_800, 5200), baseline: 96_500, higherIsBetter: false),
      MetricSummary(name: "mae", value: estimate(24_320, 2950), baseline: 71_200, higherIsBetter: false),
      MetricSummary(name: "mape", value: estimate(0.109, 0.012), baseline: 0.37, higherIsBetter: false),
      MetricSummary(name: "r2", value: estimate(0.869, 0.041), baseline: -0.004, higherIsBetter: true),
    ]
    results.fit = FitSummary(
      predicted: predicted, observed: observed, lower: predicted.map { $0 * 0.8 }, upper: predicted.map { $0 * 1.25 })
    results.reliability = ReliabilitySummary(
      calibration: "none", bins: [], errorBefore: nil, errorAfter: nil, level: 0.9,
      coverage: [
        Coverage(segment: "all", count: 170, covered: estimate(0.912, 0.044), meanSize: 112_000),
        Coverage(segment: "district = Hafen", count: 38, covered: estimate(0.89, 0.1), meanSize: 118_000),
      ])
    results.explanation.importance = [
      ("area_m2", 51_000, 4800), ("district", 22_400, 3100), ("built", 6100, 1900), ("floor", 300, 700),
    ]
    .map { .init(column: $0.0, loss: estimate($0.1, $0.2)) }
    results.explanation.effects = [
      effect("area_m2", "", from: 25, to: 160, key: key["e"]) { 40_000 + 2450 * $0 },
      effect("built", "", from: 1890, to: 2024, key: key["f"]) { 190_000 + pow(($0 - 1950) / 12, 2) * 900 },
    ]
    return results
  }
}
