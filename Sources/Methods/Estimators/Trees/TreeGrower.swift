import Basics
import CKernels
import Kernels

/// Grows trees one after the other from gradients (or class weights) of binned rows.
///
/// The leaf with the largest gain is split next until the limits are reached. The histogram of the smaller child is
/// built, that of the larger is the parent's minus it.
final class TreeGrower {
  let features: BinnedFeatures
  let rules: GrowthRules
  let rows: RowLists
  private let builder: HistogramBuilder
  /// The class of each row where classes are counted apart; rows are then listed by class.
  private let classes: [Int32]?
  private let classCount: Int
  /// Where given, every leaf whose rows have different labels is split, even if the test gains nothing yet.
  private let labels: [Double]?
  private let threads: Int
  private let candidates: AlignedBuffer<SplitCandidate>

  /// A grown tree and its leaves' rows, as stretches of `rows.list`.
  struct Grown {
    var tree: Tree
    var leafRows: [Range<Int>]
  }

  // State of the tree in work.
  private var gradients: PackedGradients
  private var used = AlignedBuffer<UInt32>(count: 0)
  private var key = RandomKey(seed: 0)
  private var leaves: [GrowingLeaf] = []
  private var tree = Tree()
  private var queue = LeafQueue()

  /// A grower for a table; `classes` nil means trees on gradients.
  init(
    _ features: BinnedFeatures, rules: GrowthRules, classes: [Int32]? = nil, classCount: Int = 0,
    splittingUnequal labels: [Double]? = nil, threads: Int
  ) {
    self.labels = labels
    self.features = features
    self.rules = rules
    self.classes = classes
    self.classCount = classCount
    self.threads = threads
    rows = RowLists(capacity: features.rowCount)
    builder = HistogramBuilder(features, channels: max(1, classCount), threads: threads)
    candidates = AlignedBuffer(count: features.featureCount)
    gradients = PackedGradients(rowCount: 0)
  }

