import Evaluation
import Kernels

/// A fitted linear, Poisson, logistic or softmax regression.
public struct ElasticNetModel: ContributingModel {
  /// The name in bundles.
  public static let kind = "elastic-net"

  /// What the model predicts.
  public let task: LearningTask
  /// The penalty it was fitted with.
  public let lambda: Double
  /// Per output (one, or one per class if there are more than two), the predictor of a row that is average in
  /// everything.
  public let intercepts: [Double]
  let family: LinearFamily
  let effects: [FeatureEffect]

  /// What a feature adds to the predictors; output by output in each array.
  enum FeatureEffect: Sendable, Codable, Hashable {
    /// The feature adds nothing.
    case none
    /// `present + slopes * (x - mean)`, or `missing`.
    case numeric(mean: Double, slopes: [Double], present: [Double], missing: [Double])
    /// The numbers of the level, `levels[level * outputs + output]`; of a level not seen; or of missing.
    case categorical(levels: [Double], unseen: [Double], missing: [Double])
  }

  init(
    task: LearningTask, family: LinearFamily, lambda: Double, encoding: DesignEncoding, features: [Feature],
    coefficients: [[Double]], intercepts: [Double]
  ) {
    self.task = task
    self.family = family
    self.lambda = lambda
    // The softmax is the same for any common shift; without one the intercepts sum to zero.
    let centre = intercepts.count > 1 ? intercepts.reduce(0, +) / Double(intercepts.count) : 0
    self.intercepts = intercepts.map { $0 - centre }
    effects = features.indices.map { feature in
      FeatureEffect(encoding, feature, kind: features[feature].kind, coefficients: coefficients)
    }
  }

  /// Per output, what one unit more of a numeric feature adds to the predictor; zeros for a categorical feature.
  public func slopes(of feature: Int) -> [Double] {
    if case .numeric(_, let slopes, _, _) = effects[feature] { return slopes }
    return Array(repeating: 0, count: family.outputs)
  }

  /// What a value of a feature adds to an output's predictor, over the average row; not-a-number stands for missing.
  public func effect(of feature: Int, value: Float, output: Int = 0) -> Double {
    effects[feature].value(value, output: output, outputs: family.outputs)
  }

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let outputs = family.outputs
    let width = task.width
    var values = [Double](repeating: 0, count: features.rowCount * width)
    values.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let values = buffer
      forEachShard(features, threads: threads) { rows, eta in
        for row in 0..<rows.count {
          family.means(
            UnsafeBufferPointer(rebasing: eta[row * outputs..<(row + 1) * outputs]),
            into: values.baseAddress! + (rows.lowerBound + row) * width)
        }
      }
    }
    return Predictions(values, width: width)
  }

  /// What each feature added to each prediction.
  public func contributions(_ features: FeatureMatrix, threads: Int) -> Contributions {
    let outputs = family.outputs
    let stride = effects.count + 1
    var values = [Double](repeating: 0, count: features.rowCount * outputs * stride)
    for (feature, effect) in effects.enumerated() where effect != .none {
      let column = features.columns[feature].densified(rowCount: features.rowCount)
      for row in 0..<features.rowCount {
        for output in 0..<outputs {
          values[(row * outputs + output) * stride + feature] = effect.value(
            column[row], output: output, outputs: outputs)
        }
      }
    }
    for row in 0..<features.rowCount {
      for output in 0..<outputs { values[(row * outputs + output) * stride + effects.count] = intercepts[output] }
    }
    return Contributions(values, width: outputs, featureCount: effects.count)
  }

  /// Calls `body` with a range of rows and their linear predictors, `eta[row * outputs + output]`.
  private func forEachShard(
    _ features: FeatureMatrix, threads: Int, _ body: @Sendable (Range<Int>, UnsafeBufferPointer<Double>) -> Void
  ) {
    let outputs = family.outputs
    let shardRows = 2048
    // What a sparse feature adds where it is zero is the same for all rows.
    var base = intercepts
    for (feature, effect) in effects.enumerated() where effect != .none {
      if case .sparse = features.columns[feature] {
        for output in 0..<outputs { base[output] += effect.value(0, output: output, outputs: outputs) }
      }
    }
    parallel((features.rowCount + shardRows - 1) / shardRows, threads: threads) { [base] shard in
      let rows = shard * shardRows..<min(features.rowCount, (shard + 1) * shardRows)
      var eta = [Double](repeating: 0, count: rows.count * outputs)
      for row in 0..<rows.count { for output in 0..<outputs { eta[row * outputs + output] = base[output] } }
      for (feature, effect) in effects.enumerated() where effect != .none {
        effect.add(features.columns[feature], rows: rows, outputs: outputs, to: &eta)
      }
      eta.withUnsafeBufferPointer { body(rows, $0) }
    }
  }
}

