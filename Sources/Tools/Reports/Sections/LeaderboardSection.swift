import Evaluation
import Experiments

/// The candidates side by side.
enum LeaderboardSection {
  static func make(_ facts: ReportFacts) -> Section? {
    let entries = facts.results.leaderboard
    guard !entries.isEmpty else { return nil }
    let others = Array(entries.dropFirst(12))
    let body: Markup = """
      <p>\(words(entries, facts))</p>
      \(chart(entries, facts))
      \(table(Array(entries.prefix(12)), facts))
      \(Component.details("The other \(others.count) candidates", table(Array(others.prefix(200)), facts)))
      \(help(entries))
      \(facts.source)
      """
    return Section("candidates", "What was tried", body)
  }

  private static func words(_ entries: [LeaderboardEntry], _ facts: ReportFacts) -> Markup {
    let compared = entries.filter { $0.chosenAgainstThis != nil }
    let better = compared.filter { $0.chosenAgainstThis?.verdict == .better }.count
    let equal = compared.filter { $0.chosenAgainstThis?.verdict == .noDifference }
    let worse = compared.filter { $0.chosenAgainstThis?.verdict == .worse }
    let tried = max(facts.results.candidateCount, entries.filter { $0.family != "ensemble" }.count)
    var text: Markup = """
      \(Component.count(tried, "candidate")) \(tried == 1 ? "was" : "were") tried; \
      <strong>\(Component.name(facts.results.chosen))</strong> was best on validation data and was chosen.
      """
    if !compared.isEmpty {
      text += " On the test data it is better than \(better) of the \(compared.count) others measured there"
      if !equal.isEmpty { text += "; for \(equal.count) no difference could be shown" }
      if !worse.isEmpty { text += "; \(worse.count) did better there" }
      text += "."
    }
    if let simplest = equal.last(where: { ["linear", "stump", "bayes"].contains($0.family) && isAsGood($0, facts) }) {
      text += """
         “\(Component.name(simplest.name))” is simpler and not shown to be worse: consider it where a model must be \
         explained.
        """
    }
    return text
  }

  /// Whether an entry may be taken instead of the chosen one: it surely keeps nine tenths of what the chosen one is better
  /// than the simplest guess. An interval as wide as that gap shows nothing.
  private static func isAsGood(_ entry: LeaderboardEntry, _ facts: ReportFacts) -> Bool {
    guard let primary = facts.primarySummary, let difference = entry.chosenAgainstThis else { return false }
    let gap = abs(primary.value.value - primary.baseline)
    return gap.isFinite && difference.estimate.upper < 0.1 * gap
  }

  private static func chart(_ entries: [LeaderboardEntry], _ facts: ReportFacts) -> Markup {
    let measured = Array(entries.prefix(12)).filter { ($0.test ?? $0.validation).value.isFinite }
    let onTest = measured.allSatisfy { $0.test != nil }
    let (shown, outside) = nearEnough(measured, onTest: onTest)
    guard shown.count > 1 else { return "" }
    let format = facts.primary.format
    let estimates = shown.map { onTest ? $0.test ?? $0.validation : $0.validation }
    let decimals = format.commonDecimals(estimates)
    let marks = [true, false].map { isChosen -> Mark in
      let picked = shown.indices.filter { (shown[$0].name == facts.results.chosen) == isChosen }
      return .points(
        x: picked.map { estimates[$0].value }, y: picked.map(Double.init),
        xInterval: picked.map { estimates[$0].range },
        labels: picked.map { format.text(estimates[$0].value, decimals: decimals) },
        color: isChosen ? .series(1) : .muted, radius: 4.5)
    }
    let direction = facts.primarySummary.map { $0.higherIsBetter ? ", higher is better" : ", lower is better" } ?? ""
    let chart = Chart(
      "\(facts.primary.title) of the candidates on \(onTest ? "test" : "validation") data",
      summary: "Points with intervals; the chosen candidate is \(facts.results.chosen)",
      x: Axis(facts.primary.title + direction, format: format), y: .categories(shown.map(\.name)), marks: marks)
    let left = outside.map { entry -> Markup in
      let value = (onTest ? entry.test ?? entry.validation : entry.validation).value
      return "\(Component.name(entry.name)) (\(format.text(value, decimals: decimals)))"
    }
    return Component.figure(
      chart, "leaderboard", slot: .wide,
      caption: """
        The lines are intervals.\
        \(left.isEmpty ? "" : " Far outside the picture: \(Component.enumeration(left))." as Markup)
        """)
  }

