import Basics
import CKernels
import Evaluation
import Kernels

/// Training rows with the weights by which their covariances with a new row add up to its prediction.
public struct GaussianProcessModel: Model {
  /// The name in bundles.
  public static let kind = "gaussian-process"

  /// What the model predicts.
  public let task: LearningTask
  private let encoding: PointEncoding
  private let rows: ComparedRows
  private let factors: [Double]
  private let scale: LabelScale
  private let lowest: Double
  private let highest: Double

  /// The share of the labels' variance that is taken for noise.
  public var noise: Double { rows.covariance.noise }

  /// Conditions on rows; labels are standardised.
  ///
  /// - Throws: a `data` error if no noise makes the covariances invertible.
  init(
    encoding: PointEncoding, covariance: Covariance, points: [Float], labels: [Double], weights: [Double],
    scale: LabelScale, range: (Double, Double), context: FitContext
  ) throws {
    task = .regression
    self.encoding = encoding
    self.scale = scale
    (lowest, highest) = range
    let rows = ComparedRows(points, count: labels.count, covariance: covariance)
    self.rows = rows
    var matrix = rows.matrix(threads: context.threads)
    // Rows that repeat leave the matrix singular to rounding where the noise is next to nothing: more noise mends that.
    var noise = max(covariance.noise, 1e-4)
    var added = 0.0
    for _ in 0..<8 {
      try context.interruption.check()
      for row in labels.indices { matrix[row * labels.count + row] += Float((noise - added) / weights[row]) }
      added = noise
      if let factor = BlockedCholesky(matrix, size: labels.count, threads: context.threads) {
        factors = factor.solve(labels)
        return
      }
      noise *= 10
    }
    throw AssayError(.data, "the covariances of the rows cannot be inverted", remedy: "leave repeated rows out")
  }

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let points = GaussianProcess.points(features, encoding, threads: threads)
    let width = encoding.width
    let block = 64
    let parts = parallelMap((features.rowCount + block - 1) / block, threads: threads) { part -> [Double] in
      var buffers = ComparedRows.Buffers(count: rows.count)
      return (part * block..<min(features.rowCount, (part + 1) * block)).map { row in
        rows.covariances(points[row * width..<(row + 1) * width], limit: rows.count, &buffers)
        let mean = assay_dot(buffers.covariances, factors, rows.count)
        return min(max(scale.mean + scale.deviation * mean, lowest), highest)
      }
    }
    return Predictions(parts.flatMap { $0 }, width: 1)
  }
}
