import CKernels
import Kernels

extension TreeEnsemble {
  /// Exact path-dependent Shapley values (TreeSHAP) on the scale of `margins`.
  ///
  /// Cost: O(rows * trees * nodes * depth / 16) vector operations.
  public func contributions(_ features: FeatureMatrix, threads: Int) -> Contributions {
    precondition(
      features.featureCount == bins.count,
      "TreeEnsemble: \(features.featureCount) features, trained on \(bins.count)")
    let outputs = base.count
    let stride = bins.count + 1
    let binned = BinnedFeatures(features, bins: bins, forHistograms: false, threads: threads)
    let values = AlignedBuffer<Double>(count: features.rowCount * outputs * stride, filledWith: 0)
    var expected = base
    for (index, tree) in trees.enumerated() {
      let tables = ContributionTables(tree)
      for k in 0..<tree.width { expected[tree.output + k] += tables.expected[k] }
      guard tree.nodeCount > 0 else { continue }
      addContributions(ofTree: index, tables: tables, binned: binned, to: values, threads: threads)
    }
    for row in 0..<features.rowCount {
      for output in 0..<outputs { values[(row * outputs + output + 1) * stride - 1] = expected[output] }
    }
    return Contributions(values.values, width: outputs, featureCount: bins.count)
  }

  private func addContributions(
    ofTree index: Int, tables: ContributionTables, binned: BinnedFeatures, to values: AlignedBuffer<Double>,
    threads: Int
  ) {
    let outputs = base.count
    let stride = bins.count + 1
    let slots = 2 * trees[index].nodeCount + 1
    let (ratios, weights, previous, points) = (tables.ratios, tables.weights, tables.previous, tables.points)
    let chunk = 512
    parallel((binned.rowCount + chunk - 1) / chunk, threads: threads) { task in
      let rows = task * chunk..<min(binned.rowCount, (task + 1) * chunk)
      let scratch = AlignedBuffer<Double>(count: slots * (points + 1))
      previous.withUnsafeBufferPointer { previous in
        var tables = assay_contribution_tables()
        tables.ratios = UnsafePointer(ratios.pointer)
        tables.weights = UnsafePointer(weights.pointer)
        tables.previous = previous.baseAddress
        tables.points = Int32(points)
        compiled.withTree(index) { tree, nodes, sets, leafValues in
          assay_add_contributions(
            tree, nodes, sets, leafValues, &tables, binned.columns.pointer + rows.lowerBound, binned.columnStride,
            rows.count, values.pointer + rows.lowerBound * outputs * stride, outputs, stride, scratch.pointer)
        }
      }
    }
  }
}
