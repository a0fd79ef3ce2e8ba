import Demand
import Projects

extension CapacityPlanning {
  /// What to have, or how many people, in a sentence, and what it is worth.
  static func headline(_ story: DemandStory) -> String {
    if let units = story.outcome.units { return headline(units, story) }
    if let calls = story.outcome.calls { return headline(calls, story) }
    return "The demand of the next \(story.time)."
  }

  private static func headline(_ units: UnitPlan, _ story: DemandStory) -> String {
    let (most, least) = (units.comparison.best.units.max() ?? 0, units.comparison.best.units.min() ?? 0)
    if most == 0 {
      return "At these costs every unit of capacity is a loss: having none is cheapest over the next \(story.time)."
    }
    let range = most == least ? Words.number(most) : "\(Words.number(least)) to \(Words.number(most))"
    let plan = "Have \(range) units over the next \(story.time)"
    guard story.problem.assumed.isEmpty else {
      return "\(plan), at costs that are examples: give your own under value."
    }
    guard let proven = units.proven, proven[1] > 0 else { return "\(plan)." }
    let change = proven[0] / proven[1] - 1
    return "\(plan). Planned so, the last \(story.testTime) would have cost \(Words.percent(abs(change))) "
      + "\(change <= 0 ? "less" : "more") than planned by the demand of a \(story.season) before."
  }

  private static func headline(_ calls: CallPlan, _ story: DemandStory) -> String {
    let most = calls.staffing.need.max() ?? 0
    let people = "Up to \(Words.count(most, "person", plural: "people")) must answer calls at once"
    guard story.problem.assumed.isEmpty else {
      return "\(people). What the shifts cost hangs on the wage: give yours under value."
    }
    return "\(people); the shifts of \(Words.count(calls.days.count, "day")) cost "
      + "\(Words.money(calls.cost, story.problem.currency))."
  }
}
