import Evaluation
import Foundation
import Kernels

/// A sum (boosting) or mean (forest) of decision trees.
public struct TreeEnsemble: ContributingModel {
  /// The name in bundles.
  public static let kind = "tree-ensemble"

  /// What the model predicts.
  public let task: LearningTask
  /// The features of the training data.
  public let features: [Feature]
  /// How margins become predictions.
  public let link: Link
  /// The margin of each output before the first tree.
  public let base: [Double]
  /// The trees; their values add up to the margin.
  public let trees: [Tree]
  /// How values become bins, one entry per feature.
  public let bins: [FeatureBins]
  let compiled: CompiledTrees

  init(
    task: LearningTask, features: [Feature], link: Link, base: [Double], trees: [Tree], bins: [FeatureBins]
  ) {
    self.task = task
    self.features = features
    self.link = link
    self.base = base
    self.trees = trees
    self.bins = bins
    compiled = CompiledTrees(trees, bins: bins, outputs: base.count)
  }

  /// The number of trees.
  public var treeCount: Int { trees.count }

  /// The outputs of `margins`: 1 for regression and two classes, else one per class.
  public var outputCount: Int { base.count }

  /// The sums of leaf values of every row: predictions on the link scale.
  ///
  /// The matrix must have as many features as the training data. Cost: O(rows * trees * nodes / 64) comparisons.
  public func margins(_ features: FeatureMatrix, threads: Int) -> Predictions {
    check(features)
    let outputs = base.count
    let result = AlignedBuffer<Double>(count: features.rowCount * outputs)
    compiled.margins(features, base: base, threads: threads) { first, count, margins in
      for row in 0..<count {
        for output in 0..<outputs { result[(first + row) * outputs + output] = margins[64 * output + row] }
      }
    }
    return Predictions(result.values, width: outputs)
  }

  /// Predicts every row; see `Model`.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    check(features)
    let width = task.width
    let result = AlignedBuffer<Double>(count: features.rowCount * width)
    compiled.margins(features, base: base, threads: threads) { first, count, margins in
      link.apply(margins, count: count, outputs: base.count, to: result.pointer + first * width)
    }
    return Predictions(result.values, width: width)
  }

  private func check(_ features: FeatureMatrix) {
    precondition(
      features.featureCount == bins.count,
      "TreeEnsemble: \(features.featureCount) features, trained on \(bins.count)")
  }

  /// The summed gains of all tests on each feature.
  public var gainImportance: [Double] { importance { $0.gains[$1] } }

  /// The number of tests on each feature.
  public var splitImportance: [Double] { importance { _, _ in 1 } }

  private func importance(_ amount: (Tree, Int) -> Double) -> [Double] {
    var result = [Double](repeating: 0, count: bins.count)
    for tree in trees {
      for node in 0..<tree.nodeCount { result[Int(tree.features[node])] += amount(tree, node) }
    }
    return result
  }
}

extension TreeEnsemble: Codable {
  private enum CodingKeys: String, CodingKey {
    case task, features, link, base, trees, bins
  }

  /// Reads a model; trees that do not fit together are refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let packed = try container.decode(PackedTrees.self, forKey: .trees)
    let bins = try container.decode([FeatureBins].self, forKey: .bins)
    let base = try container.decode([Double].self, forKey: .base)
    guard let trees = packed.trees(bins: bins, outputs: base.count) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "the trees do not fit together"))
    }
    self.init(
      task: try container.decode(LearningTask.self, forKey: .task),
      features: try container.decode([Feature].self, forKey: .features),
      link: try container.decode(Link.self, forKey: .link), base: base, trees: trees, bins: bins)
  }

  /// Writes the model.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(task, forKey: .task)
    try container.encode(features, forKey: .features)
    try container.encode(link, forKey: .link)
    try container.encode(base, forKey: .base)
    try container.encode(PackedTrees(trees), forKey: .trees)
    try container.encode(bins, forKey: .bins)
  }
}

extension Link {
  /// Turns margins of up to 64 rows, `margins[output * 64 + row]`, into predictions row after row.
  func apply(_ margins: UnsafePointer<Double>, count: Int, outputs: Int, to result: UnsafeMutablePointer<Double>) {
    switch self {
    case .identity: for row in 0..<count { result[row] = margins[row] }
    case .exponential: for row in 0..<count { result[row] = exp(margins[row]) }
    case .logistic, .probability:
      for row in 0..<count {
        let p = self == .logistic ? 1 / (1 + exp(-margins[row])) : min(max(margins[row], 0), 1)
        result[2 * row] = 1 - p
        result[2 * row + 1] = p
      }
    case .softmax, .probabilities:
      for row in 0..<count {
        let target = result + row * outputs
        for k in 0..<outputs { target[k] = margins[64 * k + row] }
        if self == .softmax {
          let largest = (0..<outputs).reduce(-Double.infinity) { max($0, target[$1]) }
          for k in 0..<outputs { target[k] = exp(target[k] - largest) }
        }
        let sum = (0..<outputs).reduce(0) { $0 + target[$1] }
        for k in 0..<outputs { target[k] /= sum }
      }
    }
  }
}
