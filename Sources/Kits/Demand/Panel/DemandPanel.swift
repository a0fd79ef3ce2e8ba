import Basics
import TimeSeries

/// The demand of all series on one timeline, with the sums that they add up to and what is known in advance.
public struct DemandPanel: Sendable {
  /// The nodes: the total and the regions first, where there are some, then the series themselves.
  public let nodes: [Series]
  /// How they add up; nil for a single series.
  public let hierarchy: Hierarchy?
  /// The lengths of the seasons in steps.
  public let seasons: [Int]
  /// The steps of the data in words: "day".
  public let step: String
  /// Steps without a number, over all series.
  public let missing: Int
  /// The steps that are planned for.
  public let horizon: Int
  /// The steps at which it is open; nil where all are steps of the panel.
  public let open: OpenSteps?
  /// The dates on which everything stood still though the day is open otherwise.
  public let closedDays: [Int]
  /// What forecasts may lean on.
  public let drivers: DemandDrivers
  /// The moments of all steps, the closed ones among them.
  public let timeline: Timeline

  /// The number of steps.
  public var count: Int { nodes[0].count }

  /// The moment of a step, in seconds since 1970.
  public func moment(_ step: Int) -> Int { timeline.moment(open?.step(step) ?? step) }

  /// The date of a step, in days since 1970.
  public func day(_ step: Int) -> Int { CalendarDate.floorDivision(moment(step), by: Timeline.day).quotient }

  /// The lengths of steps that have a name: "day".
  public static let steps: [String: Timeline.Step] = [
    "half hour": .seconds(1_800), "hour": .seconds(3_600), "day": .seconds(86_400), "week": .seconds(604_800),
    "month": .months(1),
  ]

  /// Lays records on steps and finds seasons, closed steps and drivers.
  ///
  /// - Parameters:
  ///   - records: The rows by series.
  ///   - recorded: The same on a timeline. Rows without a number after the last one tell what is planned.
  ///   - settings: The horizon and what else is known.
  /// - Throws: a `data` error where there is no demand, or for a driver that covers only a part of the horizon; a
  ///   `configuration` error for holidays that cannot be read.
  public init(_ records: DemandRecords, _ recorded: RecordedPanel, settings: DemandSettings) throws {
    let (given, wanted) = (settings.seasons, settings.horizon)
    timeline = recorded.timeline
    step = Self.name(timeline.step)
    // Rows without demand after the last number tell what is planned.
    let whole = 1 + (recorded.series.map { $0.values.lastIndex { !$0.isNaN } ?? -1 }.max() ?? -1)
    guard whole > 0 else { throw AssayError(.data, "no row has a demand", at: settings.source) }
    var bottoms = recorded.series.map { $0.prefix(whole) }
    var lengths = given.isEmpty ? Self.usualSeasons(timeline.step, count: whole) : given
    let drivers = try DemandDrivers(records, recorded, count: whole, settings)
    var closed: [Int] = []
    if settings.leavesOutClosedSteps, let week = lengths.last,
      let open = OpenSteps.found(in: bottoms, period: week)
    {
      self.open = open
      horizon = open.count(before: whole + wanted) - open.count(before: whole)
      lengths = open.seasons(lengths)
      bottoms = bottoms.map { Series($0.name, values: open.kept($0.values)) }
      (bottoms, closed) = Self.withoutClosedDays(bottoms) { [timeline] step in
        CalendarDate.floorDivision(timeline.moment(open.step(step)), by: Timeline.day).quotient
      }
      self.drivers = drivers.kept(open)
    } else {
      open = nil
      horizon = wanted
      self.drivers = drivers
    }
    closedDays = closed
    seasons = lengths
    missing = bottoms.reduce(0) { $0 + $1.values.drop { $0.isNaN }.count { $0.isNaN } }
    guard bottoms.count > 1 else {
      nodes = bottoms
      hierarchy = nil
      return
    }
    let tree = try Hierarchy(paths: records.paths, total: "all")
    hierarchy = tree
    nodes = Self.summed(bottoms, tree, season: lengths.last ?? 1)
  }

  private static func name(_ step: Timeline.Step) -> String {
    if let known = steps.first(where: { $0.value == step })?.key { return known }
    switch step {
    case .seconds(let count): return count % 60 == 0 ? "step of \(count / 60) minutes" : "step of \(count) seconds"
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

  /// Days on which all steps of all series are zero or missing are missing: holidays, or days that nobody recorded.
  private static func withoutClosedDays(
    _ bottoms: [Series], day: (Int) -> Int
  ) -> (bottoms: [Series], closed: [Int]) {
    let steps = Dictionary(grouping: 0..<bottoms[0].count, by: day)
    let closed = steps.filter { _, steps in
      bottoms.allSatisfy { series in steps.allSatisfy { series.values[$0].isNaN || series.values[$0] == 0 } }
    }
    var result = bottoms
    for place in closed.values.joined() { for series in result.indices { result[series].values[place] = .nan } }
    return (result, closed.keys.sorted())
  }

  /// The sums and the series. What a series lacks stands in the sum as its own past lets expect; before its first number
  /// it adds nothing.
  private static func summed(_ bottoms: [Series], _ tree: Hierarchy, season: Int) -> [Series] {
    let filled = bottoms.map { $0.filledFromPast(season: season).values.map { $0.isNaN ? 0 : $0 } }
    return tree.members.enumerated().map { node, members in
      if node >= tree.aggregateCount { return bottoms[node - tree.aggregateCount] }
      var sum = [Double](repeating: 0, count: bottoms[0].count)
      for member in members { for step in sum.indices { sum[step] += filled[member][step] } }
      return Series(tree.names[node], values: sum)
    }
  }
}
