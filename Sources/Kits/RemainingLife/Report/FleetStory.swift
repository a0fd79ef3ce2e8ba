import Evaluation
import Experiments
import Foundation
import Projects

/// What a run found out, told to whoever keeps the units running.
struct FleetStory {
  let problem: LifeProblem
  let fleet: FleetData
  let result: LifeSearch.Result
  let judged: JudgedLives
  /// Nil where failures within the horizon could not be foretold or judged.
  let foretold: FailureMeasures?
  let policies: FleetPolicies
  let state: FleetState
  let run: RunSummary
  /// The machines learned from, and those measured on.
  let counts: (training: Int, test: Int)
  /// Whether the fleet shown still runs; else it is the test machines at their end.
  let hasRunning: Bool

  /// The time within which failures are foretold: "30 cycles".
  var horizon: String { time.amount(problem.horizon) }
  var noun: String { problem.noun }
  var nouns: String { problem.plural }
  /// Whether times are dates.
  var hasDates: Bool { time.seconds != nil }
  /// What time is counted in.
  var time: TimeUnit { fleet.time }
  var currency: String { problem.terms.currency }
  var longest: Double { result.model.longestLife }
  /// Whether the project says what failures and services cost; else nothing is said of money.
  var hasCosts: Bool { problem.terms.areGiven }
  /// The model's way to decide.
  var model: FleetPolicies.Policy { policies.policies[0] }

  func outcome(_ card: SolutionCard) -> ProjectOutcome {
    var results = ProjectResults(
      solution: card.name, title: card.title, data: problem.project.data, run: run, headline: headline)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    results.parts = [fleetPart, decisionPart, accuracyPart, failurePart, driversPart].compactMap { $0 }
    results.limits = limits
    return ProjectOutcome(results: results, model: chosen, summary: summary)
  }

  // MARK: In words

  /// What the model's way saves of the reference's cost, per machine and 1,000 units of time.
  private var saving: Double { 1_000 * (policies.reference.point.rate.value - model.point.rate.value) }

  /// "per machine and 1,000 cycles".
  var perThousand: String { "per \(noun) and \(time.count(1_000))" }

  private var headline: String {
    guard policies.alarm > 0 else {
      return hasCosts
        ? "With these costs, calling \(nouns) in by their predicted life is no cheaper than \(phrase(policies.reference))."
        : "No \(noun) needs to be called in: none fails before the end of its record."
    }
    let limit = time.amount(policies.alarm)
    guard hasCosts else {
      return
        "Calling \(Words.one(noun)) in when it has about \(limit) left leaves \(Words.percent(model.point.failures)) of \(nouns) "
        + "to fail first, and gives away \(time.amount(model.point.lostLife)) of life on average."
    }
    let reference = policies.reference
    guard saving > 0 else {
      return "With these costs, calling \(nouns) in by their predicted life is no cheaper than \(phrase(reference))."
    }
    let share = saving / (1_000 * reference.point.rate.value)
    return "Calling \(Words.one(noun)) in when it has about \(limit) left costs \(Words.percent(share)) less than "
      + "\(phrase(reference))."
  }

  func phrase(_ policy: FleetPolicies.Policy) -> String {
    policy.limit.isFinite ? "serving at a fixed age" : "running to failure"
  }

  private var chosen: String {
    zip(result.outcomes, result.weights).filter { $0.1 > 0 }.map(\.0.candidate.name).joined(separator: " + ")
  }

  private func range(_ share: Estimate) -> String {
    "\(Words.percent(share.value)) (\(Words.percent(share.lower)) to \(Words.percent(share.upper)))"
  }

  private var answers: [ProjectResults.Answer] {
    [
      hasCosts ? savingAnswer : effectAnswer,
      .init(
        "How good the predictions are",
        "Off by \(time.amount(judged.capped.meanAbsoluteError)) on average. "
          + (judged.coverage.value.isNaN
            ? "Too few \(nouns) failed for intervals."
            : "Intervals that promise to hold \(Words.percent(problem.level)) of lives held "
              + "\(range(judged.coverage)); they are \(time.amount(judged.width)) wide on average.")),
      .init(
        "How early it warns",
        policies.lead.detected.value > 0
          ? "With at most \(Words.percent(problem.terms.falseAlarms)) false alarms, those more than "
            + "\(time.amount(longest)) ahead, \(Words.percent(policies.lead.detected.value)) of failures are announced, "
            + "half of them at least \(time.amount(policies.lead.median ?? .nan)) before."
          : "With so few false alarms no failure is announced."),
      .init("What to do now", nowWords),
    ]
  }

  private var savingAnswer: ProjectResults.Answer {
    let measured = "measured on \(Words.count(policies.unitCount, noun, plural: nouns)): \(policies.basis(nouns))."
    guard saving > 0, policies.alarm > 0 else {
      return .init(
        "What it saves", "Nothing with these costs: \(phrase(policies.reference)) is as cheap or cheaper, \(measured)")
    }
    return .init(
      "What it saves",
      "\(Words.money(saving, currency)) \(perThousand), against \(phrase(policies.reference)); \(measured)")
  }