  /// The entries to draw, and the baselines that are left out because they would press the others into a corner.
  private static func nearEnough(
    _ entries: [LeaderboardEntry], onTest: Bool
  ) -> (shown: [LeaderboardEntry], outside: [LeaderboardEntry]) {
    let others = entries.filter { $0.family != "baseline" }
    let values = { (entries: [LeaderboardEntry]) in
      entries.flatMap { entry -> [Double] in
        let estimate = onTest ? entry.test ?? entry.validation : entry.validation
        return [estimate.value] + (estimate.range.map { [$0.lowerBound, $0.upperBound] } ?? [])
      }
    }
    let span = { (values: [Double]) in (values.max() ?? 0) - (values.min() ?? 0) }
    guard others.count > 1, span(values(others)) < 0.4 * span(values(entries)) else { return (entries, []) }
    let near = entries.filter { $0.family != "baseline" || span(values(others + [$0])) < 2 * span(values(others)) }
    let names = Set(near.map(\.name))
    return (near, entries.filter { !names.contains($0.name) })
  }

  private static func table(_ entries: [LeaderboardEntry], _ facts: ReportFacts) -> Markup {
    let format = facts.primary.format
    let decimals = format.commonDecimals(entries.flatMap { [$0.validation] + ($0.test.map { [$0] } ?? []) })
    let hasWeights = entries.contains { $0.ensembleWeight > 0 }
    let hasTest = entries.contains { $0.test != nil }
    var columns: [Component.TableColumn] = [.text("Candidate"), .number("Validation")]
    if hasTest { columns += [.number("Test"), .text("Beside the chosen model"), .number("p"), .text("Effect")] }
    if hasWeights { columns.append(.number("Weight")) }
    columns.append(.number("Time"))
    let rows = entries.map { entry -> [Markup] in
      let settings: Markup = entry.settings.isEmpty ? "" : "<span class=\"sub\">\(entry.settings)</span>"
      var row: [Markup] = [
        "\(Component.name(entry.name))\(settings)", Component.estimate(entry.validation, format, decimals: decimals),
      ]
      if hasTest {
        let difference = entry.chosenAgainstThis
        row += [
          entry.test.map { Component.estimate($0, format, decimals: decimals) } ?? "–",
          entry.name == facts.results.chosen ? "chosen" : difference.map(Verdicts.ofOther) ?? "not compared",
          difference.map { "\(Verdicts.pValue($0))" } ?? "", difference == nil ? "" : effect(entry, facts),
        ]
      }
      if hasWeights {
        row.append(entry.ensembleWeight > 0 ? "\(NumberFormat.percent.text(entry.ensembleWeight, digits: 2))" : "–")
      }
      row.append("\(Verdicts.duration(entry.seconds))")
      return row
    }
    return Component.table(
      "Candidates", columns, rows, highlighted: entries.firstIndex { $0.name == facts.results.chosen })
  }

  /// How large the difference to the chosen model is.
  private static func effect(_ entry: LeaderboardEntry, _ facts: ReportFacts) -> Markup {
    guard let primary = facts.primarySummary, let own = facts.chosen?.test?.value, let other = entry.test?.value,
      let share = Verdicts.savedShare(own, other, higherIsBetter: primary.higherIsBetter)
    else { return "–" }
    let isNearer = (own > other) == primary.higherIsBetter
    let words = "\(NumberFormat.percent.text(share, digits: 2)) \(isNearer ? "farther from" : "nearer to") perfect"
    return "\(Verdicts.effect(share))\(share < 0.02 ? "" : "<span class=\"sub\">\(words)</span>" as Markup)"
  }

  private static func help(_ entries: [LeaderboardEntry]) -> Markup {
    let tests = Set(entries.compactMap { $0.chosenAgainstThis?.test }).sorted().joined(separator: ", ")
    return Component.details(
      "How the candidates were compared",
      """
      <p>All candidates learned from the same rows and were measured on the same rows. Validation numbers choose; test \
      numbers were looked at once, afterwards, so they are the honest ones.\
      \(tests.isEmpty ? "" : " Differences were tested by: \(tests)." as Markup)</p>
      <p><strong>p</strong> is the probability of a difference at least this large if there were none: below 0.05 is \
      usually taken as shown. <strong>Effect</strong> is the part of the distance to a perfect \
      measure, of the worse of the two, that lies between them: below 2 % it is called negligible, below 10 % small, \
      below 25 % medium. With many candidates a few small p values come by chance.</p>
      """)
  }
}
