import CKernels
import Kernels

/// Trees laid out flat for the prediction kernels.
struct CompiledTrees: Sendable {
  private var trees: [assay_tree] = []
  private var nodes: [assay_node] = []
  private var sets: [UInt32] = []
  private var values: [Double] = []
  private var largestNodeCount = 0
  /// The features that any test uses, ascending.
  private(set) var usedFeatures: [Int] = []
  private let bins: [FeatureBins]
  private let outputs: Int

  init(_ source: [Tree], bins: [FeatureBins], outputs: Int) {
    self.bins = bins
    self.outputs = outputs
    var isUsed = [Bool](repeating: false, count: bins.count)
    for tree in source {
      add(tree)
      for feature in tree.features { isUsed[Int(feature)] = true }
    }
    usedFeatures = isUsed.indices.filter { isUsed[$0] }
  }

  private mutating func add(_ tree: Tree) {
    let slot = { (child: Int32) in child >= 0 ? child : Int32(tree.nodeCount) - 1 - child }
    var flat = assay_tree()
    flat.firstNode = Int64(nodes.count)
    flat.firstValue = Int64(values.count)
    flat.nodeCount = Int32(tree.nodeCount)
    flat.output = Int32(tree.output)
    flat.width = Int32(tree.width)
    trees.append(flat)
    for index in 0..<tree.nodeCount {
      var node = assay_node()
      node.feature = tree.features[index]
      node.left = slot(tree.left[index])
      node.right = slot(tree.right[index])
      node.cut = tree.cuts[index]
      node.missingLeft = tree.missingLeft[index] ? 1 : 0
      node.set = -1
      if tree.setOfNode[index] >= 0 {
        node.set = Int32(sets.count / 8)
        sets.append(contentsOf: tree.sets[Int(tree.setOfNode[index])])
      }
      nodes.append(node)
    }
    values.append(contentsOf: tree.values)
    largestNodeCount = max(largestNodeCount, tree.nodeCount)
  }

  // MARK: Margins

  /// Receives the margins of 64 rows or fewer: the first row, their number, and `margins[output * 64 + row]`.
  typealias Receiver = @Sendable (_ firstRow: Int, _ count: Int, _ margins: UnsafePointer<Double>) -> Void

  /// Adds all trees to the base margins of every row of a matrix.
  func margins(_ features: FeatureMatrix, base: [Double], threads: Int, receiver: Receiver) {
    if features.rowCount < 16 {
      for row in 0..<features.rowCount { marginsOfRow(features, row: row, base: base, receiver: receiver) }
      return
    }
    let padded = bins.map { $0.isCategorical ? [] : $0.paddedCuts }
    // As many rows at a time as leave their bins in the second-level cache.
    let chunk = max(64, min(1024, (1 << 18) / max(usedFeatures.count, 1) / 64 * 64))
    parallel((features.rowCount + chunk - 1) / chunk, threads: threads) { index in
      let rows = index * chunk..<min(features.rowCount, (index + 1) * chunk)
      let block = AlignedBuffer<UInt8>(count: bins.count * chunk, filledWith: 0)
      for feature in usedFeatures {
        bins[feature].assign(
          features.columns[feature], rows: rows, paddedCuts: padded[feature], to: block.pointer + feature * chunk)
      }
      addBlocks(block.pointer, stride: chunk, rows: rows, base: base, receiver: receiver)
    }
  }

  /// Adds all trees to the base margins of every row of binned features.
  func margins(_ features: BinnedFeatures, base: [Double], threads: Int, receiver: Receiver) {
    let chunk = 4096
    parallel((features.rowCount + chunk - 1) / chunk, threads: threads) { index in
      let rows = index * chunk..<min(features.rowCount, (index + 1) * chunk)
      addBlocks(
        features.columns.pointer + rows.lowerBound, stride: features.columnStride, rows: rows, base: base,
        receiver: receiver)
    }
  }

  private func addBlocks(
    _ block: UnsafePointer<UInt8>, stride: Int, rows: Range<Int>, base: [Double], receiver: Receiver
  ) {
    let margins = AlignedBuffer<Double>(count: 64 * outputs)
    let scratch = AlignedBuffer<UInt64>(count: 2 * largestNodeCount + 1)
    for start in Swift.stride(from: 0, to: rows.count, by: 64) {
      for output in 0..<outputs { (margins.pointer + 64 * output).update(repeating: base[output], count: 64) }
      sets.withUnsafeBufferPointer { sets in
        sets.withMemoryRebound(to: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32).self) { sets in
          assay_add_trees(
            trees, trees.count, nodes, sets.baseAddress, values, block + start, stride, margins.pointer,
            scratch.pointer)
        }
      }
      receiver(rows.lowerBound + start, min(64, rows.count - start), margins.pointer)
    }
  }

  /// One row by walking down: the same additions in the same order as for blocks.
  private func marginsOfRow(_ features: FeatureMatrix, row: Int, base: [Double], receiver: Receiver) {
    // The kernel reads words of four bytes.
    var rowBins = [UInt8](repeating: 0, count: bins.count + 3)
    for feature in usedFeatures {
      rowBins[feature] = bins[feature].bin(of: features.columns[feature].value(row))
    }
    var margins = [Double](repeating: 0, count: 64 * outputs)
    for output in 0..<outputs { margins[64 * output] = base[output] }
    sets.withUnsafeBufferPointer { sets in
      sets.withMemoryRebound(to: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32).self) { sets in
        assay_add_trees_to_row(
          trees, trees.count, nodes, sets.baseAddress, values, rowBins, &margins)
      }
    }
    receiver(row, 1, margins)
  }
}

extension CompiledTrees {
  /// Calls a body with the flat form of one tree.
  func withTree(
    _ index: Int,
    _ body: (
      UnsafePointer<assay_tree>, UnsafePointer<assay_node>?,
      UnsafePointer<(UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)>?, UnsafePointer<Double>?
    ) -> Void
  ) {
    var tree = trees[index]
    nodes.withUnsafeBufferPointer { nodes in
      values.withUnsafeBufferPointer { values in
        sets.withUnsafeBufferPointer { sets in
          sets.withMemoryRebound(to: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32).self) {
            body(&tree, nodes.baseAddress, $0.baseAddress, values.baseAddress)
          }
        }
      }
    }
  }
}

extension FeatureValues {
  /// The number of one row.
  func value(_ row: Int) -> Float {
    switch self {
    case .dense(let values): return values[row]
    case .sparse(let rows, let values):
      var low = 0
      var high = rows.count
      while low < high {
        let middle = (low + high) / 2
        if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
      }
      return low < rows.count && Int(rows[low]) == row ? values[low] : 0
    }
  }
}
