import Basics
import Projects
import Sequences

extension PredictiveMaintenance {
  /// Whether the records can carry the solution, and what in them is odd.
  public func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
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
    for finding in fleet.units.findings.prefix(5) { found.append(ProjectFinding(.warning, finding.description)) }
    if fleet.units.findings.count > 5 {
      found.append(ProjectFinding(.warning, "and \(fleet.units.findings.count - 5) more of this kind"))
    }
    if !fleet.skipped.isEmpty {
      found.append(
        ProjectFinding(.note, "not used, because they hold no numbers: \(fleet.skipped.joined(separator: ", "))"))
    }
    found += jumps(fleet)
    if project.amounts.number("failure") <= project.amounts.number("service") {
      found.append(
        ProjectFinding(
          .warning,
          "a failure costs no more than a service: then waiting for failures is cheapest, whatever is predicted",
          remedy: "look at the costs under value"))
    }
    return found
  }

  /// Sensors whose level differs between machines as units of measurement do.
  private func jumps(_ fleet: FleetData) -> [ProjectFinding] {
    var found: [ProjectFinding] = []
    for (channel, values) in zip(fleet.units.channels, fleet.units.values) where !fleet.conditions.contains(channel) {
      let medians = fleet.units.units.compactMap { unit -> Double? in
        let known = unit.rows.map { Double(values[$0]) }.filter { !$0.isNaN }.sorted()
        return known.isEmpty ? nil : known[known.count / 2]
      }.sorted()
      guard medians.count >= 10 else { continue }
      let middle = medians[medians.count / 2]
      let spread = medians[medians.count * 3 / 4] - medians[medians.count / 4]
      let far = medians.filter { abs($0 - middle) > 20 * max(spread, 0.01 * abs(middle)) }
      if !far.isEmpty, far.count * 4 < medians.count {
        found.append(
          ProjectFinding(
            .warning,
            "\(channel) is usually about \(Words.number(middle)), but about \(Words.number(far[0])) on "
              + Words.count(far.count, "machine"),
            remedy: "look whether these are recorded in another unit of measurement"))
      }
    }
    return found
  }
}
