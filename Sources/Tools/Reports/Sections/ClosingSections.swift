import Evaluation
import Experiments

/// What the reader must know before relying on the results.
enum LimitsSection {
  static func make(_ facts: ReportFacts) -> Section? {
    var items = facts.results.limits.map { "\(Headline.sentence($0))" as Markup }
    items.append(
      """
      The numbers hold for new \(facts.units) that are like those of the test. When customers, prices or processes \
      change, measure again.
      """
    )
    items.append("The model uses patterns in past data. They are not causes, and acting on them can change them.")
    return Section("limits", "Limits", Component.list(items))
  }
}

/// The model in brief, for those who approve and those who run it.
enum ModelCardSection {
  static func make(_ facts: ReportFacts) -> Section? {
    let results = facts.results
    let problem = results.problem
    let members = results.leaderboard.filter { $0.ensembleWeight > 0 && $0.family != "ensemble" }
    let parts: Markup =
      members.count > 1
      ? Component.enumeration(
        members.map { "\(Component.name($0.name)) (\(NumberFormat.percent.text($0.ensembleWeight, digits: 2)))" }) : ""
    let classes = Component.enumeration(facts.task.classes.prefix(12).map { "“\(Component.name($0))”" })
    let unnamed: Markup = facts.task.width > 12 ? " and \(facts.task.width - 12) more" : ""
    let what: Markup =
      facts.isClassification
      ? "the class of “\(Component.name(problem.target))”: \(classes)\(unnamed)"
      : "“\(Component.name(problem.target))”, a number"
    let quality: Markup =
      facts.primarySummary.map {
        let measure = Measure($0.name)
        return
          """
          \(measure.title) \(measure.format.text($0.value)) (\(measure.format.interval($0.value))) on \(facts.testRows)
          """
      } ?? ""
    let columns: Markup = """
      \(Component.count(problem.columns.count, "column")): \
      \(Component.enumeration(problem.columns.prefix(30).map(Component.name)))\
      \(problem.columns.count > 30 ? ", and \(problem.columns.count - 30) more" : "")
      """
    let body = Component.definitions([
      ("Predicts", what),
      (
        "Model",
        "\(Component.name(results.chosen))\(facts.chosen.map { $0.settings.isEmpty ? "" : "; \($0.settings)" } ?? "")"
      ),
      ("Made of", parts),
      ("Looks at", columns),
      (
        "Learned from",
        "\(Component.name(problem.data)), \(facts.count(problem.trainingRows)); \(problem.split)"
      ),
      ("Chosen by", "\(facts.primary.title) on validation data"),
      ("Measured", quality),
      ("Calibration", results.reliability.map { $0.calibration.isEmpty ? "" : "\($0.calibration)" } ?? ""),
      (
        "Meant for",
        """
        \(facts.units) like those it learned from, with the same columns in the same meaning\
        \(results.decision.map { "; the decision: \($0.rule)" as Markup } ?? "")
        """
      ),
      (
        "Not meant for",
        "other populations, causal claims, and decisions on single persons without a human who can object"
      ),
      ("Made", "\(results.run.started) by Assay \(results.run.version)"),
    ])
    return Section("model-card", "Model card", body)
  }
}

/// How to get the same numbers again.
enum RepeatSection {
  static func make(_ run: RunSummary) -> Section? {
    let took: Markup = """
      \(Verdicts.duration(run.seconds))\(run.wasInterrupted ? ", interrupted" : "") on \
      \(Component.count(run.threads, "thread"))
      """
    let facts = Component.definitions([
      ("Run", "<code>\(run.identifier)</code>"),
      ("Data fingerprint", "<code>\(run.dataHash)</code> (SHA-256)"),
      ("Seed", "\(String(run.seed))"),
      ("Version", "Assay \(run.version)"),
      ("Started", "\(run.started)"),
      ("Took", took),
      ("Machine", "\(run.machine)"),
    ])
    let body: Markup = """
      <p>Every number in this report comes from one run, and this command repeats it:</p>
      <pre>\(run.command)</pre>
      \(facts)
      <p class="after">Same data, seed and version give the same candidates the same numbers, whatever the number of \
      threads. A search that ends by the clock may try more or fewer candidates on another machine.</p>
      """
    return Section("repeat", "How to repeat it", body)
  }
}
