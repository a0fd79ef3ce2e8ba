import Basics
import CKernels
import Evaluation
import Kernels

/// One course of boosting: the scores of all rows, and the rounds that improve them.
struct BoostingRun {
  private let settings: Boosting
  private let data: BinnedTrainingData
  private let context: FitContext
  private let gradients: ObjectiveGradients
  private let scores: AlignedBuffer<Float>
  private let hasUnweightedRows: Bool

  private var binned: BinnedFeatures { data.binned }
  private var target: BoostingTarget { data.target }
  private var rowCount: Int { data.binned.rowCount }

  init(_ settings: Boosting, data: BinnedTrainingData, context: FitContext) {
    self.settings = settings
    self.data = data
    self.context = context
    gradients = ObjectiveGradients(data.target)
    hasUnweightedRows = data.target.weights?.contains(0) ?? false
    scores = AlignedBuffer(count: data.binned.rowCount * data.target.outputs, filledWith: 0)
  }

  /// Grows trees until the rounds, the deadline or early stopping end it.
  func model() throws -> TreeEnsemble {
    let grower = TreeGrower(
      binned, rules: settings.growthRules(data.features, objective: data.target.objective), threads: context.threads)
    var packed = PackedGradients(rowCount: rowCount)
    var trees: [Tree] = []
    var monitor = context.validation.map {
      ValidationMonitor(
        $0, target: target, bins: binned.bins, rounds: settings.earlyStoppingRounds, threads: context.threads)
    }
    for round in 0..<settings.trees {
      if round > 0, context.deadline.hasPassed || (context.keepsUnfinished && context.interruption.isRequested) {
        break
      }
      try context.interruption.check()
      let key = context.key["round"][round]
      let grown = growRound(round, key: key, grower: grower, packed: &packed)
      trees.append(contentsOf: grown)
      if let stop = monitor?.shouldStop(after: grown), stop { break }
      // Without a gain anywhere, later rounds on the same rows would only repeat this one.
      if settings.rowShare == 1, settings.columnShare == 1, grown.allSatisfy({ $0.nodeCount == 0 }) { break }
    }
    if let best = monitor?.bestRounds { trees.removeLast(trees.count - best * target.outputs) }
    return TreeEnsemble(
      task: data.task, features: data.features, link: target.objective.link, base: target.base,
      trees: trees, bins: binned.bins)
  }

  private func growRound(
    _ round: Int, key: RandomKey, grower: TreeGrower, packed: inout PackedGradients
  ) -> [Tree] {
    let drawn = sampleRows(grower.rows.list, key: key["rows"])
    // Growing a tree changes the order of the list, which the trees of further outputs need again.
    let isKept = drawn < rowCount && target.outputs > 1
    let order = Array(UnsafeBufferPointer(start: grower.rows.list.pointer, count: isKept ? drawn : 0))
    // All outputs' gradients are taken at the scores before the round.
    let before = target.outputs > 1 ? AlignedBuffer(scores.values) : scores
    var trees: [Tree] = []
    for output in 0..<target.outputs {
      let key = key[output]
      let totals = gradients.compute(scores: before, output: output, threads: context.threads)
      packed.pack(
        gradients.gradients.pointer, gradients.hessians.map { UnsafePointer($0.pointer) }, totals: totals,
        seed: UInt32(truncatingIfNeeded: key["rounding"].bits), threads: context.threads)
      if output > 0 { restore(grower.rows.list, order: order) }
      var grown = grower.grow(
        packed, rowCount: drawn, isWholeTable: drawn == rowCount, columns: sampleColumns(key["columns"]), key: key)
      finish(&grown, output: output, rowCount: drawn, grower: grower)
      trees.append(grown.tree)
    }
    return trees
  }

  // MARK: Samples

  /// Lists the rows of a round, ascending, those of weight 0 left out; returns their number, at least 1.
  private func sampleRows(_ list: AlignedBuffer<UInt32>, key: RandomKey) -> Int {
    guard settings.rowShare < 1 || hasUnweightedRows else {
      restore(list, order: [])
      return rowCount
    }
    var count = 0
    let weights = target.weights
    for row in 0..<rowCount where weights?[row] ?? 1 > 0 {
      if settings.rowShare < 1, key.uniform(at: UInt64(row)) >= settings.rowShare { continue }
      list[count] = UInt32(row)
      count += 1
    }
    if count == 0 { list[0] = UInt32(key.word(at: 0) % UInt64(rowCount)) }
    return max(count, 1)
  }

  /// Writes the given order, or all rows if it is empty.
  private func restore(_ list: AlignedBuffer<UInt32>, order: [UInt32]) {
    if order.isEmpty {
      for row in 0..<rowCount { list[row] = UInt32(row) }
    } else {
      for (position, row) in order.enumerated() { list[position] = row }
    }
  }

  private func sampleColumns(_ key: RandomKey) -> [Int] {
    let all = Array(0..<binned.featureCount)
    guard settings.columnShare < 1 else { return all }
    let count = max(1, Int((Double(all.count) * settings.columnShare).rounded()))
    var stream = key.stream()
    return Array(stream.permutation(of: all.count).prefix(count)).sorted()
  }

  // MARK: Scores

  /// Renews and shrinks the leaf values, and adds them to the scores.
  private func finish(_ grown: inout TreeGrower.Grown, output: Int, rowCount drawn: Int, grower: TreeGrower) {
    if target.objective.renewsLeaves {
      let renewed = LeafRenewal(target: target)
        .values(leaves: grown.leafRows, list: grower.rows.list, scores: scores, threads: context.threads)
      grown.tree.values = renewed
      grown.tree.enforceMonotone(grower.rules.monotone)
    }
    grown.tree.values = grown.tree.values.map { $0 * settings.learningRate }
    if drawn == rowCount {
      addToRows(grown, output: output, list: grower.rows.list)
      grown.tree.output = output
    } else {
      grown.tree.output = output
      addToAll(grown.tree, output: output)
    }
  }

  private func addToRows(_ grown: TreeGrower.Grown, output: Int, list: AlignedBuffer<UInt32>) {
    let (scores, first) = (scores, output * rowCount)
    let (leaves, values) = (grown.leafRows, grown.tree.values)
    parallel(leaves.count, threads: context.threads) { leaf in
      assay_add_to_rows(
        scores.pointer + first, list.pointer + leaves[leaf].lowerBound, leaves[leaf].count, Float(values[leaf]))
    }
  }

  /// Rows that were not drawn get their leaf by the tree's tests.
  private func addToAll(_ tree: Tree, output: Int) {
    let base = [Double](repeating: 0, count: target.outputs)
    let (scores, first) = (scores, output * rowCount)
    CompiledTrees([tree], bins: binned.bins, outputs: target.outputs)
      .margins(binned, base: base, threads: context.threads) { start, count, margins in
        for row in 0..<count { scores[first + start + row] += Float(margins[64 * output + row]) }
      }
  }
}
