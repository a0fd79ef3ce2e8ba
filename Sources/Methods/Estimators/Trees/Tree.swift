/// One decision tree over bins.
///
/// Nodes with a test are numbered parents first; a child is the number of a node, or `-1 - k` for leaf k. A tree without
/// nodes is a single leaf.
public struct Tree: Sendable, Equatable {
  /// The feature that each node tests.
  public internal(set) var features: [Int32] = []
  /// Numeric tests: bins up to this one go left.
  public internal(set) var cuts: [UInt8] = []
  /// Whether a missing value goes left.
  public internal(set) var missingLeft: [Bool] = []
  /// Categorical tests: the index in `sets`; -1 for numeric tests.
  public internal(set) var setOfNode: [Int32] = []
  /// Bins that go left, as 8 words of 32 bits each.
  public internal(set) var sets: [[UInt32]] = []
  /// The child of rows that pass the test.
  public internal(set) var left: [Int32] = []
  /// The child of the other rows.
  public internal(set) var right: [Int32] = []
  /// What each node's test gained in training: the fall of the loss, times two.
  public internal(set) var gains: [Double] = []
  /// The training rows that reached each node.
  public internal(set) var nodeRows: [Double] = []
  /// The training rows that reached each leaf.
  public internal(set) var leafRows: [Double] = []
  /// The values of leaf k begin at k * width.
  public internal(set) var values: [Double] = []
  /// The numbers per leaf.
  public internal(set) var width = 1
  /// The first output that the values add to.
  public internal(set) var output = 0

  /// The number of nodes with a test.
  public var nodeCount: Int { features.count }
  /// The number of leaves.
  public var leafCount: Int { leafRows.count }

  /// Adds a node whose children are given later.
  mutating func addNode(_ split: SplitCandidate, isCategorical: Bool, rows: Int) -> Int {
    features.append(split.feature)
    cuts.append(isCategorical ? 0 : split.cut)
    missingLeft.append(split.missingLeft)
    if isCategorical {
      setOfNode.append(Int32(sets.count))
      sets.append((0..<8).map { split.set[$0] })
    } else {
      setOfNode.append(-1)
    }
    left.append(0)
    right.append(0)
    gains.append(split.gain)
    nodeRows.append(Double(rows))
    return nodeCount - 1
  }

  /// Sets a child of a node.
  mutating func setChild(of node: Int, isLeft: Bool, to child: Int32) {
    if isLeft { left[node] = child } else { right[node] = child }
  }
}
