import Basics
import Evaluation
import Kernels
import Synchronization

/// The growing of a forest: trees are independent, so each is grown by one thread.
struct ForestRun: Sendable {
  private let settings: Forest
  private let data: TrainingData
  private let binned: BinnedFeatures
  private let context: FitContext
  /// Rows are listed by class where classes are counted apart.
  private let order: [UInt32]
  private let classes: [Int32]?
  private let classCount: Int
  private let mean: Double

  init(_ settings: Forest, data: TrainingData, binned: BinnedFeatures, context: FitContext) {
    self.settings = settings
    self.data = data
    self.binned = binned
    self.context = context
    classCount = data.task.width > 2 ? data.task.width : 0
    let rows = (0..<data.rowCount).map { UInt32($0) }
    if classCount > 0 {
      let classes = data.labels.map { Int32($0) }
      order = rows.sorted { (classes[Int($0)], $0) < (classes[Int($1)], $1) }
      self.classes = classes
    } else {
      order = rows
      classes = nil
    }
    let weights = data.weights ?? [Double](repeating: 1, count: data.rowCount)
    mean = zip(data.labels, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }

  /// Grows the trees; the deadline keeps what is finished, at least one.
  func model() throws -> TreeEnsemble {
    let workers = max(1, min(context.threads, settings.trees))
    let next = Atomic<Int>(0)
    let finished = Mutex<[Int: Tree]>([:])
    parallel(workers, threads: workers) { _ in
      let grower = TreeGrower(
        binned, rules: settings.growthRules(data), classes: classes, classCount: classCount,
        splittingUnequal: data.labels, threads: 1)
      var sample = ForestSample(rowCount: data.rowCount)
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if number >= settings.trees || context.interruption.isRequested { return }
        if number > 0, context.deadline.hasPassed { return }
        let tree = grow(number, grower: grower, sample: &sample)
        finished.withLock { $0[number] = tree }
      }
    }
    try context.interruption.check()
    let grown = finished.withLock { $0 }
    var trees = grown.keys.sorted().compactMap { grown[$0] }
    for index in trees.indices { trees[index].values = trees[index].values.map { $0 / Double(trees.count) } }
    let link: Link = data.task.classes.isEmpty ? .identity : classCount > 0 ? .probabilities : .probability
    return TreeEnsemble(
      task: data.task, features: data.features.features, link: link,
      base: [Double](repeating: 0, count: max(1, classCount)), trees: trees, bins: binned.bins)
  }

  private func grow(_ number: Int, grower: TreeGrower, sample: inout ForestSample) -> Tree {
    let key = context.key["tree"][number]
    let withReplacement = settings.rowShare == nil && settings.kind == .randomForest
    sample.draw(data, share: settings.rowShare ?? 1, withReplacement: withReplacement, key: key["rows"])
    let rowCount = sample.list(order, into: grower.rows.list)
    let packed = sample.pack(data, mean: mean, countsClasses: classCount > 0, seed: key["rounding"])
    var grown = grower.grow(
      packed, rowCount: rowCount, isWholeTable: rowCount == data.rowCount, columns: Array(0..<binned.featureCount),
      key: key)
    // Leaf values come from the labels themselves.
    for (leaf, rows) in grown.leafRows.enumerated() {
      let values = sample.leafValues(data, rows: rows, list: grower.rows.list, classCount: classCount)
      for (k, value) in values.enumerated() { grown.tree.values[leaf * grown.tree.width + k] = value }
    }
    return grown.tree
  }
}

/// The rows of one tree with their weights: how often they were drawn times their own weight.
struct ForestSample {
  private let weights: AlignedBuffer<Float>
  private let gradients: AlignedBuffer<Float>

  init(rowCount: Int) {
    weights = AlignedBuffer(count: rowCount, filledWith: 0)
    gradients = AlignedBuffer(count: rowCount)
  }

  /// Draws rows.
  mutating func draw(_ data: TrainingData, share: Double, withReplacement: Bool, key: RandomKey) {
    let count = data.rowCount
    weights.pointer.update(repeating: withReplacement ? 0 : 1, count: count)
    if withReplacement {
      var stream = key.stream()
      for _ in 0..<count { weights[stream.integer(below: count)] += 1 }
    } else if share < 1 {
      var drawn = 0
      for row in 0..<count {
        let isDrawn = key.uniform(at: UInt64(row)) < share
        weights[row] = isDrawn ? 1 : 0
        drawn += isDrawn ? 1 : 0
      }
      if drawn == 0 { weights[Int(key.word(at: 0) % UInt64(count))] = 1 }
    }
    guard let own = data.weights else { return }
    for row in 0..<count { weights[row] *= Float(own[row]) }
  }

  /// Lists the drawn rows in the given order; returns their number.
  func list(_ order: [UInt32], into list: AlignedBuffer<UInt32>) -> Int {
    var count = 0
    for row in order where weights[Int(row)] > 0 {
      list[count] = row
      count += 1
    }
    return count
  }

  /// Packs weights alone, or weights with the gradients of the squared error at the mean.
  func pack(_ data: TrainingData, mean: Double, countsClasses: Bool, seed: RandomKey) -> PackedGradients {
    var totals = PackedGradients.Totals()
    for row in 0..<data.rowCount {
      let weight = weights[row]
      let gradient = countsClasses ? 0 : weight * Float(mean - data.labels[row])
      gradients[row] = gradient
      totals.add(sums: (Double(abs(gradient)), Double(weight)), largest: (abs(gradient), weight))
    }
    var packed = PackedGradients(rowCount: data.rowCount)
    packed.pack(
      gradients.pointer, weights.pointer, totals: totals, seed: UInt32(truncatingIfNeeded: seed.bits), threads: 1)
    return packed
  }

  /// The weighted mean label of a leaf, or the weighted share of every class.
  func leafValues(_ data: TrainingData, rows: Range<Int>, list: AlignedBuffer<UInt32>, classCount: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: max(1, classCount))
    var total = 0.0
    for position in rows {
      let row = Int(list[position])
      let weight = Double(weights[row])
      total += weight
      if classCount > 0 { sums[Int(data.labels[row])] += weight } else { sums[0] += weight * data.labels[row] }
    }
    return sums.map { $0 / total }
  }
}
