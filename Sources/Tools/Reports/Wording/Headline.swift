import Decisions
import Evaluation
import Experiments

/// The first screen: one sentence that says what to do or what was found, then what it brings, how sure that is, and what
/// it needs.
struct Headline {
  /// A question that a reader in a hurry has, with its answer.
  struct Point {
    var question: Markup
    var answer: Markup
  }

  /// What to decide, or what was found.
  var answer: Markup
  /// What it rests on.
  var points: [Point]

  init(_ facts: ReportFacts) {
    if let decision = facts.results.decision, let model = decision.policies.first {
      (answer, points) = Headline.ofDecision(decision, model, facts)
    } else {
      answer = Headline.quality(facts)
      points = [
        Point(question: "How good it is", answer: Headline.comparison(facts)),
        Point(question: "How sure", answer: Headline.evidence(facts)),
        Point(
          question: "What it needs",
          answer: """
            To say whom to act on and what that earns: a value file with the gain and the cost of each action \
            (<a href="#decision">how to give it</a>). To predict: \(Headline.columns(facts)).
            """),
      ]
    }
    points = points.filter { !$0.answer.isEmpty }
  }

  // MARK: With a value

  private static func ofDecision(
    _ decision: DecisionResult, _ model: DecisionResult.Policy, _ facts: ReportFacts
  ) -> (Markup, [Point]) {
    let rule = sentence(decision.rule)
    if decision.shareActedOn == 0 {
      return (
        "\(rule)",
        [
          Point(
            question: "What it brings",
            answer: "No way of using the model was found that earns more than not acting."),
          Point(question: "How sure", answer: evidence(facts)),
        ]
      )
    }
    let loser = facts.rivals.first { $0.modelAdvantage?.verdict == .worse }
    let ties = ([facts.reference].compactMap { $0 } + facts.rivals).filter {
      $0.modelAdvantage?.verdict == .noDifference
    }
    if let loser {
      return (
        "Do not decide by the model: “\(Component.name(loser.name))” earns more.",
        [
          Point(question: "What it brings", answer: "\(gain(over: loser, facts)). \(total(model, facts))."),
          Point(question: "How sure", answer: sureness(of: loser, facts)),
          Point(question: "The rule that was tested", answer: "\(rule)"),
        ]
      )
    }
    if let tie = ties.first {
      return (
        "No difference between deciding by the model and “\(Component.name(tie.name))” could be shown.",
        [
          Point(question: "What it brings", answer: "\(gain(over: tie, facts)). \(total(model, facts))."),
          Point(question: "How sure", answer: sureness(of: tie, facts)),
          Point(
            question: "What it needs", answer: "More test data, or a better model, to tell the two apart."),
          Point(question: "The rule that was tested", answer: "\(rule)"),
        ]
      )
    }
    let brings: Markup =
      facts.reference.map { "\(gain(over: $0, facts)). \(total(model, facts))." }
      ?? "\(total(model, facts))."
    return (
      "\(rule)",
      [
        Point(question: "What it brings", answer: brings),
        Point(question: "How sure", answer: facts.reference.map { sureness(of: $0, facts) } ?? evidence(facts)),
        Point(question: "What it needs", answer: effort(decision, facts)),
      ]
    )
  }

  /// What the model earns more than another way of deciding: "€5,570 per week more than “today's rule”".
  private static func gain(over rival: DecisionResult.Policy, _ facts: ReportFacts) -> Markup {
    let name = Component.name(rival.name)
    guard let advantage = rival.modelAdvantage else {
      let earned = facts.scale.of(rival.perRow)
      return "“\(name)” earns \(facts.money.text(earned)) \(facts.scale.words)"
    }
    let more = facts.scale.of(advantage.estimate)
    return """
      <strong>\(Verdicts.moreOrLess(more, facts.money)) \(facts.scale.words)</strong> than “\(name)” \
      (\(facts.money.interval(more)))
      """
  }

  private static func total(_ model: DecisionResult.Policy, _ facts: ReportFacts) -> Markup {
    let earned = facts.scale.of(model.perRow)
    let verb = earned.value < 0 ? "loses" : "earns"
    return """
      Deciding by the model \(verb) \(facts.money.text(absolute(earned))) \(facts.scale.words) in all \
      (\(facts.money.interval(earned)))
      """
  }

