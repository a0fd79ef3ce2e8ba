import Basics
import Experiments
import Projects
import Tables

/// A solution that does next to nothing, for tests of what is around solutions.
struct SmallSolution: Solution {
  var card: SolutionCard {
    SolutionCard(
      name: "small", title: "Small", purpose: "nothing much", row: "one visit",
      fields: [
        .init("time", "when it was", kind: .time, isRequired: true),
        .init("amount", "how much, in EUR", kind: .number, isRequired: true),
        .init("bought", "whether something was bought", kind: .truth),
        .init("shop", "where it was", kind: .code),
        .init("order", "its place in a row of visits", kind: .order),
      ],
      settings: [
        .init("delay", "how long it takes", kind: .duration, standard: "7 days"),
        .init("share", "a share", kind: .number(0...1), standard: "0.2"),
        .init("count", "a number", kind: .whole(1...10), standard: "3"),
        .init("way", "how", kind: .choice(["fast", "slow"]), standard: "fast"),
        .init("note", "anything", kind: .text, standard: ""),
        .init("shifts", "hours", kind: .numbers(1...24), standard: "4, 8"),
        .init("windows", "lengths of time", kind: .durations, standard: "1h, 7 days"),
        .init("size", "a size", kind: .number(1e-9...1e12), standard: "10"),
      ],
      value: .amounts([.init("cost", "what it costs", kind: .number(0...1e6), standard: "5")]))
  }

  func simulated(key: RandomKey) throws -> ProjectStart {
    ProjectStart(
      table: try Table([
        Column("visit time", .dateTime([0, 1_000_000])), Column("EUR: net", .float([1.5, 2])),
        Column("shop", .text(TextValues(["a", "b"]))),
      ]),
      later: try Table([Column("visit time", .dateTime([2_000_000])), Column("EUR: net", .float([3]))]),
      columns: ["time": "visit time", "amount": "EUR: net", "shop": "shop"], settings: ["count": "4"],
      words: "Two visits.")
  }

  func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] { [] }

  func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    throw AssayError(.data, "there is nothing to run")
  }

  func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table { data.table }
}
