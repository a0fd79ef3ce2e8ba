import Basics
import Projects
import Sequences

extension PredictiveMaintenance {
  /// Whether the records can carry the solution, and what in them is odd.
  public func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    if Self.takesSnapshots(project) { return try SnapshotCheck(project: project, data: data).findings() }
    let fleet = try FleetData(project, data)
    var found: [ProjectFinding] = []
    let failures = fleet.failed.count { $0 }
    found.append(
      ProjectFinding(
        .note,
        "\(Words.count(fleet.units.units.count, "machine")), \(Words.count(fleet.units.rowCount, "row")); "
          + "\(failures) were recorded up to a failure"))
    if failures < 14 {
      found.append(
        ProjectFinding(
          .stop, "\(failures) machines failed; it takes 14 to learn from some and measure on others",
          remedy: "give more machines, or say in a column \"failed\" which records end in a failure"))
    } else if failures < 40 {
      found.append(ProjectFinding(.warning, "\(failures) failures are few: intervals will be wide"))
    }
    found += order(fleet)
    if !fleet.skipped.isEmpty {
      found.append(
        ProjectFinding(.note, "not used, because they hold no numbers: \(fleet.skipped.joined(separator: ", "))"))
    }
    found += try jumps(fleet)
    found += costs(project, fleet)
    return found
  }

  /// What is odd about the order of rows, one finding of each kind.
  private func order(_ fleet: FleetData) -> [ProjectFinding] {
    var found = SequenceFinding.Kind.allCases.compactMap { kind -> ProjectFinding? in
      let own = fleet.units.findings.filter { $0.kind == kind }
      guard let first = own.first else { return nil }
      let others = own.count == 1 ? "" : "; the like in \(Words.count(own.count - 1, "more machine"))"
      return ProjectFinding(.warning, "machine \(first.unit): \(first.description)\(others)")
    }
    // A few are slips; many are two machines under one name.
    if fleet.merged * 20 > fleet.units.rowCount {
      found.append(
        ProjectFinding(
          .stop, "\(Words.count(fleet.merged, "row")) have the time of another row of the same machine",
          remedy: "look whether several machines bear one name, or whether rows are there twice"))
    }
    return found
  }

  /// Sensors that jump as they do where the unit of measurement changes: the column, and where.
  private func jumps(_ fleet: FleetData) throws -> [ProjectFinding] {
    try fleet.units.channels.compactMap { channel in
      let jumps = try fleet.units.levelJumps(channels: [channel])
      guard let first = jumps.first else { return nil }
      let rows = jumps.reduce(0) { $0 + $1.rows.count }
      let machines = Set(jumps.map(\.unit)).count
      let name = fleet.units.units[first.unit].name
      let place =
        first.isWholeUnit
        ? "all of machine \(name)"
        : "machine \(name) from row \(fleet.units.sourceRows[first.rows.lowerBound] + 1) of the table on"
      return ProjectFinding(
        .warning,
        "\(channel) is usually about \(Words.number(first.usual)), but about \(Words.number(first.level)) in "
          + "\(Words.count(rows, "row")) of \(Words.count(machines, "machine")): \(place)",
        remedy: first.likelyCause.map { "it looks like \($0); bring all to one unit of measurement" }
          ?? "look whether these are recorded in another unit of measurement")
    }
  }

  /// Costs with which nothing that can be done pays.
  private func costs(_ project: Project, _ fleet: FleetData) -> [ProjectFinding] {
    let (failure, service) = (project.amounts.number("failure"), project.amounts.number("service"))
    let inspection = project.amounts.number("inspection")
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
        "to look at every reading of a machine's life costs \(Words.number(usual * inspection)), and a failure only "
          + "\(Words.number(failure - service)) more than a service: watching is a loss, whatever is predicted",
        remedy: "look at the costs under value, or give readings less often")
    ]
  }
}
