import Projects
import TimeSeries

/// What is odd about a demand before anything is forecast.
public struct DemandCheck {
  private let records: DemandRecords
  private let panel: DemandPanel
  private let problem: DemandProblem

  /// A check of records, as they lie on a panel, for a problem.
  public init(_ records: DemandRecords, _ panel: DemandPanel, _ problem: DemandProblem) {
    self.records = records
    self.panel = panel
    self.problem = problem
  }

  /// Whether the records can carry the problem, and what in them is odd.
  public func findings() -> [ProjectFinding] {
    let seasons = panel.seasons.isEmpty ? "none" : panel.seasons.map(String.init).joined(separator: " and ")
    var found = [
      ProjectFinding(
        .note,
        "\(Words.count(panel.nodes.count, "series", plural: "series and sums")) of \(panel.count) steps of one "
          + "\(panel.step); seasons of \(seasons)")
    ]
    if panel.horizon < 1 {
      found.append(
        ProjectFinding(
          .stop, "it is closed during all of the \(problem.horizon) steps after the last one",
          remedy: "give a longer horizon, such as a week"))
    } else if problem.tests(on: panel) < 1 {
      found.append(
        ProjectFinding(
          .stop, "\(panel.count) steps are too few for a horizon of \(panel.horizon)",
          remedy: "give at least \(2 * panel.horizon + 4) steps, or a shorter horizon"))
    }
    found += steps + order + series + known
    let negative = records.negativeCount
    if negative > 0 {
      found.append(
        ProjectFinding(.warning, "\(Words.count(negative, "row")) have a \(demand) below 0", remedy: "take returns out")
      )
    }
    return found + costs
  }

  private var demand: String { problem.nouns.demand }

  private var unit: String { problem.nouns.unit }

  private var steps: [ProjectFinding] {
    var found: [ProjectFinding] = []
    if panel.missing > 0 {
      found.append(
        ProjectFinding(
          .warning, "\(Words.count(panel.missing, "step")) have no number, over all series",
          remedy: "if no record means that nothing was asked for, set: no record means: zero"))
    }
    if let open = panel.open {
      found.append(
        ProjectFinding(
          .note,
          "open at \(open.phases.count) of \(open.period) steps of a \(panel.seasonWord); the others are left out"))
    }
    if !panel.closedDays.isEmpty {
      let days = panel.closedDays.prefix(3).map { String(Timeline.text($0 * Timeline.day).prefix(10)) }
      found.append(
        ProjectFinding(
          .note,
          "\(Words.count(panel.closedDays.count, "day")) without any \(demand) count as closed: "
            + days.joined(separator: ", ") + (panel.closedDays.count > 3 ? " and others" : "")))
    }
    return found
  }

  /// Records out of order, and several of one moment.
  private var order: [ProjectFinding] {
    var (backwards, repeated): ([Int], [Int]) = ([], [])
    for (one, rows) in zip(records.records, records.rows) {
      var seen: Set<Int> = []
      for place in one.moments.indices {
        if place > 0, one.moments[place] < one.moments[place - 1] { backwards.append(rows[place] + 1) }
        if !seen.insert(one.moments[place]).inserted { repeated.append(rows[place] + 1) }
      }
    }
    var found: [ProjectFinding] = []
    if let first = backwards.min() {
      found.append(
        ProjectFinding(
          .warning,
          "time goes backwards within a series in \(Words.count(backwards.count, "row")), first in row \(first): they are "
            + "put in order",
          remedy: "check that day and month are not exchanged, and that the column that tells series apart is mapped"))
    }
    if let first = repeated.min(), !problem.addsWithinSteps {
      found.append(
        ProjectFinding(
          .warning,
          "\(Words.count(repeated.count, "row")) have a moment that their series had before, first row \(first): their "
            + "\(demand) is added up",
          remedy: "remove rows that were exported twice, or map the column that tells series apart to series"))
    }
    return found
  }

