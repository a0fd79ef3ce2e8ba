import Basics
import Experiments

/// The customer's report of a project: the solution's own answers and parts first, then what every comparison of models
/// has to say.
public enum ProjectReport {
  /// The report as an HTML document. The same results give the same text.
  public static func html(_ results: ProjectResults) -> String {
    var opening = Component.brief(
      results.answers.map { Headline.Point(question: Markup(text: $0.question), answer: Markup(text: $0.words)) })
    let figures = results.keyFigures.map {
      Component.keyFigure(Markup(text: $0.label), ResultMarkup.short($0.value), Markup(text: $0.note))
    }
    if !figures.isEmpty { opening += "<dl class=\"keys\">\(figures)</dl>\n" }
    var sections = results.parts.compactMap(ResultMarkup.section)
    let limits = results.limits.map { Markup(text: $0) }
    if let experiment = results.experiment {
      let facts = ReportFacts(experiment)
      opening += Markup(Caution.all(facts).map(\.markup))
      sections += Report.modelSections(facts)
    }
    sections += [
      Section("solution-limits", "What to know before relying on this", Component.list(limits)),
      RepeatSection.make(results.run),
    ].compactMap { $0 }
    let file = results.data.split(separator: "/").last.map(String.init) ?? results.data
    return Page(
      title: "\(results.title): decision report", kicker: "\(results.title): “\(Component.name(file))”",
      stamp: "\(String(results.run.started.prefix(10))) · run \(results.run.identifier)",
      headline: Markup(text: results.headline), opening: opening, sections: sections,
      footer: "Made by Assay \(results.run.version), run \(results.run.identifier), \(results.run.started)."
    ).html()
  }

  /// Writes the report to a file: under a temporary name first, so that a reader never sees half of it.
  ///
  /// - Throws: a `file` error if it cannot be written.
  public static func write(_ results: ProjectResults, to path: String) throws {
    try AtomicFile.write(html(results), to: path)
  }
}
