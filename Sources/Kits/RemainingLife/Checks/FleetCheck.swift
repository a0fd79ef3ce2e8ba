import Basics
import Projects
import Sequences

/// What is odd about the records of a fleet before anything is learned from them.
public struct FleetCheck {
  private let problem: LifeProblem
  private let fleet: FleetData
  private var noun: String { problem.noun }
  private var nouns: String { problem.plural }
  private var terms: ServiceTerms { problem.terms }

  /// Reads the records of a problem.
  ///
  /// - Throws: a `data` or `schema` error for records that are none.
  public init(_ problem: LifeProblem) throws {
    self.problem = problem
    fleet = try FleetData(problem)
  }

  /// Whether the records can carry the problem, and what in them is odd.
  public func findings() throws -> [ProjectFinding] {
    var found: [ProjectFinding] = []
    let failures = fleet.failed.count { $0 }
    found.append(
      ProjectFinding(
        .note,
        "\(Words.count(fleet.units.units.count, noun, plural: nouns)), \(Words.count(fleet.units.rowCount, "row")); "
          + "\(failures) were recorded up to a failure"))
    let usable = fleet.usableFailures
    if usable < 14 {
      let short = usable == failures ? "" : " with a record of at least \(FleetData.leastRows) rows"
      found.append(
        ProjectFinding(
          .stop, "\(usable) \(nouns) failed\(short); it takes 14 to learn from some and measure on others",
          remedy: "give more \(nouns), or say in a column \"\(problem.failed)\" which records end in a failure"))
    } else if usable < 40 {
      found.append(ProjectFinding(.warning, "\(usable) failures are few: intervals will be wide"))
    }
    found += order + records + times
    if !fleet.skipped.isEmpty {
      found.append(
        ProjectFinding(.note, "not used, because they hold no numbers: \(fleet.skipped.joined(separator: ", "))"))
    }
    found += try jumps()
    found += costs
    return found
  }

  /// What is odd about the order of rows, one finding of each kind.
  private var order: [ProjectFinding] {
    var found = SequenceFinding.Kind.allCases.compactMap { kind -> ProjectFinding? in
      let own = fleet.units.findings.filter { $0.kind == kind }
      guard let first = own.first else { return nil }
      let others =
        own.count == 1 ? "" : "; the like in \(Words.count(own.count - 1, "more \(noun)", plural: "more \(nouns)"))"
      return ProjectFinding(.warning, "\(noun) \(first.unit): \(first.description)\(others)")
    }
    // A few are slips; many are two machines under one name.
    if fleet.merged * 20 > fleet.units.rowCount {
      found.append(
        ProjectFinding(
          .stop, "\(Words.count(fleet.merged, "row")) have the time of another row of the same \(noun)",
          remedy: "look whether several \(nouns) bear one name, or whether rows are there twice"))
    }
    return found
  }

  /// Records that are too short, or that contradict themselves.
  private var records: [ProjectFinding] {
    var found: [ProjectFinding] = []
    func others(_ count: Int) -> String {
      count > 1 ? "; the like in \(Words.count(count - 1, "more \(noun)", plural: "more \(nouns)"))" : ""
    }
    if let first = fleet.revived.first {
      found.append(
        ProjectFinding(
          .stop,
          "\(noun) \(first.unit) failed in row \(first.row + 1) of the table and goes on after it"
            + others(fleet.revived.count),
          remedy: "give each life between two repairs a name of its own, such as \(first.unit)-1, \(first.unit)-2; or "
            + "correct \"\(problem.failed)\""))
    }
    if let first = fleet.restarted.first {
      found.append(
        ProjectFinding(
          .stop,
          "the time of \(noun) \(first.unit) falls back at row \(first.row + 1) of the table, as if counting began anew"
            + others(fleet.restarted.count),
          remedy: "give each life a name of its own, such as \(first.unit)-1, \(first.unit)-2; or correct the times"))
    }
    let short = fleet.units.units.count { $0.rows.count > 1 && $0.rows.count < FleetData.leastRows }
    if short > 0 {
      found.append(
        ProjectFinding(
          .warning,
          "\(Words.count(short, noun, plural: nouns)) \(short == 1 ? "has" : "have") fewer than \(FleetData.leastRows) rows: "
            + "nothing of their course can be seen"))
    }
    return found
  }

