import Decisions
import Evaluation
import Experiments
import Tables

extension SampleResults {
  /// The results with a name from outside in every place where one can stand.
  static func renamed(_ results: ExperimentResults, to name: String) -> ExperimentResults {
    var results = results
    results.run.identifier = name
    results.run.command = name
    results.run.machine = name
    results.problem.data = name
    results.problem.target = name
    results.problem.metric = name
    results.problem.split = name
    results.problem.columns = [name, name]
    results.problem.excluded = [name: name]
    if case .classification(let classes) = results.problem.task {
      results.problem.task = .classification(classes: classes.map { _ in name })
    }
    results.limits = [name]
    results.chosen = name
    for i in results.profile.columns.indices {
      results.profile.columns[i].name = name
      for j in results.profile.columns[i].topValues.indices { results.profile.columns[i].topValues[j].value = name }
    }
    results.profile.duplicateColumns = [[name, name]]
    for i in results.leaderboard.indices {
      results.leaderboard[i].name = name
      results.leaderboard[i].settings = name
    }
    for i in results.metrics.indices { results.metrics[i].name = name }
    for i in results.segments.indices { results.segments[i].segment = name }
    for i in results.explanation.importance.indices { results.explanation.importance[i].column = name }
    for i in results.explanation.effects.indices {
      results.explanation.effects[i].column = name
      results.explanation.effects[i].output = name
      results.explanation.effects[i].levels = results.explanation.effects[i].levels.map { _ in name }
    }
    for i in results.explanation.examples.indices {
      results.explanation.examples[i].prediction = name
      results.explanation.examples[i].observed = name
      results.explanation.examples[i].reason = name
    }
    results.confusion = results.confusion.map {
      ConfusionSummary(classes: $0.classes.map { _ in name }, counts: $0.counts, operatingPoint: name)
    }
    if let reliability = results.reliability {
      results.reliability?.calibration = name
      for i in reliability.coverage.indices { results.reliability?.coverage[i].segment = name }
    }
    var finding = GuardFinding(.leak, severity: .stop, column: name, evidence: name, remedy: name)
    finding.allowedBecause = name
    results.findings = [finding]
    if var decision = results.decision {
      decision.currency = name
      decision.rule = name
      decision.capacity = name
      decision.actions = decision.actions.map { _ in name }
      for i in decision.policies.indices {
        decision.policies[i].name = name
        decision.policies[i].actionCounts = [name: 3]
      }
      results.decision = decision
    }
    return results
  }

  /// The results with one number in every place where a measured one stands.
  static func withNumbers(_ results: ExperimentResults, _ value: Double) -> ExperimentResults {
    var results = results
    let estimate = Estimate(value, lower: value, upper: value)
    let difference = Difference(
      estimate: estimate, pValue: value, effectSize: value, verdict: .noDifference, test: "paired bootstrap")
    func curve(_ curve: Curve) -> Curve {
      Curve(
        curve.name, x: curve.x, y: curve.y.map { _ in value }, lower: curve.lower.map { _ in value },
        upper: curve.upper.map { _ in value })
    }
    results.run.seconds = value
    results.problem.classShares = results.problem.classShares.map { _ in value }
    for i in results.leaderboard.indices {
      results.leaderboard[i].validation = estimate
      results.leaderboard[i].test = estimate
      results.leaderboard[i].chosenAgainstThis = difference
      results.leaderboard[i].seconds = value
      results.leaderboard[i].ensembleWeight = value
    }
    for i in results.metrics.indices {
      results.metrics[i].value = estimate
      results.metrics[i].baseline = value
    }
    for i in results.segments.indices { results.segments[i].metric = estimate }
    for i in results.explanation.importance.indices { results.explanation.importance[i].loss = estimate }
    for i in results.explanation.effects.indices {
      results.explanation.effects[i].mean = curve(results.explanation.effects[i].mean)
      results.explanation.effects[i].density = results.explanation.effects[i].density.map { _ in value }
      results.explanation.effects[i].rows = results.explanation.effects[i].rows.map { $0.map { _ in value } }
    }
    for i in results.profile.columns.indices {
      results.profile.columns[i].quantiles = results.profile.columns[i].quantiles?.map { _ in value }
      results.profile.columns[i].drift = value
    }
    results.roc = results.roc.map(curve)
    results.precisionRecall = results.precisionRecall.map(curve)
    results.fit = results.fit.map {
      FitSummary(predicted: $0.predicted.map { _ in value }, observed: $0.observed, lower: [], upper: [])
    }
    if let reliability = results.reliability {
      results.reliability = ReliabilitySummary(
        calibration: reliability.calibration,
        bins: reliability.bins.map { ReliabilityBin(predicted: value, observed: estimate, count: $0.count) },
        errorBefore: value, errorAfter: value, level: value,
        coverage: reliability.coverage.map {
          Coverage(segment: $0.segment, count: $0.count, covered: estimate, meanSize: value)
        })
    }
    if var decision = results.decision {
      for i in decision.policies.indices {
        decision.policies[i].total = estimate
        decision.policies[i].perRow = estimate
        decision.policies[i].modelAdvantage = i == 0 ? nil : difference
      }
      decision.valueCurve = curve(decision.valueCurve)
      decision.marginalValue = decision.marginalValue.map(curve)
      decision.shareActedOn = value
      decision.perfectPerRow = value
      decision.valueOfOneMore = estimate
      results.decision = decision
    }
    return results
  }
}