  /// Series that are short, and those whose unit may have changed.
  private var series: [ProjectFinding] {
    let bottoms = panel.nodes.suffix(panel.hierarchy?.bottomCount ?? 1)
    func names(_ series: [Series]) -> String {
      series.prefix(3).map { "\"\($0.name)\"" }.joined(separator: ", ") + (series.count > 3 ? " and others" : "")
    }
    var found: [ProjectFinding] = []
    let single = bottoms.filter { series in series.values.count { !$0.isNaN } <= 1 }
    if !single.isEmpty {
      found.append(
        ProjectFinding(
          .warning,
          "\(Words.count(single.count, "series", plural: "series")) with one number or none: \(names(single)); "
            + "no more can be expected of them than that it stays so",
          remedy: "give their past, or take them out"))
    }
    if let longest = panel.seasons.last {
      let short = bottoms.filter { series in
        let first = series.values.firstIndex { !$0.isNaN } ?? series.count
        return series.count - first < 2 * longest && !single.contains(series)
      }
      if !short.isEmpty {
        found.append(
          ProjectFinding(
            .warning,
            "\(Words.count(short.count, "series", plural: "series")) shorter than two seasons of \(longest) steps: "
              + "\(names(short)); the season cannot be learned from them",
            remedy: "give a longer past, or shorter seasons"))
      } else if panel.count < 2 * longest + panel.horizon {
        found.append(
          ProjectFinding(
            .warning, "a season of \(longest) steps is seen less than twice before the test",
            remedy: "give a longer past"))
      }
    }
    for series in bottoms {
      guard let shift = LevelShift.largest(in: series.values) else { continue }
      let ratio = shift.ratio > 1 ? shift.ratio : 1 / shift.ratio
      found.append(
        ProjectFinding(
          .warning,
          "the \(demand) of \"\(series.name)\" becomes \(Words.number(ratio, digits: 2)) times "
            + "\(shift.ratio > 1 ? "larger" : "smaller") at \(Timeline.text(panel.moment(shift.step))) and stays there",
          remedy: "if its unit changed, as from boxes to pieces, give all rows in one unit"))
    }
    return found
  }

  /// What is known in advance, and what is not.
  private var known: [ProjectFinding] {
    var found = panel.drivers.lagged.map { name in
      ProjectFinding(
        .warning,
        "nothing is known of the driver \"\(name)\" after the last \(demand): forecasts use what it was \(panel.horizon) "
          + "steps before",
        remedy: "add rows with an empty \(demand) and what is planned of it for the next \(panel.horizon) steps")
    }
    if let refusal = panel.drivers.refusal {
      found.append(
        ProjectFinding(
          .warning, refusal,
          remedy: "add rows with an empty \(demand) for them, or name a country or dates under holidays"
        ))
    }
    return found
  }

  private var costs: [ProjectFinding] {
    var found: [ProjectFinding] = []
    if !problem.assumed.isEmpty {
      let names = problem.assumed.map(\.name).joined(separator: ", ")
      let examples = problem.assumed.map { "\($0.name) \(Words.number($0.amount))" }.joined(separator: ", ")
      found.append(
        ProjectFinding(
          .warning,
          "value does not say \(names): examples stand in their place (\(examples)), and the plan and all its money hang "
            + "on them",
          remedy: "give them under value, in one currency"))
    }
    guard case .units(let costs, _) = problem.plan else { return found }
    let (gain, holding) = (costs.shortageCost * costs.unitSize, costs.holdingCost)
    if gain <= holding {
      found.append(
        ProjectFinding(
          .warning,
          "\(Words.one(unit)) costs \(Words.number(holding)) in a step and saves at most \(Words.number(gain)): with these costs every "
            + "\(unit) is a loss, and having none is cheapest",
          remedy: "look at unit, shortage and holding under value"))
    } else if (gain - holding) * Double(problem.horizon) <= costs.addingCost {
      found.append(
        ProjectFinding(
          .warning,
          "a new \(unit) saves at most \(Words.number(gain - holding)) in a step and costs \(Words.number(costs.addingCost)) "
            + "to add: within the horizon adding is always a loss",
          remedy: "look at adding under value, or plan for a longer horizon"))
    }
    return found
  }
}
