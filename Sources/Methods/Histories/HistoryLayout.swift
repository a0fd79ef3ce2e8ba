import Basics

/// The groups of features of an entity, as bits: they are asked for with every event.
struct FeatureGroups: Sendable, Hashable {
  private let bits: UInt32

  init(_ features: Set<HistoryPlan.Feature>) {
    bits = features.reduce(0) { $0 | FeatureGroups.bit($1) }
  }

  @inline(__always)
  func contains(_ feature: HistoryPlan.Feature) -> Bool { bits & FeatureGroups.bit(feature) != 0 }

  @inline(__always)
  private static func bit(_ feature: HistoryPlan.Feature) -> UInt32 {
    switch feature {
    case .counts: 1
    case .velocity: 2
    case .amounts: 4
    case .labels: 8
    case .times: 16
    case .habits: 32
    case .repeats: 64
    }
  }
}

/// A checked plan with names turned into numbers, and what each feature is called.
struct HistoryLayout: Sendable {
  /// A link with its entities' numbers and its place among the links of each.
  struct Link: Sendable {
    var sides: (Int, Int)
    var places: (Int, Int)
  }

  /// A graph with its entities' numbers, and where its nodes begin among the nodes of an event.
  struct Graph: Sendable {
    var members: [Int]
    var firstNode: Int
  }

  /// The windows, shortest first, `all` last.
  let windows: [HistorySpan]
  /// How many windows have an end.
  let finite: Int
  let delay: Int64?
  let groups: [FeatureGroups]
  let links: [Link]
  /// The entities that keep repeats; their pairs come after those of the links.
  let repeats: [Int]
  let graphs: [Graph]
  /// The links of each entity, and its side.
  let linkCounts: [Int]
  let shape: EventLog.Shape
  let names: [String]

