import Basics
import CKernels
import Kernels

/// The result of splitting a leaf: two leaves with their best tests.
struct LeafExpansion: Sendable {
  var split: SplitCandidate
  var left: GrowingLeaf
  var right: GrowingLeaf
  /// Histograms that turned out not to be needed.
  var spareHistograms: [AlignedBuffer<Int64>] = []

  /// The histograms that a split may fill, taken beforehand because splits may run at the same time.
  struct Space: Sendable {
    let forSmall: AlignedBuffer<Int64>
    let forLarge: AlignedBuffer<Int64>
    /// Whether the larger child's holds the parent's sums, from which the smaller child's are subtracted.
    let holdsParent: Bool

    init(_ leaf: GrowingLeaf, _ builder: HistogramBuilder) {
      forSmall = builder.take()
      forLarge = leaf.histogram ?? builder.take()
      holdsParent = leaf.histogram != nil
    }
  }
}

/// Splits leaves of one tree: partitions the rows, builds the children's histograms and finds their best tests.
///
/// Leaves have rows of their own, so several can be split at the same time.
struct LeafSplitter: Sendable {
  let features: BinnedFeatures
  let rules: GrowthRules
  let gradients: PackedGradients
  let rows: RowLists
  let builder: HistogramBuilder
  /// The features that the tree may test, ascending.
  let columns: AlignedBuffer<UInt32>
  /// The class of each row where classes are counted apart; rows are then listed by class.
  let classes: [Int32]?
  let classCount: Int
  /// Where given, leaves whose labels are all equal are not split.
  let labels: [Double]?

  // MARK: Leaves

  /// Whether a leaf is worth a search.
  func canSplit(_ leaf: GrowingLeaf) -> Bool {
    guard leaf.count >= 2 * rules.minimumRows, leaf.count >= 2, leaf.depth < rules.depthLimit ?? .max,
      columns.count > 0
    else { return false }
    guard let labels else { return true }
    let first = labels[Int(rows.list[leaf.start])]
    return (leaf.start..<leaf.start + leaf.count).contains { labels[Int(rows.list[$0])] != first }
  }

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

  /// The sums of a leaf's rows, from a histogram of them if there is one.
  private func sums(of leaf: GrowingLeaf, histogram: (AlignedBuffer<Int64>, feature: Int)?) -> [Int64] {
    var result = [Int64](repeating: 0, count: max(1, classCount))
    if let (cells, feature) = histogram {
      for channel in result.indices {
        let first = channel * features.cellCount + Int(features.offsets[feature])
        for bin in 0..<features.bins[feature].count { result[channel] &+= cells[first + bin] }
      }
    } else {
      for stretch in stretches(of: leaf) {
        result[stretch.channel] = assay_sum_rows(
          gradients.words.pointer, rows.list.pointer + stretch.rows.lowerBound, stretch.rows.count)
      }
    }
    return result
  }

  private func columnsOfNode(_ leaf: GrowingLeaf) -> AlignedBuffer<UInt32> {
    guard rules.columnShareByNode < 1 else { return columns }
    let count = max(1, Int((Double(columns.count) * rules.columnShareByNode).rounded()))
    var stream = leaf.key["columns"].stream()
    let chosen = stream.permutation(of: columns.count).prefix(count).sorted()
    return AlignedBuffer(chosen.map { columns[$0] })
  }

  // MARK: Splits

  /// Finds the root's sums and, given a histogram to fill, its best test.
  func searchRoot(
    _ root: inout GrowingLeaf, histogram: AlignedBuffer<Int64>?, isWholeTable: Bool, threads: Int
  ) {
    guard let histogram else {
      root.sums = sums(of: root, histogram: nil)
      return
    }
    let nodeColumns = columnsOfNode(root)
    let built = rules.buildsSampledOnly ? nodeColumns : columns
    builder.build(
      histogram, list: isWholeTable && classCount == 0 ? nil : rows.list, stretches: stretches(of: root), used: built,
      gradients: gradients.words, threads: threads)
    root.sums = sums(of: root, histogram: (histogram, Int(built[0])))
    root.histogram = histogram
    search(&root, columns: nodeColumns, minus: nil, threads: threads)
  }

