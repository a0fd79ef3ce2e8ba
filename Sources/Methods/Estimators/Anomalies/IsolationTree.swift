import Basics
import Foundation

/// A tree of random splits.
struct IsolationTree: Sendable, Codable {
  /// A split, or a leaf.
  struct Node: Sendable, Codable {
    /// The feature split on; -1 for a leaf.
    var feature: Int32
    /// Numbers below go left; of a category, this level goes left. A leaf keeps the path length here.
    var threshold: Float
    var isLevel = false
    var missingGoesLeft = false
    var left: Int32 = -1
    var right: Int32 = -1
    /// The rows of the sample that came here.
    var rows: Int32 = 0
  }

  private(set) var nodes: [Node] = []

  init(_ columns: [[Float]], _ kinds: [FeatureKind], rows: [Int], _ stream: inout RandomStream) {
    let limit = Int(ceil(log2(Double(max(rows.count, 2)))))
    _ = grow(columns, kinds, rows, depth: 0, limit: limit, &stream)
  }

  /// Adds the tree of some rows; its position.
  private mutating func grow(
    _ columns: [[Float]], _ kinds: [FeatureKind], _ rows: [Int], depth: Int, limit: Int,
    _ stream: inout RandomStream
  ) -> Int32 {
    let position = nodes.count
    guard rows.count > 1, depth < limit, let node = split(columns, kinds, rows, &stream) else {
      let length = Double(depth) + IsolationForestModel.averagePathLength(rows.count)
      nodes.append(Node(feature: -1, threshold: Float(length), rows: Int32(rows.count)))
      return Int32(position)
    }
    nodes.append(node)
    nodes[position].rows = Int32(rows.count)
    let column = columns[Int(node.feature)]
    let left = grow(
      columns, kinds, rows.filter { node.goesLeft(column[$0]) }, depth: depth + 1, limit: limit, &stream)
    let right = grow(
      columns, kinds, rows.filter { !node.goesLeft(column[$0]) }, depth: depth + 1, limit: limit, &stream)
    nodes[position].left = left
    nodes[position].right = right
    return Int32(position)
  }

  /// A random split of a random feature that varies among the rows; nil if none does.
  private func split(
    _ columns: [[Float]], _ kinds: [FeatureKind], _ rows: [Int], _ stream: inout RandomStream
  ) -> Node? {
    // Features in random order until one varies; the order is drawn as it is needed.
    var left = Array(columns.indices)
    while !left.isEmpty {
      let pick = stream.integer(below: left.count)
      let feature = left[pick]
      left.swapAt(pick, left.count - 1)
      left.removeLast()
      let missingGoesLeft = stream.next() & 1 == 0
      let present = rows.map { columns[feature][$0] }.filter { !$0.isNaN }
      guard let lowest = present.min(), let highest = present.max(), lowest < highest else { continue }
      var node = Node(feature: Int32(feature), threshold: 0, missingGoesLeft: missingGoesLeft)
      if case .categorical = kinds[feature] {
        let levels = Set(present).sorted()
        node.isLevel = true
        node.threshold = levels[stream.integer(below: levels.count)]
      } else {
        let share = Float(stream.uniform())
        // Both ends of the range are halved first: their difference can be beyond the largest number.
        let cut = lowest + 2 * share * (highest / 2 - lowest / 2)
        node.threshold = cut > lowest ? min(cut, highest) : lowest.nextUp
      }
      return node
    }
    return nil
  }

  /// The steps of a row to its leaf, plus what a leaf of several rows would still need.
  func pathLength(_ columns: [[Float]], _ row: Int) -> Double {
    var position = 0
    while nodes[position].feature >= 0 {
      let node = nodes[position]
      position = Int(node.goesLeft(columns[Int(node.feature)][row]) ? node.left : node.right)
    }
    return Double(nodes[position].threshold)
  }

  /// The mean path length of the sample's rows below each node.
  func expectedLengths() -> [Double] {
    var expected = nodes.map { Double($0.threshold) }
    // Children stand behind their node.
    for (position, node) in nodes.enumerated().reversed() where node.feature >= 0 {
      let (left, right) = (Int(node.left), Int(node.right))
      let (first, second) = (Double(nodes[left].rows), Double(nodes[right].rows))
      expected[position] = (first * expected[left] + second * expected[right]) / max(1, first + second)
    }
    return expected
  }

  /// Adds to each feature by how much its splits have shortened the path of a row.
  func addShortenings(_ columns: [[Float]], _ row: Int, expected: [Double], to sums: inout [Double]) {
    var position = 0
    while nodes[position].feature >= 0 {
      let node = nodes[position]
      let next = Int(node.goesLeft(columns[Int(node.feature)][row]) ? node.left : node.right)
      sums[Int(node.feature)] += expected[position] - expected[next]
      position = next
    }
  }
}

extension IsolationTree.Node {
  @inline(__always)
  func goesLeft(_ value: Float) -> Bool {
    value.isNaN ? missingGoesLeft : isLevel ? value == threshold : value < threshold
  }
}