  private var effectAnswer: ProjectResults.Answer {
    .init(
      "What it prevents",
      "\(failures(model)) of \(Words.count(policies.unitCount, noun, plural: nouns)) fail before they are served, instead of all. "
        + "\(Words.sentence(nouns)) that are served in time give away \(time.amount(model.point.lostLife)) of life on average. What that is "
        + "worth is not said, because no costs are given: write failure and service under value in solution.yaml.")
  }

  /// The machines that fail before they are served.
  func failures(_ policy: FleetPolicies.Policy) -> Int {
    Int((policy.point.failures * Double(policies.unitCount)).rounded())
  }

  private var nowWords: String {
    let due = state.members.count { $0.turn.due == 0 }
    guard policies.alarm > 0 else { return "Let the \(nouns) run: no service before a failure pays." }
    guard due == 0 else {
      let first = state.members.prefix(3).map(\.name).joined(separator: ", ")
      return
        "\(Words.count(due, noun, plural: nouns)) of \(state.members.count) should be served now, the first of them "
        + "\(first)."
    }
    return "No \(noun) is due; the first, \(state.members.first?.name ?? "–"), is due in "
      + "\(time.amount(state.members.map(\.turn.due).min() ?? .nan))."
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    let saved = ProjectResults.KeyFigure(
      "saved \(perThousand)", .number(saving, .money(currency)), note: "against \(phrase(policies.reference))")
    return (hasCosts ? [saved] : []) + [
      .init("of \(nouns) fail all the same", .number(model.point.failures, .percent), note: "before they are served"),
      .init(
        "\(time.plural) of life given away", .number(model.point.lostLife, .number),
        note: "by \(nouns) that are served, on average"),
      .init(
        "\(time.plural), error of the life left (RMSE)", .number(judged.capped.rootMeanSquaredError, .number),
        note: "lives up to \(time.amount(longest))"),
      .init(
        "of lives in their interval", .number(judged.coverage.value, .percent),
        note: "promised: \(Words.percent(problem.level))"),
    ]
  }

  private var measures: [ProjectResults.Measure] {
    let lead = policies.lead
    let errors: [ProjectResults.Measure] = [
      .init("rmse", judged.capped.rootMeanSquaredError, unit: time.plural),
      .init("mae", judged.capped.meanAbsoluteError, unit: time.plural),
      .init("asymmetric-score", judged.capped.asymmetricScore),
      .init("rmse-uncapped", judged.whole.rootMeanSquaredError, unit: time.plural),
      .init("asymmetric-score-uncapped", judged.whole.asymmetricScore), .init("coverage", judged.coverage),
      .init("interval-width", judged.width, unit: time.plural), .init("judged", Double(judged.rows.count)),
    ]
    let decision: [ProjectResults.Measure] = [
      .init("failed-first", count: failures(model), of: policies.unitCount),
      .init("life-given-away", model.point.lostLife, unit: time.plural),
      .init("announced", lead.detected), .init("false-alarms", lead.falseAlarms),
    ]
    let costs: [ProjectResults.Measure] = [
      .init("cost-rate", model.point.rate, unit: currency),
      .init("cost-rate-fixed-age", policies.policies[1].point.rate, unit: currency),
      .init("cost-rate-run-to-failure", policies.policies[2].point.rate, unit: currency),
    ]
    return errors + failureMeasures + decision + (hasCosts ? costs : [])
  }

  private var limits: [String] {
    var list = [
      "A life longer than \(time.amount(longest)) is told as that: \(nouns) far from their end look alike.",
      "\(Words.sentence(nouns)) that failed for a reason that no sensor shows cannot be announced.",
      "\(hasCosts ? "Costs hold" : "Limits hold") for \(nouns) like these under the conditions of the records.",
    ]
    if !hasCosts {
      list.append("No costs are given, so nothing is said of money: write failure and service under value.")
    }
    if fleet.time.seconds != nil { list.append("Dates are counted in \(time.plural).") }
    if !result.dropped.isEmpty {
      list.append("Not used, because they never change: \(result.dropped.joined(separator: ", ")).")
    }
    if !fleet.skipped.isEmpty {
      list.append("Not used, because they hold no numbers: \(fleet.skipped.joined(separator: ", ")).")
    }
    return list
  }

  private var summary: [String] {
    [
      headline,
      "RMSE \(Words.number(judged.capped.rootMeanSquaredError)), "
        + "MAE \(Words.number(judged.capped.meanAbsoluteError)) \(time.plural) on "
        + "\(Words.count(judged.rows.count, "row")) of \(Words.count(counts.test, noun, plural: nouns)); model: \(chosen)",
    ]
  }
}