  /// Splits a leaf by its best test.
  ///
  /// - Parameter searches: Whether the children may be split in turn.
  func split(
    _ parent: GrowingLeaf, space: LeafExpansion.Space, searches: Bool, threads: Int
  ) -> LeafExpansion {
    var best = parent.best
    let feature = Int(best.feature)
    best.fillNumericSet(isCategorical: features.bins[feature].isCategorical)
    let leftCount = rows.partition(
      start: parent.start, count: parent.count,
      column: UnsafePointer(features.columns.pointer + feature * features.columnStride), set: best.set,
      threads: threads)
    // Where no row of the leaf is missing, later ones go with the majority.
    if !best.learnedMissing { best.setMissing(goesLeft: leftCount * 2 >= parent.count) }
    var small = parent.child(key: parent.key[0])
    var large = parent.child(key: parent.key[1])
    let leftIsSmall = leftCount * 2 <= parent.count
    small.count = leftIsSmall ? leftCount : parent.count - leftCount
    large.count = parent.count - small.count
    if leftIsSmall { large.start += small.count } else { small.start += large.count }
    if !leftIsSmall { swap(&small.key, &large.key) }

    let searchesSmall = searches && canSplit(small)
    let searchesLarge = searches && canSplit(large)
    let subtracts = space.holdsParent && searchesLarge
    var smallColumns = columns
    if searchesSmall || subtracts {
      if searchesSmall { smallColumns = columnsOfNode(small) }
      let used = rules.buildsSampledOnly ? smallColumns : columns
      build(small, into: space.forSmall, used: used, threads: threads)
      small.sums = sums(of: small, histogram: (space.forSmall, Int(used[0])))
    } else {
      small.sums = sums(of: small, histogram: nil)
    }
    large.sums = zip(parent.sums, small.sums).map { $0 &- $1 }
    bound(&small, &large, leftIsSmall: leftIsSmall, feature: feature)
    if searchesSmall {
      small.histogram = space.forSmall
      search(&small, columns: smallColumns, minus: nil, threads: threads)
    }
    if searchesLarge {
      large.histogram = space.forLarge
      let nodeColumns = columnsOfNode(large)
      if !subtracts {
        build(
          large, into: space.forLarge, used: rules.buildsSampledOnly ? nodeColumns : columns, threads: threads)
      }
      search(&large, columns: nodeColumns, minus: subtracts ? space.forSmall : nil, threads: threads)
    }
    return LeafExpansion(
      split: best, left: leftIsSmall ? small : large, right: leftIsSmall ? large : small,
      spareHistograms: (searchesSmall ? [] : [space.forSmall]) + (searchesLarge ? [] : [space.forLarge]))
  }

  private func build(
    _ leaf: GrowingLeaf, into histogram: AlignedBuffer<Int64>, used: AlignedBuffer<UInt32>, threads: Int
  ) {
    builder.build(
      histogram, list: rows.list, stretches: stretches(of: leaf), used: used, gradients: gradients.words,
      threads: threads)
  }

  /// A monotone test bounds the values below it by the middle of its sides' values.
  private func bound(
    _ small: inout GrowingLeaf, _ large: inout GrowingLeaf, leftIsSmall: Bool, feature: Int
  ) {
    guard !rules.monotone.isEmpty, rules.monotone[feature] != 0 else { return }
    let middle = (rules.value(of: small, gradients: gradients) + rules.value(of: large, gradients: gradients)) / 2
    let smallIsLow = leftIsSmall == (rules.monotone[feature] > 0)
    if smallIsLow {
      small.upper = min(small.upper, middle)
      large.lower = max(large.lower, middle)
    } else {
      large.upper = min(large.upper, middle)
      small.lower = max(small.lower, middle)
    }
  }

  // MARK: Search

  /// Finds the best test of a leaf from its histogram; with `minus`, that is the parent's and the sibling's is taken
  /// off it on the way.
  private func search(
    _ leaf: inout GrowingLeaf, columns nodeColumns: AlignedBuffer<UInt32>, minus sibling: AlignedBuffer<Int64>?,
    threads: Int
  ) {
    guard let histogram = leaf.histogram else { return }
    let search = SplitSearch(
      rules: rules, bins: features.bins, gradients: gradients, classCount: classCount,
      classStride: features.cellCount)
    let question = SplitSearch.Leaf(
      sums: leaf.sums, rows: leaf.count, lower: leaf.lower, upper: leaf.upper, key: leaf.key["cuts"])
    var subtracts = sibling
    if let sibling, classCount > 0 || nodeColumns.count < columns.count {
      assay_subtract_words(histogram.pointer, sibling.pointer, histogram.count)
      subtracts = nil
    }
    let (features, toSubtract) = (features, subtracts)
    let candidates = AlignedBuffer<SplitCandidate>(count: nodeColumns.count)
    let block = 4
    let tasks = (nodeColumns.count + block - 1) / block
    parallel(tasks, threads: tasks > 4 ? threads : 1) { task in
      for position in task * block..<min(nodeColumns.count, (task + 1) * block) {
        let feature = Int(nodeColumns[position])
        let first = Int(features.offsets[feature])
        if let toSubtract {
          assay_subtract_words(histogram.pointer + first, toSubtract.pointer + first, features.bins[feature].count)
        }
        candidates[position] = search.best(feature, cells: histogram.pointer + first, leaf: question)
      }
    }
    leaf.best = bestWithEnoughRows(leaf, search, question, candidates, histogram: histogram, columns: nodeColumns)
  }

  /// The best candidate; where hessians do not prove that both sides have enough rows, rows are counted.
  private func bestWithEnoughRows(
    _ leaf: GrowingLeaf, _ search: SplitSearch, _ question: SplitSearch.Leaf,
    _ candidates: AlignedBuffer<SplitCandidate>, histogram: AlignedBuffer<Int64>, columns: AlignedBuffer<UInt32>
  ) -> SplitCandidate {
    while true {
      var best = 0
      for position in 1..<max(columns.count, 1) where candidates[position].gain > candidates[best].gain {
        best = position
      }
      if candidates[best].gain <= rules.gainLimit || candidates[best].rowsKnown { return candidates[best] }
      let feature = Int(columns[best])
      let counts = AlignedBuffer<UInt32>(count: 256, filledWith: 0)
      assay_count_bins(
        features.columns.pointer + feature * features.columnStride, rows.list.pointer + leaf.start, leaf.count,
        counts.pointer)
      candidates[best] = search.best(
        feature, cells: histogram.pointer + Int(features.offsets[feature]), leaf: question, counts: counts.pointer)
    }
  }
}