extension ElasticNetModel.FeatureEffect {
  init(_ encoding: DesignEncoding, _ feature: Int, kind: FeatureKind, coefficients: [[Double]]) {
    let range = encoding.terms(of: feature)
    guard range.contains(where: { term in coefficients.contains { $0[term] != 0 } }) else {
      self = .none
      return
    }
    let outputs = coefficients.count
    // What each term adds at zero and per unit of what it measures.
    let unit = range.map { term in coefficients.map { $0[term] / encoding.terms[term].scale } }
    var atZero = [Double](repeating: 0, count: outputs)
    for (position, term) in range.enumerated() where encoding.terms[term].role != .value {
      for output in 0..<outputs { atZero[output] -= unit[position][output] * encoding.terms[term].mean }
    }
    var missing = atZero
    var slopes = [Double](repeating: 0, count: outputs)
    var levels: [Double] = []
    if case .categorical(let count) = kind { for _ in 0..<count { levels += atZero } }
    for (position, term) in range.enumerated() {
      for output in 0..<outputs {
        switch encoding.terms[term].role {
        case .value: slopes[output] = unit[position][output]
        case .missing: missing[output] += unit[position][output]
        case .level(let level): levels[level * outputs + output] += unit[position][output]
        }
      }
    }
    switch kind {
    case .numeric:
      self = .numeric(mean: encoding.fills[feature], slopes: slopes, present: atZero, missing: missing)
    case .categorical: self = .categorical(levels: levels, unseen: atZero, missing: missing)
    }
  }

  @inline(__always)
  func value(_ value: Float, output: Int, outputs: Int) -> Double {
    switch self {
    case .none: return 0
    case .numeric(let mean, let slopes, let present, let missing):
      return value.isFinite ? present[output] + slopes[output] * (Double(value) - mean) : missing[output]
    case .categorical(let levels, let unseen, let missing):
      if let level = levelCode(value, levels: levels.count / outputs) { return levels[level * outputs + output] }
      return value.isFinite ? unseen[output] : missing[output]
    }
  }

  /// Adds the effects of a column to `eta[row * outputs + output]`; for sparse columns only what differs from zero.
  func add(_ column: FeatureValues, rows: Range<Int>, outputs: Int, to eta: inout [Double]) {
    switch column {
    case .dense(let values):
      values.withUnsafeBufferPointer { values in
        for row in 0..<rows.count {
          let number = values[rows.lowerBound + row]
          for output in 0..<outputs {
            eta[row * outputs + output] += value(number, output: output, outputs: outputs)
          }
        }
      }
    case .sparse(let at, let values):
      let zero = (0..<outputs).map { value(0, output: $0, outputs: outputs) }
      var position = lowerBound(at, Int32(rows.lowerBound))
      while position < at.count, Int(at[position]) < rows.upperBound {
        let row = Int(at[position]) - rows.lowerBound
        for output in 0..<outputs {
          eta[row * outputs + output] += value(values[position], output: output, outputs: outputs) - zero[output]
        }
        position += 1
      }
    }
  }
}
