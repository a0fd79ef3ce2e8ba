import Basics
import Foundation
import Projects
import Tables
import TimeSeries

/// The demand of all series on one timeline, with the sums that they add up to.
struct DemandPanel {
  /// The nodes: the total and the regions first, where there are some, then the series themselves.
  let nodes: [Series]
  /// How they add up; nil for a single series.
  let hierarchy: Hierarchy?
  /// The moments of the steps.
  let timeline: Timeline
  /// The lengths of the seasons in steps.
  let seasons: [Int]
  /// The steps of the data in words: "day".
  let step: String
  /// Steps without a number, over all series.
  let missing: Int

  /// The number of steps.
  var count: Int { nodes[0].count }

  init(_ project: Project, _ data: ProjectData) throws {
    guard let times = data.numbers("time"), let demand = data.numbers("demand") else {
      throw AssayError(.data, "there is no time or no demand", at: project.source)
    }
    var groups: [[String]: [Int]] = [:]
    let columns = ["region", "series"].compactMap { data.table[$0] }
    for row in times.indices {
      guard !times[row].isNaN else {
        throw AssayError(
          .data, "row \(row + 1) has no time", at: "column \"\(data.names["time"] ?? "time")\"",
          remedy: "fill it in, or remove the row")
      }
      groups[columns.map { $0.text(at: row) ?? "(none)" }, default: []].append(row)
    }
    let paths = groups.keys.sorted { $0.lexicographicallyPrecedes($1) }
    let chosen = project.settings.text("step") ?? "auto"
    var rules = Regularization(
      step: Self.steps[chosen], duplicates: .sum,
      gaps: project.settings.text("no record means") == "zero" ? .zero : .missing,
      sorts: true, floors: chosen != "auto")
    var read: [(timeline: Timeline, series: Series)] = []
    for path in paths {
      let rows = groups[path] ?? []
      let name = path.isEmpty ? "demand" : path.joined(separator: " / ")
      let found = try rules.series(name, moments: rows.map { Int(times[$0]) }, values: rows.map { demand[$0] })
      // All series have the step of the first.
      rules.step = found.timeline.step
      read.append(found)
    }
    let start = read.map(\.timeline.start).min() ?? 0
    timeline = Timeline(start: start, step: read[0].timeline.step)
    let bottoms = try Self.aligned(read, timeline)
    missing = bottoms.reduce(0) { $0 + $1.values.count { $0.isNaN } }
    step = Self.name(timeline.step)
    let given = (project.settings.text("seasons") ?? "").split(separator: ",")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let listed = given.compactMap(Int.init)
    guard listed.count == given.count, listed.allSatisfy({ $0 > 1 }) else {
      throw AssayError(
        .configuration, "seasons are whole numbers above 1", at: "\(project.folder)/\(Project.fileName), seasons",
        remedy: "write for example 7, or 24, 168")
    }
    seasons = listed.isEmpty ? Self.usualSeasons(timeline.step, count: bottoms[0].count) : listed.sorted()
    guard bottoms.count > 1 else {
      nodes = bottoms
      hierarchy = nil
      return
    }
    let tree = try Hierarchy(paths: paths, total: "all")
    hierarchy = tree
    nodes = try Self.summed(bottoms, tree)
  }

  private static let steps: [String: Timeline.Step] = [
    "half hour": .seconds(1_800), "hour": .seconds(3_600), "day": .seconds(86_400), "week": .seconds(604_800),
    "month": .months(1),
  ]

  private static func name(_ step: Timeline.Step) -> String {
    if let known = steps.first(where: { $0.value == step })?.key { return known }
    switch step {
    case .seconds(let count): return "step of \(count) seconds"
    case .months(let count): return "step of \(count) months"
    }
  }

  /// The seasons that demand of a step usually has, as far as two of them fit.
  private static func usualSeasons(_ step: Timeline.Step, count: Int) -> [Int] {
    let usual: [Int] =
      switch step {
      case .seconds(let length) where length < 86_400 && 86_400 % length == 0: [86_400 / length, 7 * 86_400 / length]
      case .seconds(86_400): [7]
      case .seconds(604_800): [52]
      case .months(1): [12]
      case .months(3): [4]
      default: []
      }
    return usual.filter { 2 * $0 <= count }
  }

  /// The series on one timeline; before a series begins, and after it ends, its numbers are missing.
  private static func aligned(_ read: [(timeline: Timeline, series: Series)], _ timeline: Timeline) throws -> [Series] {
    var offsets: [Int] = []
    for (own, series) in read {
      var offset = 0
      while timeline.moment(offset) < own.start { offset += 1 }
      guard timeline.moment(offset) == own.start else {
        throw AssayError(
          .data, "the series \"\(series.name)\" begins at \(Timeline.text(own.start)), between two steps of the others",
          remedy: "choose a step in the project file: records within it are added up")
      }
      offsets.append(offset)
    }
    let count = zip(offsets, read).map { $0 + $1.series.count }.max() ?? 0
    return zip(offsets, read).map { offset, one in
      let front = [Double](repeating: .nan, count: offset)
      let back = [Double](repeating: .nan, count: count - offset - one.series.count)
      return Series(one.series.name, values: front + one.series.values + back)
    }
  }

  /// The sums and the series. Where a series lacks a number between two of its own, one between them stands in the sum;
  /// before its first it adds nothing.
  private static func summed(_ bottoms: [Series], _ tree: Hierarchy) throws -> [Series] {
    let filled = bottoms.map { series -> [Double] in
      guard let first = series.values.firstIndex(where: { !$0.isNaN }) else { return series.values.map { _ in 0 } }
      let inner = Series(series.name, values: Array(series.values[first...])).interpolated
      return [Double](repeating: 0, count: first) + inner
    }
    return tree.members.enumerated().map { node, members in
      if node >= tree.aggregateCount { return bottoms[node - tree.aggregateCount] }
      var sum = [Double](repeating: 0, count: bottoms[0].count)
      for member in members { for step in sum.indices { sum[step] += filled[member][step] } }
      return Series(tree.names[node], values: sum)
    }
  }
}
