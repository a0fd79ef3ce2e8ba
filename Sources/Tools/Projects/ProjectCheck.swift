import Decisions
import Tables

/// What a project shows to be wrong or worth knowing, whatever its solution: looked at before the solution's own checks.
public enum ProjectCheck {
  /// The findings of the project file and the data, then the solution's.
  ///
  /// - Throws: what the solution's check throws.
  public static func findings(
    _ project: Project, _ solution: any Solution, _ data: ProjectData
  ) throws -> [ProjectFinding] {
    let found = data.dateFindings + unknownNames(project, data) + StrayMoments.findings(data, solution.card)
    // The solution may stumble over what is already known to be wrong.
    if found.contains(where: { $0.level == .stop }) { return found }
    return try found + solution.check(project, data)
  }

  /// Names in the value's expressions that are no columns.
  private static func unknownNames(_ project: Project, _ data: ProjectData) -> [ProjectFinding] {
    guard let value = project.value else { return [] }
    let expressions = value.actions.flatMap { [$0.gain, $0.cost] } + [value.today]
    var found: [ProjectFinding] = []
    for expression in expressions.compactMap({ $0 }) {
      for name in expression.columns where data.table[name] == nil {
        let field = data.names.first { $0.value == name || $0.value.lowercased() == name.lowercased() }?.key
        let near = nearName(to: name, among: data.table.names)
        let remedy =
          field.map { "your column \"\(data.names[$0] ?? name)\" is called \($0) here: write \($0)" }
          ?? near.map { "did you mean \($0)?" } ?? "there are \(data.table.names.joined(separator: ", "))"
        found.append(
          ProjectFinding(
            .stop, "\(expression.place): \"\(expression.source)\" uses \"\(name)\", which is no column", remedy: remedy)
        )
      }
    }
    return found
  }
}