  /// Whether histograms hold only the few features a node may test, and are not worth keeping for subtraction.
  private var buildsSampledOnly: Bool { rules.columnShareByNode < 0.4 }

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
    self.gradients = gradients
    self.key = key
    used = AlignedBuffer(columns.map { UInt32($0) })
    tree = Tree()
    queue = LeafQueue()
    leaves = [GrowingLeaf(start: 0, count: rowCount, depth: 0, sums: [])]
    leaves[0].sums = sums(of: leaves[0])
    if canSplit(leaves[0]) {
      let nodeColumns = columnsOfNode(0)
      let histogram = builder.take()
      builder.build(
        histogram, list: isWholeTable && classCount == 0 ? nil : rows.list, stretches: stretches(of: leaves[0]),
        used: buildsSampledOnly ? nodeColumns : used, gradients: gradients.words)
      search(0, histogram: histogram, columns: nodeColumns)
      keep(histogram, for: 0)
    }
    while leaves.count < rules.leaves ?? .max, let next = queue.removeFirst() { split(next) }
    return finish()
  }

  // MARK: Leaves

  private func canSplit(_ leaf: GrowingLeaf) -> Bool {
    guard leaf.count >= 2 * rules.minimumRows, leaf.count >= 2, leaf.depth < rules.depthLimit ?? .max, used.count > 0
    else { return false }
    guard let labels else { return true }
    let first = labels[Int(rows.list[leaf.start])]
    return (leaf.start..<leaf.start + leaf.count).contains { labels[Int(rows.list[$0])] != first }
  }

  /// What a test must gain more than.
  private var gainLimit: Double { labels == nil ? max(rules.minimumGain, 0) : -.infinity }

  private func stretches(of leaf: GrowingLeaf) -> [HistogramBuilder.Stretch] {
    let range = leaf.start..<leaf.start + leaf.count
    guard let classes else { return [HistogramBuilder.Stretch(channel: 0, rows: range)] }
    var result: [HistogramBuilder.Stretch] = []
    var start = range.lowerBound
    for k in 0..<classCount {
      var low = start
      var high = range.upperBound
      while low < high {
        let middle = (low + high) / 2
        if classes[Int(rows.list[middle])] <= Int32(k) { low = middle + 1 } else { high = middle }
      }
      if low > start { result.append(HistogramBuilder.Stretch(channel: k, rows: start..<low)) }
      start = low
    }
    return result
  }

  private func sums(of leaf: GrowingLeaf) -> [Int64] {
    var result = [Int64](repeating: 0, count: max(1, classCount))
    for stretch in stretches(of: leaf) {
      result[stretch.channel] = assay_sum_rows(
        gradients.words.pointer, rows.list.pointer + stretch.rows.lowerBound, stretch.rows.count)
    }
    return result
  }

  private func columnsOfNode(_ leaf: Int) -> AlignedBuffer<UInt32> {
    guard rules.columnShareByNode < 1 else { return used }
    let count = max(1, Int((Double(used.count) * rules.columnShareByNode).rounded()))
    var stream = key["columns"][leaves[leaf].number].stream()
    let chosen = stream.permutation(of: used.count).prefix(count).sorted()
    return AlignedBuffer(chosen.map { used[$0] })
  }

  private func keep(_ histogram: AlignedBuffer<Int64>, for leaf: Int) {
    if !buildsSampledOnly, leaves[leaf].best.gain > gainLimit, builder.hasRoom {
      leaves[leaf].histogram = histogram
    } else {
      builder.giveBack(histogram)
    }
  }

  // MARK: Search

  /// Finds the best test of a leaf and puts the leaf into the queue if there is one.
  ///
  /// With `minus`, the histogram is the parent's and the sibling's is taken off it on the way.
  private func search(
    _ leaf: Int, histogram: AlignedBuffer<Int64>, columns: AlignedBuffer<UInt32>,
    minus sibling: AlignedBuffer<Int64>? = nil
  ) {
    let search = SplitSearch(
      rules: rules, bins: features.bins, gradients: gradients, classCount: classCount,
      classStride: features.cellCount)
    let question = question(leaf)
    if let sibling { assay_subtract_words(histogram.pointer, sibling.pointer, histogram.count) }
    let (features, candidates) = (features, candidates)
    let block = 8
    let tasks = (columns.count + block - 1) / block
    parallel(tasks, threads: tasks > 4 ? threads : 1) { task in
      for position in task * block..<min(columns.count, (task + 1) * block) {
        let feature = Int(columns[position])
        candidates[position] = search.best(
          feature, cells: histogram.pointer + Int(features.offsets[feature]), leaf: question)
      }
    }
    leaves[leaf].best = bestWithEnoughRows(leaf, search, question, histogram: histogram, columns: columns)
    guard leaves[leaf].best.gain > gainLimit else { return }
    queue.insert(leaf, priority: rules.leaves == nil ? Double(leaf) : leaves[leaf].best.gain)
  }

  private func question(_ leaf: Int) -> SplitSearch.Leaf {
    let it = leaves[leaf]
    return SplitSearch.Leaf(
      sums: it.sums, rows: it.count, lower: it.lower, upper: it.upper, key: key["cuts"][it.number])
  }

  /// The best candidate; where hessians do not prove that both sides have enough rows, rows are counted.
  private func bestWithEnoughRows(
    _ leaf: Int, _ search: SplitSearch, _ question: SplitSearch.Leaf, histogram: AlignedBuffer<Int64>,
    columns: AlignedBuffer<UInt32>
  ) -> SplitCandidate {
    while true {
      var best = 0
      for position in 1..<max(columns.count, 1) where candidates[position].gain > candidates[best].gain {
        best = position
      }
      if candidates[best].gain <= gainLimit || candidates[best].rowsKnown { return candidates[best] }
      let feature = Int(columns[best])
      let counts = AlignedBuffer<UInt32>(count: 256, filledWith: 0)
      assay_count_bins(
        features.columns.pointer + feature * features.columnStride, rows.list.pointer + leaves[leaf].start,
        leaves[leaf].count, counts.pointer)
      candidates[best] = search.best(
        feature, cells: histogram.pointer + Int(features.offsets[feature]), leaf: question, counts: counts.pointer)
    }
  }

  // MARK: Split

  private func split(_ leaf: Int) {
    var best = leaves[leaf].best
    let parent = leaves[leaf]
    let feature = Int(best.feature)
    let isCategorical = features.bins[feature].isCategorical
    let column = UnsafePointer(features.columns.pointer + feature * features.columnStride)
    var leftCount = rows.partition(
      start: parent.start, count: parent.count, column: column, set: best.set, threads: threads)
    if !best.learnedMissing {
      // No row of the leaf is missing: later ones go with the majority.
      if leftCount * 2 >= parent.count { best.insert(0) } else { best.set[0] &= ~1 }
    }
    leftCount = min(leftCount, parent.count)
    let node = tree.addNode(
      best, isCategorical: isCategorical, missingLeft: best.contains(0), rows: parent.count)
    if let above = parent.parent {
      if above.isLeft { tree.left[above.node] = Int32(node) } else { tree.right[above.node] = Int32(node) }
    }
    makeChildren(of: leaf, node: node, leftCount: leftCount)
  }

  /// The left child takes the parent's place, the right one is appended.
  private func makeChildren(of leaf: Int, node: Int, leftCount: Int) {
    let parent = leaves[leaf]
    let right = leaves.count
    var children = [parent, parent]
    for side in 0..<2 {
      children[side].depth += 1
      children[side].number = 2 * node + 1 + side
      children[side].histogram = nil
      children[side].best = SplitCandidate()
      children[side].parent = (node, side == 0)
    }
    children[0].count = leftCount
    children[1].start += leftCount
    children[1].count -= leftCount
    let smallSide = children[0].count <= children[1].count ? 0 : 1
    children[smallSide].sums = sums(of: children[smallSide])
    children[1 - smallSide].sums = zip(parent.sums, children[smallSide].sums).map { $0 &- $1 }
    bound(&children, feature: Int(parent.best.feature))
    leaves[leaf] = children[0]
    leaves.append(children[1])
    let small = smallSide == 0 ? leaf : right
    let large = smallSide == 0 ? right : leaf
    if leaves.count < rules.leaves ?? .max {
      searchChildren(small: small, large: large, parentHistogram: parent.histogram)
    } else {
      builder.giveBack(parent.histogram)
    }
  }

  private func searchChildren(small: Int, large: Int, parentHistogram: AlignedBuffer<Int64>?) {
    let subtracts = parentHistogram != nil && canSplit(leaves[large])
    var built: AlignedBuffer<Int64>?
    if subtracts || canSplit(leaves[small]) { built = buildHistogram(small, isForSubtraction: subtracts) }
    if let built, canSplit(leaves[small]) {
      search(small, histogram: built, columns: columnsOfNode(small))
    }
    if let parentHistogram, subtracts {
      search(large, histogram: parentHistogram, columns: columnsOfNode(large), minus: built)
      keep(parentHistogram, for: large)
    } else {
      builder.giveBack(parentHistogram)
    }
    if let built { keep(built, for: small) }
    if parentHistogram == nil, canSplit(leaves[large]) {
      let own = buildHistogram(large, isForSubtraction: false)
      search(large, histogram: own, columns: columnsOfNode(large))
      keep(own, for: large)
    }
  }

  private func buildHistogram(_ leaf: Int, isForSubtraction: Bool) -> AlignedBuffer<Int64> {
    let histogram = builder.take()
    builder.build(
      histogram, list: rows.list, stretches: stretches(of: leaves[leaf]),
      used: buildsSampledOnly && !isForSubtraction ? columnsOfNode(leaf) : used, gradients: gradients.words)
    return histogram
  }

  /// A monotone test bounds the values below it by the middle of its sides' values.
  private func bound(_ children: inout [GrowingLeaf], feature: Int) {
    guard !rules.monotone.isEmpty, rules.monotone[feature] != 0 else { return }
    let middle = (value(children[0]) + value(children[1])) / 2
    let low = rules.monotone[feature] > 0 ? 0 : 1
    children[low].upper = min(children[low].upper, middle)
    children[1 - low].lower = max(children[1 - low].lower, middle)
  }

  private func value(_ leaf: GrowingLeaf) -> Double {
    var kernelRules = rules.kernelRules(
      gradients: gradients, lower: leaf.lower, upper: leaf.upper, leafRows: leaf.count)
    return assay_leaf_value(
      Double(leaf.sums[0] >> 32) * gradients.gradientUnit,
      Double(UInt32(truncatingIfNeeded: leaf.sums[0])) * gradients.hessianUnit, &kernelRules)
  }

  // MARK: Result

  private func finish() -> Grown {
    tree.width = max(1, classCount)
    for (number, leaf) in leaves.enumerated() {
      if let above = leaf.parent {
        let slot = Int32(-1 - number)
        if above.isLeft { tree.left[above.node] = slot } else { tree.right[above.node] = slot }
      }
      tree.leafRows.append(Double(leaf.count))
      if classCount == 0 {
        tree.values.append(value(leaf))
      } else {
        let total = leaf.sums.reduce(0.0) { $0 + Double($1) }
        tree.values.append(contentsOf: leaf.sums.map { Double($0) / total })
      }
      builder.giveBack(leaf.histogram)
    }
    let stretches = leaves.map { $0.start..<$0.start + $0.count }
    leaves = []
    return Grown(tree: tree, leafRows: stretches)
  }
}
