/// The trees of an ensemble as they are saved: the same member of all trees in one array, so that thousands of trees
/// are a dozen blocks of memory in a file.
///
/// What follows from the rest is left out: the rows of a node are those of its leaves, and the sets of categorical tests
/// come in the order of their nodes.
struct PackedTrees: Codable {
  private var nodeCounts: [Int32] = []
  private var widths: [Int32] = []
  private var outputs: [Int32] = []
  private var features: [Int32] = []
  private var cuts: [UInt8] = []
  /// Per node, bit 0: missing goes left; bit 1: the test is categorical.
  private var flags: [UInt8] = []
  private var left: [Int32] = []
  private var right: [Int32] = []
  private var gains: [Double] = []
  private var sets: [UInt32] = []
  private var leafRows: [UInt32] = []
  private var values: [Double] = []

  init(_ trees: [Tree]) {
    for tree in trees {
      nodeCounts.append(Int32(tree.nodeCount))
      widths.append(Int32(tree.width))
      outputs.append(Int32(tree.output))
      features += tree.features
      cuts += tree.cuts
      for node in 0..<tree.nodeCount {
        let set = tree.setOfNode[node]
        flags.append((tree.missingLeft[node] ? 1 : 0) | (set >= 0 ? 2 : 0))
        if set >= 0 { sets += tree.sets[Int(set)] }
      }
      left += tree.left
      right += tree.right
      gains += tree.gains
      leafRows += tree.leafRows.map { UInt32($0) }
      values += tree.values
    }
  }

  /// The trees; nil if the arrays do not fit together, or a tree would not fit `bins` and the number of outputs.
  func trees(bins: [FeatureBins], outputs outputCount: Int) -> [Tree]? {
    let nodes = nodeCounts.reduce(0) { $0 + Int($1) }
    let leaves = nodes + nodeCounts.count
    let sizes = zip(nodeCounts, widths).map { (Int($0) + 1).multipliedReportingOverflow(by: Int($1)) }
    guard nodeCounts.allSatisfy({ $0 >= 0 }), widths.allSatisfy({ $0 >= 1 }),
      widths.count == nodeCounts.count, outputs.count == nodeCounts.count, features.count == nodes,
      cuts.count == nodes, flags.count == nodes, left.count == nodes, right.count == nodes, gains.count == nodes,
      leafRows.count == leaves, !sizes.contains(where: \.overflow),
      sizes.reduce(0, { $0 &+ $1.partialValue }) == values.count,
      sets.count == 8 * flags.count(where: { $0 & 2 != 0 })
    else { return nil }
    var result: [Tree] = []
    result.reserveCapacity(nodeCounts.count)
    var (node, leaf, value, set) = (0, 0, 0, 0)
    for (index, size) in sizes.enumerated() {
      let own = node..<node + Int(nodeCounts[index])
      let ownLeaves = leaf..<leaf + own.count + 1
      guard value + size.partialValue <= values.count else { return nil }
      var tree = Tree()
      tree.width = Int(widths[index])
      tree.output = Int(outputs[index])
      tree.features = Array(features[own])
      tree.cuts = Array(cuts[own])
      tree.missingLeft = flags[own].map { $0 & 1 != 0 }
      tree.left = Array(left[own])
      tree.right = Array(right[own])
      tree.gains = Array(gains[own])
      tree.leafRows = leafRows[ownLeaves].map(Double.init)
      tree.values = Array(values[value..<value + size.partialValue])
      for flag in flags[own] {
        guard flag & 2 != 0 else {
          tree.setOfNode.append(-1)
          continue
        }
        tree.setOfNode.append(Int32(tree.sets.count))
        tree.sets.append(Array(sets[set..<set + 8]))
        set += 8
      }
      guard tree.isSound(bins: bins, outputs: outputCount) else { return nil }
      tree.countNodeRows()
      result.append(tree)
      (node, leaf, value) = (own.upperBound, ownLeaves.upperBound, value + size.partialValue)
    }
    return result
  }
}

extension Tree {
  /// Whether all indices are in range and every child comes after its parent.
  fileprivate func isSound(bins: [FeatureBins], outputs: Int) -> Bool {
    let n = nodeCount
    guard output >= 0, output + width <= outputs, leafRows.allSatisfy({ $0 > 0 }) else { return false }
    return (0..<n).allSatisfy { node in
      func fits(_ child: Int32) -> Bool {
        child >= 0 ? Int(child) > node && Int(child) < n : Int(-1 - child) < leafCount
      }
      guard fits(left[node]), fits(right[node]), bins.indices.contains(Int(features[node])) else { return false }
      return setOfNode[node] >= 0 ? bins[Int(features[node])].isCategorical : cuts[node] > 0
    }
  }

  /// Sets the rows of the nodes to the sums of their leaves'.
  fileprivate mutating func countNodeRows() {
    nodeRows = Array(repeating: 0, count: nodeCount)
    func rows(_ child: Int32) -> Double { child >= 0 ? nodeRows[Int(child)] : leafRows[Int(-1 - child)] }
    for node in (0..<nodeCount).reversed() { nodeRows[node] = rows(left[node]) + rows(right[node]) }
  }
}
