import Basics

/// Series that are sums of others: nodes, of which the last are the bottom series and the first their sums.
public struct Hierarchy: Sendable, Codable, Hashable {
  /// The names of all nodes, sums first, the bottom series last.
  public let names: [String]
  /// For each node the numbers of the bottom series it sums, from 0; a bottom series has its own.
  public let members: [[Int]]

  /// The number of bottom series.
  public let bottomCount: Int

  /// The number of nodes.
  public var count: Int { names.count }

  /// The number of sums.
  public var aggregateCount: Int { count - bottomCount }

  /// A hierarchy of sums over bottom series.
  ///
  /// - Parameters:
  ///   - bottom: The names of the bottom series.
  ///   - groups: Sums with the numbers of their members, the total among them if it is wanted.
  /// - Throws: `data` for names that occur twice and members that do not exist or occur twice.
  public init(bottom: [String], groups: [(name: String, members: [Int])]) throws {
    guard !bottom.isEmpty else {
      throw AssayError(.data, "the hierarchy has no bottom series", remedy: "give at least one")
    }
    var seen: Set<String> = []
    for name in groups.map(\.name) + bottom where !seen.insert(name).inserted {
      throw AssayError(
        .data, "two nodes of the hierarchy are named \(name)", remedy: "give each node a name of its own")
    }
    for group in groups {
      guard !group.members.isEmpty, Set(group.members).count == group.members.count,
        group.members.allSatisfy({ bottom.indices.contains($0) })
      else {
        throw AssayError(
          .data, "the members of \(group.name) are not different bottom series", at: "hierarchy",
          remedy: "give each member once, by its number from 0 to \(bottom.count - 1)")
      }
    }
    names = groups.map(\.name) + bottom
    members = groups.map { $0.members.sorted() } + bottom.indices.map { [$0] }
    bottomCount = bottom.count
  }

  /// A tree: each bottom series by its path, such as ["north", "Oslo", "bikes"]; every beginning of a path is a sum, and
  /// all together are the total.
  ///
  /// - Throws: `data` for paths that are empty or equal.
  public init(paths: [[String]], total: String = "total") throws {
    if let empty = paths.firstIndex(where: \.isEmpty) {
      throw AssayError(.data, "the path of bottom series \(empty + 1) is empty", at: "hierarchy", remedy: "name it")
    }
    var groups: [(name: String, members: [Int])] = [(total, Array(paths.indices))]
    for depth in 1..<max(1, paths.map(\.count).max() ?? 1) {
      var places: [[String]: Int] = [:]
      for (index, path) in paths.enumerated() where path.count > depth {
        let key = Array(path.prefix(depth))
        if let place = places[key] {
          groups[place].members.append(index)
        } else {
          places[key] = groups.count
          groups.append((key.joined(separator: "/"), [index]))
        }
      }
    }
    // A sum with the same members as one before it says nothing new and would make weights singular.
    var kept: [(name: String, members: [Int])] = []
    var sets: Set<[Int]> = []
    for group in groups where group.members.count > 1 && sets.insert(group.members).inserted { kept.append(group) }
    try self.init(bottom: paths.map { $0.joined(separator: "/") }, groups: kept)
  }

  /// Crossed groups: each bottom series by its attributes, such as ["north", "bikes"]; every value of every attribute is
  /// a sum over the series that have it.
  ///
  /// - Parameters:
  ///   - bottom: The names of the bottom series.
  ///   - attributes: For each bottom series one value per attribute.
  /// - Throws: `data` for numbers of values that differ.
  public init(bottom: [String], attributes: [[String]], total: String = "total") throws {
    guard attributes.count == bottom.count, Set(attributes.map(\.count)).count <= 1 else {
      throw AssayError(
        .data, "\(bottom.count) bottom series have \(attributes.count) lists of attributes, or lists of unequal length",
        at: "hierarchy", remedy: "give each bottom series one value per attribute")
    }
    var groups: [(name: String, members: [Int])] = [(total, Array(bottom.indices))]
    var sets: Set<[Int]> = [Array(bottom.indices)]
    for attribute in 0..<(attributes.first?.count ?? 0) {
      var order: [String] = []
      var members: [String: [Int]] = [:]
      for (index, values) in attributes.enumerated() {
        if members[values[attribute]] == nil { order.append(values[attribute]) }
        members[values[attribute], default: []].append(index)
      }
      for value in order {
        guard let found = members[value], found.count > 1, sets.insert(found).inserted else { continue }
        groups.append((value, found))
      }
    }
    if bottom.count == 1 { groups = [] }
    try self.init(bottom: bottom, groups: groups)
  }

  /// All nodes' values from those of the bottom series, each an array of steps; a sum with a missing part is missing.
  public func aggregated(_ bottom: [[Double]]) -> [[Double]] {
    require(bottom.count == bottomCount, "Hierarchy.aggregated", "\(bottom.count) series, \(bottomCount) needed")
    let steps = bottom.map(\.count).min() ?? 0
    return members.map { members in
      var sum = [Double](repeating: 0, count: steps)
      for member in members { for step in 0..<steps { sum[step] += bottom[member][step] } }
      return sum
    }
  }

  /// How far nodes are from the sums of their members, at most.
  public func incoherence(_ nodes: [[Double]]) -> Double {
    let sums = aggregated(Array(nodes.suffix(bottomCount)))
    var worst = 0.0
    for (node, sum) in zip(nodes, sums) { for (a, b) in zip(node, sum) { worst = max(worst, abs(a - b)) } }
    return worst
  }
}