  /// Checks a plan.
  ///
  /// - Throws: a `configuration` error that names the setting.
  init(_ plan: HistoryPlan) throws {
    try HistoryLayout.check(plan)
    windows = Array(Set(plan.windows)).sorted()
    finite = windows.count { !$0.isAll }
    delay = plan.label?.delay.microseconds
    let groups = plan.entities.map { entity in
      var groups = Set(entity.features)
      if plan.amounts.isEmpty { groups.subtract([.amounts, .repeats]) }
      if plan.label == nil { groups.remove(.labels) }
      return groups
    }
    self.groups = groups.map { FeatureGroups($0) }
    let positions = Dictionary(uniqueKeysWithValues: plan.entities.enumerated().map { ($1.name, $0) })
    func position(_ name: String, of what: String) throws -> Int {
      if let position = positions[name] { return position }
      throw AssayError(
        .configuration, "\(what) names the entity \"\(name)\", which there is none of",
        remedy: "the entities are \(plan.entities.map(\.name).joined(separator: ", "))")
    }
    var counts = Array(repeating: 0, count: plan.entities.count)
    var links: [Link] = []
    for link in plan.links {
      let sides = (try position(link.between[0], of: "a link"), try position(link.between[1], of: "a link"))
      links.append(Link(sides: sides, places: (counts[sides.0], counts[sides.1])))
      counts[sides.0] += 1
      counts[sides.1] += 1
    }
    self.links = links
    linkCounts = counts
    let repeats = groups.indices.filter { groups[$0].contains(.repeats) }
    self.repeats = repeats
    var nodes = 0
    var graphs: [Graph] = []
    for graph in plan.graphs {
      graphs.append(Graph(members: try graph.between.map { try position($0, of: "a graph") }, firstNode: nodes))
      nodes += graph.between.count
    }
    self.graphs = graphs
    shape = EventLog.Shape(
      entities: plan.entities.count, amounts: plan.amounts.count, pairs: links.count + repeats.count, nodes: nodes)
    guard shape.pairs <= 32 else {
      throw AssayError(.configuration, "links and entities with repeats are \(shape.pairs), at most 32 are possible")
    }
    names = HistoryLayout.names(plan, windows: windows, groups: groups)
    if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $0.value.count > 1 }) {
      throw AssayError(
        .configuration, "two features are named \"\(twice.key)\"", remedy: "name entities, amounts and links once each")
    }
  }

  private static func check(_ plan: HistoryPlan) throws {
    func demand(_ condition: Bool, _ problem: @autoclosure () -> String, _ remedy: String = "") throws {
      if !condition { throw AssayError(.configuration, problem(), at: "history plan", remedy: remedy) }
    }
    try demand(!plan.entities.isEmpty, "there are no entities", "name at least one column whose history counts")
    let names = plan.entities.map(\.name)
    try demand(Set(names).count == names.count, "two entities have the same name", "give each its own name")
    for entity in plan.entities {
      try demand(!entity.columns.isEmpty && !entity.name.isEmpty, "an entity has no columns")
    }
    try demand(!plan.windows.isEmpty, "there are no windows", "list some, such as 1d, 7d, all")
    try demand(!plan.windows.contains(.none), "a window has no length")
    for amount in plan.amounts {
      try demand(
        amount.resolution > 0 && amount.resolution.isFinite,
        "the resolution of \"\(amount.column)\" is \(amount.resolution), not above 0")
    }
    if let label = plan.label {
      try demand(!label.delay.isAll, "the label is never known: its delay is \"all\"")
      try demand((0...1).contains(label.prior), "the prior share is \(label.prior), not in 0 ... 1")
      try demand(
        label.smoothing >= 0 && label.smoothing.isFinite, "the smoothing is \(label.smoothing), not at least 0")
    }
    for link in plan.links {
      try demand(
        link.between.count == 2 && link.between[0] != link.between[1], "a link needs two entities that differ",
        "write between: [customer, terminal]")
    }
    for graph in plan.graphs {
      try demand(
        graph.between.count >= 2 && Set(graph.between).count == graph.between.count,
        "a graph needs two or more entities that differ")
      try demand((graph.hubDegree ?? 1) >= 1, "hubDegree is below 1")
    }
    if let unit = plan.timeUnit { try demand(!unit.isAll && unit != .none, "the time unit has no length") }
    if let clock = plan.clock {
      try demand(abs(clock.offsetHours) <= 24, "offsetHours is \(clock.offsetHours), not in -24 ... 24")
      try demand(
        (0...23).contains(clock.nightFrom) && (0...24).contains(clock.nightUntil),
        "the night is \(clock.nightFrom) to \(clock.nightUntil), not within 0 ... 24")
    }
    let limits = plan.limits
    try demand(
      [limits.entities, limits.pairs, limits.events].allSatisfy { (1...Int(Int32.max / 4)).contains($0) },
      "limits must be in 1 ... \(Int32.max / 4)")
  }

  /// The names of all features, in the order in which `HistoryState` writes them.
  private static func names(
    _ plan: HistoryPlan, windows: [HistorySpan], groups: [Set<HistoryPlan.Feature>]
  ) -> [String] {
    let all = windows.map(\.description)
    let ending = windows.filter { !$0.isAll }.map(\.description)
    var names: [String] = []
    for (entity, groups) in zip(plan.entities.map(\.name), groups) {
      if groups.contains(.counts) { names += all.map { "\(entity).count.\($0)" } }
      if groups.contains(.velocity), let longest = ending.last {
        names += ending.dropLast().map { "\(entity).velocity.\($0)/\(longest)" }
      }
      if groups.contains(.amounts) {
        for amount in plan.amounts.map(\.column) {
          for window in all {
            names += ["sum", "mean", "maximum", "deviation", "ratio", "z"].map { "\(entity).\(amount).\($0).\(window)" }
          }
        }
      }
      if groups.contains(.labels) {
        for window in all { names += ["known", "positives", "share"].map { "\(entity).label.\($0).\(window)" } }
        names += ["\(entity).label.sincePositive", "\(entity).label.run"]
      }
      if groups.contains(.times) { names += ["sinceLast", "sinceFirst", "gapRatio"].map { "\(entity).\($0)" } }
      if groups.contains(.habits) {
        names += ["mean", "concentration", "distance", "share"].map { "\(entity).hour.\($0)" }
      }
      if groups.contains(.repeats) { names += ending.map { "\(entity).repeats.\($0)" } }
    }
    for link in plan.links {
      let (left, right) = (link.between[0], link.between[1])
      names += ["\(left)*\(right).isNew", "\(left)*\(right).sinceLast"]
      names += all.map { "\(left)*\(right).count.\($0)" }
      for (side, other) in [(left, right), (right, left)] {
        for window in all { names += ["\(side).partners.\(other).\(window)", "\(side).newShare.\(other).\(window)"] }
      }
    }
    for graph in plan.graphs {
      let name = "graph(" + graph.between.joined(separator: ",") + ")"
      names += ["\(name).size"] + graph.between.map { "\(name).size.\($0)" }
      names += ["known", "positives", "share", "joins"].map { "\(name).\($0)" }
      for member in graph.between { names += ["\(name).degree.\(member)", "\(name).neighbourShare.\(member)"] }
    }
    if plan.clock != nil { names += ["clock.hour", "clock.night", "clock.weekend"] }
    return names
  }
}
