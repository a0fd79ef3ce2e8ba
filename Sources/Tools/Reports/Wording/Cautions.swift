import Evaluation
import Experiments

/// A reason to trust the results less, that a reader must see before the numbers.
struct Caution {
  var tone: Component.Tone
  var title: Markup
  var text: Markup

  /// The fewest test rows, and rows of the rarest class among them, from which intervals are worth much.
  static let fewRows = 200
  static let fewRowsOfClass = 30
  /// The fewest test rows that allow any verdict: the resamples of fewer are too much alike.
  static let fewestRows = 10

  /// All that the results give cause for, the gravest first.
  static func all(_ facts: ReportFacts) -> [Caution] {
    let results = facts.results
    var cautions = results.findings.filter { $0.severity == .stop }.map(ofFinding)
    if facts.choseBaseline {
      cautions.append(
        Caution(
          tone: .danger, title: "Nothing that was tried beats the simplest guess",
          text: "The best candidate is a baseline, which does not look at the columns. Do not act on its predictions."))
    }
    if results.run.wasInterrupted {
      cautions.append(
        Caution(
          tone: .caution, title: "The run was interrupted",
          text: """
            The search stopped before its time was used. What is shown is sound, but more time may find a better \
            model: repeat the command with <code>--resume</code>.
            """))
    }
    if let small = smallSample(facts) { cautions.append(small) }
    if let reliability = results.reliability, let all = reliability.coverage.first,
      all.covered.upper < reliability.level
    {
      let what = facts.isClassification ? "sets of classes" : "intervals"
      cautions.append(
        Caution(
          tone: .caution, title: "Predicted \(what) hold less than they promise",
          text: """
            They should hold the truth for \(NumberFormat.percent.text(reliability.level)) of the \(facts.units); on \
            the test data they do for \(NumberFormat.percent.text(all.covered)) (\(NumberFormat.percent.interval(all.covered))).
            """))
    }
    if facts.task.isBinary, let reliability = results.reliability,
      let whole = CalibrationInTheLarge(bins: reliability.bins), let misfit = MisfitOfProbabilities(whole),
      misfit.isGrave
    {
      let count = { (number: Double) in NumberFormat.number.text(number, decimals: number < 10 ? 1 : 0) }
      cautions.append(
        Caution(
          tone: .caution, title: "Probabilities are too \(misfit.isLow ? "low" : "high") on the test data",
          text: """
            \(count(whole.observed)) \(facts.units) are “\(Component.name(facts.positiveClass))”, where the \
            probabilities add up to \(count(whole.expected)): they are too \(misfit.isLow ? "low" : "high") \
            \(misfit.words). The order of the \(facts.units) may be right all the same; a rule that compares a \
            probability with costs acts too \(misfit.isLow ? "seldom" : "often").
            """))
    }
    // An identifier was left out already: nothing is left for the reader to decide.
    let warnings = results.findings.filter { $0.severity == .warning && $0.kind != .identifier }
    // Many warnings would bury the rest; all of them stand in the part about the data.
    cautions += warnings.prefix(3).map(ofFinding)
    if warnings.count > 3 {
      cautions.append(
        Caution(
          tone: .caution, title: "\(warnings.count - 3) more warnings about the data",
          text: "All of them are listed under “The data”."))
    }
    return cautions
  }

  private static func smallSample(_ facts: ReportFacts) -> Caution? {
    let rows = facts.results.problem.testRows
    if rows < fewRows {
      return Caution(
        tone: .caution, title: "Small sample",
        text: """
          Only \(facts.count(rows)) were kept for the test. The intervals are wide, and a few \(facts.units) more or \
          less could change the picture.
          """)
    }
    if let rarest = facts.rarestTestRows, rarest < fewRowsOfClass {
      return Caution(
        tone: .caution, title: "Few rows of the rarest class",
        text: """
          The rarest class has only \(facts.count(rarest)) in the test data, so what is said about it is uncertain.
          """)
    }
    return nil
  }

  /// What the guard found, and why the run went on all the same.
  static func ofFinding(_ finding: GuardFinding) -> Caution {
    let title: Markup =
      finding.column.isEmpty
      ? "\(words(finding.kind))" : "\(words(finding.kind)): “\(Component.name(finding.column))”"
    var text: Markup = "<p>\(Headline.sentence(finding.evidence)) \(Headline.sentence(finding.remedy))</p>"
    if let reason = finding.allowedBecause {
      text += "<p>The run was told to go on (<code>--allow \(finding.code)</code>), because: “\(reason)”.</p>"
    }
    let tone: Component.Tone =
      finding.severity == .stop ? .danger : finding.kind == .identifier ? .information : .caution
    return Caution(tone: tone, title: title, text: text)
  }

  static func words(_ kind: GuardFinding.Kind) -> String {
    switch kind {
    case .leak: "A column may give the answer away"
    case .identifier: "A column identifies rows"
    case .afterwards: "A column may be known only afterwards"
    case .duplicates: "The same rows are learned from and tested on"
    case .entities: "The same entities are learned from and tested on"
    case .time: "The order of time is broken"
    }
  }

  var markup: Markup {
    Component.callout(tone, title, text.description.hasPrefix("<p>") ? text : "<p>\(text)</p>")
  }
}