  /// What time is counted in, and settings that do not go with it.
  private var times: [ProjectFinding] {
    var found: [ProjectFinding] = []
    let column = problem.data.names[problem.time] ?? problem.time
    if fleet.time.seconds != nil {
      found.append(
        ProjectFinding(
          .note,
          "\"\(column)\" holds dates; they are counted in \(fleet.time.plural), and so are longest life, horizon, reaction "
            + "and crew: the setting \"time unit\" takes another unit"))
    } else {
      found.append(ProjectFinding(.note, "\"\(column)\" is taken to count \(fleet.time.plural)"))
    }
    let lengths = fleet.units.units.map {
      fleet.units.times[$0.rows.upperBound - 1] - fleet.units.times[$0.rows.lowerBound]
    }
    let longest = lengths.max() ?? 0
    for (name, length) in [("longest life", problem.longestLife), ("horizon", problem.horizon)] where length > longest {
      found.append(
        ProjectFinding(
          .warning,
          "\(name) is \(fleet.time.amount(length)), but no \(noun) is recorded for more than "
            + fleet.time.amount(longest),
          remedy: "set \(name) in \(fleet.time.plural), to less than that"))
    }
    return found
  }

  /// Sensors that jump as they do where the unit of measurement changes: the column, and where.
  private func jumps() throws -> [ProjectFinding] {
    try fleet.units.channels.compactMap { channel in
      let jumps = try fleet.units.levelJumps(channels: [channel])
      guard let first = jumps.first else { return nil }
      let rows = jumps.reduce(0) { $0 + $1.rows.count }
      let units = Set(jumps.map(\.unit)).count
      let name = fleet.units.units[first.unit].name
      let place =
        first.isWholeUnit
        ? "all of \(noun) \(name)"
        : "\(noun) \(name) from row \(fleet.units.sourceRows[first.rows.lowerBound] + 1) of the table on"
      return ProjectFinding(
        .warning,
        "\(channel) is usually about \(Words.number(first.usual)), but about \(Words.number(first.level)) in "
          + "\(Words.count(rows, "row")) of \(Words.count(units, noun, plural: nouns)): \(place)",
        remedy: first.likelyCause.map { "it looks like \($0); bring all to one unit of measurement" }
          ?? "look whether these are recorded in another unit of measurement")
    }
  }

  /// Costs with which nothing that can be done pays.
  private var costs: [ProjectFinding] {
    let taken = terms.assumed.map { "\($0.name) \(Words.number($0.amount))" }
    let assumed =
      taken.isEmpty
      ? [] : [ProjectFinding(.note, "taken, because value does not say otherwise: \(taken.joined(separator: ", "))")]
    guard terms.areGiven else { return [terms.costless] + assumed }
    return assumed + balance
  }

  private var balance: [ProjectFinding] {
    let (failure, service, inspection) = (terms.failure, terms.service, terms.inspection)
    guard failure > 0, service > 0 else {
      return [
        ProjectFinding(
          .stop,
          "a failure costs \(Words.number(failure)) and a service \(Words.number(service)); both must cost something",
          remedy: "give their costs under value")
      ]
    }
    if failure <= service {
      return [
        ProjectFinding(
          .warning,
          "a failure costs no more than a service: every service is a loss, and waiting for failures is cheapest, "
            + "whatever is predicted",
          remedy: "look at the costs under value; a failure's should include the standstill")
      ]
    }
    let looks = zip(fleet.units.units, fleet.failed).filter(\.1).map(\.0.rows.count).sorted()
    let usual = looks.isEmpty ? 0 : Double(looks[looks.count / 2])
    guard usual * inspection >= failure - service else { return [] }
    return [
      ProjectFinding(
        .warning,
        "to look at every reading of \(Words.one(noun))'s life costs \(Words.number(usual * inspection)), and a failure only "
          + "\(Words.number(failure - service)) more than a service: watching is a loss, whatever is predicted",
        remedy: "look at the costs under value, or give readings less often")
    ]
  }
}
