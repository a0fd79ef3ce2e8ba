import Decisions
import Evaluation
import Experiments

/// The answer of a run: one sentence, what it rests on, and whether to act on it.
struct Headline {
  /// What to decide, or what was found.
  var answer: Markup
  /// What it earns, or how good it is, in one or two sentences.
  var support: Markup

  init(_ facts: ReportFacts) {
    if let decision = facts.results.decision, let model = decision.policies.first {
      (answer, support) = Headline.ofDecision(decision, model, facts)
    } else {
      answer = Headline.quality(facts)
      support = Headline.comparison(facts)
    }
  }

  // MARK: With a value

  private static func ofDecision(
    _ decision: DecisionResult, _ model: DecisionResult.Policy, _ facts: ReportFacts
  ) -> (Markup, Markup) {
    let money = facts.money
    let rivals = facts.rivals
    let rule = sentence(decision.rule)
    let earned: Markup = """
      On the \(facts.testRows) kept aside for the test, deciding by the model \
      \(model.total.value < 0 ? "loses" : "earns") \
      <strong>\(money.text(absolute(model.total)))</strong> (\(money.interval(model.total)))
      """
    let versus = facts.reference.map { ": \(against($0, facts, money))." as Markup } ?? "."
    if decision.shareActedOn == 0 {
      return (
        "\(rule)",
        "No way of using the model was found that earns more than not acting; tested on \(facts.testRows) kept aside."
      )
    }
    if let loser = rivals.first(where: { $0.modelAdvantage?.verdict == .worse }) {
      return (
        "Do not decide by the model: “\(Component.name(loser.name))” earns more.",
        "\(earned): \(against(loser, facts, money)). The rule that was tested: \(rule)"
      )
    }
    if let tie = [facts.reference].compactMap({ $0 }).first(where: { $0.modelAdvantage?.verdict == .noDifference })
      ?? rivals.first(where: { $0.modelAdvantage?.verdict == .noDifference })
    {
      return (
        "No difference between deciding by the model and “\(Component.name(tie.name))” could be shown.",
        """
        \(earned): \(against(tie, facts, money)). More test data, or a better model, is needed to tell them apart. \
        The rule that was tested: \(rule)
        """
      )
    }
    return ("\(rule)", "\(earned)\(versus)")
  }

  /// What the model earns beside another way of deciding.
  private static func against(
    _ rival: DecisionResult.Policy, _ facts: ReportFacts, _ money: NumberFormat
  ) -> Markup {
    let name = Component.name(rival.name)
    guard let advantage = rival.modelAdvantage else {
      return "“\(name)” earns \(money.text(rival.total)) (\(money.interval(rival.total)))"
    }
    let perThousand = scaled(advantage.estimate, by: 1000)
    return """
      for every 1,000 rows \(Verdicts.moreOrLess(perThousand, money)) than “\(name)” \
      (\(money.interval(perThousand)))
      """
  }

  static func scaled(_ estimate: Estimate, by factor: Double) -> Estimate {
    Estimate(estimate.value * factor, lower: estimate.lower * factor, upper: estimate.upper * factor)
  }

  /// The size of an amount whose sign is said in words.
  private static func absolute(_ estimate: Estimate) -> Estimate {
    estimate.value < 0 ? scaled(estimate, by: -1) : estimate
  }

  /// A rule as a sentence.
  static func sentence(_ text: String) -> String {
    guard let first = text.first else { return "" }
    let capital = first.uppercased() + text.dropFirst()
    return capital.last.map { ".!?".contains($0) } == true ? capital : capital + "."
  }

  // MARK: Without a value

  private static func quality(_ facts: ReportFacts) -> Markup {
    let target = Component.name(facts.results.problem.target)
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
        Given one row that is “\(Component.name(facts.positiveClass))” and one that is not, the model gives the right \
        one \
        the higher score \(NumberFormat.percent.text(area.value)) of the time \
        (\(NumberFormat.percent.interval(area.value))); \
        guessing would do so half of the time. Measured on \(facts.testRows) kept aside for the test.
        """
    }
    let preferred = facts.isClassification ? facts.metric("accuracy") : facts.metric("mae")
    guard let metric = preferred ?? facts.primarySummary else { return "" }
    let measure = Measure(metric.name)
    let value = measure.format.text(metric.value)
    let interval = measure.format.interval(metric.value)
    let guess = measure.format.text(metric.baseline, decimals: measure.format.decimals(for: metric.value))
    let where_ = "Measured on \(facts.testRows) kept aside for the test."
    if facts.isClassification, preferred != nil {
      return """
        It names the right one of \(facts.task.width) classes for \(value) of the rows (\(interval)); the simplest \
        guess for \
        \(guess). \(where_)
        """
    }
    if preferred != nil {
      return """
        On average it is off by <strong>\(value)</strong> (\(interval)), the simplest guess by \(guess), in units of \
        “\(Component.name(facts.results.problem.target))”. \(where_)
        """
    }
    return "\(measure.title): \(value) (\(interval)), the simplest guess \(guess). \(where_)"
  }
}
