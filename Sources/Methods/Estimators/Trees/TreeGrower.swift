import Basics
import CKernels
import Kernels

/// Grows trees one after the other from gradients (or class weights) of binned rows.
///
/// The leaf with the largest gain is split next until the limits are reached. A large leaf is split by all threads
/// together; of small ones several are split at once, each by one thread, before their turn has come: what the turn
/// then finds done already is attached, what it never reaches is dropped, so the tree does not depend on the threads.
final class TreeGrower {
  let features: BinnedFeatures
  let rules: GrowthRules
  let rows: RowLists
  private let builder: HistogramBuilder
  private let classes: [Int32]?
  private let classCount: Int
  private let labels: [Double]?
  private let threads: Int

  /// A grown tree and its leaves' rows, as stretches of `rows.list`.
  struct Grown {
    var tree: Tree
    var leafRows: [Range<Int>]
  }

  private var leaves: [GrowingLeaf] = []
  /// Leaves that are split already although their turn has not come.
  private var expansions: [Int: LeafExpansion] = [:]
  private var tree = Tree()
  private var queue = LeafQueue()

  /// Rows times features from which on a leaf is split by all threads together.
  private static let sharedWork = 1 << 22

  /// A grower for a table.
  ///
  /// - Parameters:
  ///   - classes: The class of each row where classes are counted apart; nil for trees on gradients.
  ///   - splittingUnequal: Labels; where given, every leaf whose labels differ is split, even if it gains nothing yet.
  init(
    _ features: BinnedFeatures, rules: GrowthRules, classes: [Int32]? = nil, classCount: Int = 0,
    splittingUnequal labels: [Double]? = nil, threads: Int
  ) {
    self.features = features
    self.rules = rules
    self.classes = classes
    self.classCount = classCount
    self.labels = labels
    self.threads = threads
    rows = RowLists(capacity: features.rowCount)
    builder = HistogramBuilder(features, channels: max(1, classCount))
  }

  /// Grows a tree.
  ///
  /// - Parameters:
  ///   - gradients: The packed gradients of all rows; weights where classes are counted.
  ///   - rowCount: The rows in use; their numbers are the first of `rows.list`, ascending (by class, then row).
  ///   - isWholeTable: Whether those are all rows in their own order.
  ///   - columns: The features that the tree may test, ascending.
  ///   - key: Draws the features of nodes and random cuts.
  func grow(
    _ gradients: PackedGradients, rowCount: Int, isWholeTable: Bool, columns: [Int], key: RandomKey
  ) -> Grown {
    let splitter = LeafSplitter(
      features: features, rules: rules, gradients: gradients, rows: rows, builder: builder,
      columns: AlignedBuffer(columns.map { UInt32($0) }), classes: classes, classCount: classCount, labels: labels)
    tree = Tree()
    queue = LeafQueue()
    var root = GrowingLeaf(start: 0, count: rowCount, depth: 0, sums: [], key: key["nodes"])
    let histogram = splitter.canSplit(root) ? builder.take() : nil
    splitter.searchRoot(&root, histogram: histogram, isWholeTable: isWholeTable, threads: threads)
    leaves = [root]
    enter(0)
    while leaves.count < rules.leaves ?? .max, let next = queue.removeFirst() {
      if expansions[next] == nil { expand(next, splitter) }
      if let expansion = expansions.removeValue(forKey: next) { attach(expansion, at: next) }
    }
    return finish(gradients)
  }

  /// Puts a leaf into the queue if a test is worth it, and frees its histogram otherwise or where room is short.
  private func enter(_ leaf: Int) {
    let gain = leaves[leaf].best.gain
    if gain > rules.gainLimit {
      queue.insert(leaf, priority: rules.leaves == nil ? Double(leaf) : gain)
      if builder.hasRoom, !rules.buildsSampledOnly { return }
    }
    builder.giveBack(leaves[leaf].histogram)
    leaves[leaf].histogram = nil
  }

  // MARK: Splitting

  private func expand(_ leaf: Int, _ splitter: LeafSplitter) {
    let isLast = leaves.count + 1 == rules.leaves ?? .max
    let isShared = leaves[leaf].count * features.featureCount >= Self.sharedWork
    if threads == 1 || isShared || isLast {
      let space = LeafExpansion.Space(leaves[leaf], builder)
      expansions[leaf] = splitter.split(leaves[leaf], space: space, searches: !isLast, threads: threads)
      leaves[leaf].histogram = nil
      return
    }
    let room = (rules.leaves ?? .max) - leaves.count
    let batch =
      [leaf]
      + queue.first(min(2 * threads, room) - 1) {
        expansions[$0] == nil && leaves[$0].count * features.featureCount < Self.sharedWork
      }
    let work = batch.map { (leaves[$0], LeafExpansion.Space(leaves[$0], builder)) }
    let done = parallelMap(batch.count, threads: threads) {
      splitter.split(work[$0].0, space: work[$0].1, searches: true, threads: 1)
    }
    for (leaf, expansion) in zip(batch, done) {
      leaves[leaf].histogram = nil
      expansions[leaf] = expansion
    }
  }

  /// Makes a leaf a node; the left child takes its place, the right one is appended.
  private func attach(_ expansion: LeafExpansion, at leaf: Int) {
    let node = tree.addNode(
      expansion.split, isCategorical: features.bins[Int(expansion.split.feature)].isCategorical,
      rows: leaves[leaf].count)
    if let above = leaves[leaf].parent { tree.setChild(of: above.node, isLeft: above.isLeft, to: Int32(node)) }
    let right = leaves.count
    leaves[leaf] = expansion.left
    leaves[leaf].parent = (node, true)
    leaves.append(expansion.right)
    leaves[right].parent = (node, false)
    enter(leaf)
    enter(right)
    for spare in expansion.spareHistograms { builder.giveBack(spare) }
  }

  // MARK: Result

  private func finish(_ gradients: PackedGradients) -> Grown {
    tree.width = max(1, classCount)
    for (number, leaf) in leaves.enumerated() {
      if let above = leaf.parent { tree.setChild(of: above.node, isLeft: above.isLeft, to: Int32(-1 - number)) }
      tree.leafRows.append(Double(leaf.count))
      if classCount == 0 {
        tree.values.append(rules.value(of: leaf, gradients: gradients))
      } else {
        let total = leaf.sums.reduce(0.0) { $0 + Double($1) }
        tree.values.append(contentsOf: leaf.sums.map { Double($0) / total })
      }
      builder.giveBack(leaf.histogram)
    }
    for expansion in expansions.values {
      for histogram in [expansion.left.histogram, expansion.right.histogram] + expansion.spareHistograms {
        builder.giveBack(histogram)
      }
    }
    expansions = [:]
    let stretches = leaves.map { $0.start..<$0.start + $0.count }
    leaves = []
    return Grown(tree: tree, leafRows: stretches)
  }
}