  private static func sureness(of rival: DecisionResult.Policy, _ facts: ReportFacts) -> Markup {
    guard let advantage = rival.modelAdvantage else { return evidence(facts) }
    let verdict: Markup
    switch advantage.verdict {
    case .better, .worse: verdict = "Chance alone hardly explains the difference"
    case .noDifference: verdict = "The interval holds zero, so the difference may be chance"
    }
    let p: Markup =
      advantage.pValue.isFinite
      ? " (p \(advantage.pValue < 0.001 ? "" : "= ")\(Verdicts.pValue(advantage)))" : ""
    return "\(verdict)\(p). \(evidence(facts))"
  }

  /// What all numbers were measured on.
  private static func evidence(_ facts: ReportFacts) -> Markup {
    """
    Measured on \(facts.testRows) kept aside, which the model had not seen; brackets hold \(facts.level) intervals.
    """
  }

  /// The work that the rule causes, and the data it reads.
  private static func effort(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    let share = NumberFormat.percent.text(decision.shareActedOn)
    var work: Markup = "Acting on \(share) of the \(facts.units)"
    if let rows = decision.rows, let periods = decision.periods {
      let number = decision.shareActedOn * Double(rows) / periods.count
      let digits = NumberFormat.number.text(number, decimals: number < 10 ? 1 : 0)
      work = "Acting on about \(digits) \(facts.units) per \(periods.name), \(share) of all"
    }
    return "\(work), and \(columns(facts)) at the time of deciding."
  }

  private static func columns(_ facts: ReportFacts) -> Markup {
    let count = facts.results.problem.columns.count
    return """
      the \(count == 1 ? "column" : Component.count(count, "column")) that the model reads \
      (<a href="#model-card">which</a>) of each \(facts.unit)
      """
  }

  static func scaled(_ estimate: Estimate, by factor: Double) -> Estimate {
    Estimate(estimate.value * factor, lower: estimate.lower * factor, upper: estimate.upper * factor)
  }

  /// The size of an amount whose sign is said in words.
  private static func absolute(_ estimate: Estimate) -> Estimate {
    estimate.value < 0 ? scaled(estimate, by: -1) : estimate
  }

  /// A text as a sentence: a capital at the start, a full stop at the end.
  static func sentence(_ text: String) -> String {
    let capital = capitalised(text)
    return capital.isEmpty || capital.last.map { ".!?".contains($0) } == true ? capital : capital + "."
  }

  /// A text with a capital at the start, also behind a quotation mark.
  static func capitalised(_ text: String) -> String {
    guard let start = text.firstIndex(where: { $0.isLetter || $0.isNumber }) else { return text }
    return text[..<start] + text[start].uppercased() + text[text.index(after: start)...]
  }

  // MARK: Without a value

  private static func quality(_ facts: ReportFacts) -> Markup {
    let target = Component.name(facts.results.problem.target)
    if facts.results.problem.testRows < Caution.fewestRows {
      return "\(facts.testRows) are too few to say how well “\(target)” can be predicted."
    }
    switch facts.verdictOnBaseline {
    case .better: return "The model predicts “\(target)” better than the simplest guess."
    case .worse: return "The model predicts “\(target)” worse than the simplest guess: do not use it."
    case .noDifference: return "No model was shown to predict “\(target)” better than the simplest guess."
    case nil: return "How well “\(target)” can be predicted."
    }
  }

  /// The measure that says most to a manager, beside the simplest guess.
  private static func comparison(_ facts: ReportFacts) -> Markup {
    if facts.task.isBinary, let area = facts.metric("roc-auc"), area.value.value.isFinite {
      return """
        Of one row that is “\(Component.name(facts.positiveClass))” and one that is not, the model gives the right one \
        the higher score <strong>\(NumberFormat.percent.text(area.value))</strong> of the time \
        (\(NumberFormat.percent.interval(area.value))); guessing would do so half of the time.
        """
    }
    let preferred = facts.isClassification ? facts.metric("accuracy") : facts.metric("mae")
    guard let metric = preferred ?? facts.primarySummary else { return "" }
    let measure = Measure(metric.name)
    let value = measure.format.text(metric.value)
    let interval = measure.format.interval(metric.value)
    let guess = measure.format.text(metric.baseline, decimals: measure.format.decimals(for: metric.value))
    if facts.isClassification, preferred != nil {
      return """
        It names the right one of \(facts.task.width) classes for <strong>\(value)</strong> of the rows (\(interval)); \
        the simplest guess for \(guess).
        """
    }
    if preferred != nil {
      return """
        On average it is off by <strong>\(value)</strong> (\(interval)), the simplest guess by \(guess), in units of \
        “\(Component.name(facts.results.problem.target))”.
        """
    }
    return "\(measure.title): \(value) (\(interval)), the simplest guess \(guess)."
  }
}
