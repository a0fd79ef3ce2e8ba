import Basics
import Kernels

/// The directions in which rows vary most, as new features.
///
/// Features are standardised, categories become indicators, missing numbers the mean. Up to 512 encoded columns the
/// decomposition is that of the covariance matrix; beyond, a randomised one with 4 power iterations (Halko, Martinsson
/// and Tropp, "Finding structure with randomness", SIAM Review 53, 2011) that never fills sparse columns in.
public struct PrincipalComponents: FeatureTransformer, Hashable {
  /// The number of components, at least 1; nil takes as many as explain `varianceShare`.
  public var components: Int?
  /// The share of the variance to explain where `components` is nil, in (0, 1].
  public var varianceShare = 0.95
  /// The most components where `components` is nil, and in a randomised decomposition.
  public var maximumComponents = 64

  /// A configuration; nil takes as many components as explain 95 % of the variance.
  public init(components: Int? = nil) { self.components = components }

  private static let exactColumns = 512

  /// Learns the directions; see `FeatureTransformer`.
  public func fit(_ features: FeatureMatrix, context: FitContext) throws -> any FeatureTransformation {
    if let components { try require(components >= 1, "components", components, "at least 1") }
    try require(varianceShare > 0 && varianceShare <= 1, "varianceShare", varianceShare, "above 0 and at most 1")
    try require(maximumComponents >= 1, "maximumComponents", maximumComponents, "at least 1")
    let encoding = try PointEncoding(features, threads: context.threads)
    let design = DesignMatrix(
      columns: encoding.encoding.columns(features, threads: context.threads), rowCount: features.rowCount,
      threads: context.threads)
    try context.interruption.check()
    let width = encoding.width
    let rows = Double(features.rowCount)
    let total: Double
    var values: [Double]
    var vectors: [Double]
    if width <= PrincipalComponents.exactColumns {
      let gram = design.weightedGram(Array(repeating: 1 / rows, count: features.rowCount))
      let covariance = (0..<width * width).map { gram[$0 / width * (width + 1) + $0 % width] }
      let eigen = SymmetricEigen(covariance, size: width)
      (values, vectors) = (eigen.values, eigen.vectors)
      total = (0..<width).reduce(0) { $0 + covariance[$1 * width + $1] }
    } else {
      let count = min(components ?? maximumComponents, features.rowCount, width)
      (values, vectors) = randomized(design, count: count, key: context.key["components"])
      // Every column is centred; its variance is its squared length over the rows.
      let ones = [Double](repeating: 1, count: features.rowCount)
      total = design.columns.indices.reduce(0) { $0 + design.squaredLength($1, ones) / rows }
    }
    values = values.map { max($0, 0) }
    var kept = components ?? maximumComponents
    if components == nil, total > 0 {
      var explained = 0.0
      for (index, value) in values.enumerated() where explained < (varianceShare - 1e-9) * total {
        explained += value
        kept = min(maximumComponents, index + 1)
      }
    }
    kept = min(kept, values.filter { $0 > 1e-10 * total }.count)
    return PrincipalComponentsModel(
      encoding: encoding, variances: Array(values.prefix(kept)), totalVariance: total,
      axes: vectors.prefix(kept * width).map(Float.init))
  }

  /// Variances and directions from the range of the data under random probes.
  private func randomized(_ design: DesignMatrix, count: Int, key: RandomKey) -> ([Double], [Double]) {
    let columns = design.columns.count
    let probes = min(count + 10, columns, design.rowCount)
    func image(_ direction: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: design.rowCount)
      design.add(direction.enumerated().map { (column: $0.offset, step: $0.element) }, to: &result)
      return result
    }
    var stream = key.stream()
    var basis = (0..<probes).map { _ in image((0..<columns).map { _ in stream.normal() }) }
    orthonormalize(&basis)
    for _ in 0..<4 {
      basis = basis.map { image(design.transposedProduct($0)) }
      orthonormalize(&basis)
    }
    // B = Q' X, and the eigenvectors of B B' turn its rows into the directions.
    let projected = basis.map { design.transposedProduct($0) }
    var small = [Double](repeating: 0, count: basis.count * basis.count)
    for i in basis.indices {
      for j in basis.indices {
        small[i * basis.count + j] = zip(projected[i], projected[j]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let eigen = SymmetricEigen(small, size: basis.count)
    var vectors: [Double] = []
    let kept = min(count, basis.count)
    for k in 0..<kept {
      var direction = [Double](repeating: 0, count: columns)
      let length = max(eigen.values[k], 1e-300).squareRoot()
      for i in basis.indices {
        let weight = eigen.vectors[k * basis.count + i] / length
        for column in 0..<columns { direction[column] += weight * projected[i][column] }
      }
      vectors += direction
    }
    return (eigen.values.prefix(kept).map { $0 / Double(design.rowCount) }, vectors)
  }

  /// Gram and Schmidt, twice for accuracy; directions that vanish are dropped.
  private func orthonormalize(_ basis: inout [[Double]]) {
    var result: [[Double]] = []
    for var vector in basis {
      let before = zip(vector, vector).reduce(0) { $0 + $1.0 * $1.1 }
      for _ in 0..<2 {
        for other in result {
          let product = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for row in vector.indices { vector[row] -= product * other[row] }
        }
      }
      let length = zip(vector, vector).reduce(0) { $0 + $1.0 * $1.1 }
      if length > 1e-20 * before, length > 0 {
        let scale = 1 / length.squareRoot()
        result.append(vector.map { $0 * scale })
      }
    }
    basis = result
  }
}

/// Directions with their variances.
public struct PrincipalComponentsModel: FeatureTransformation {
  /// The name in bundles.
  public static let kind = "principal-components"

  /// The variance along each direction, largest first.
  public let variances: [Double]
  /// The variance of all encoded features together.
  public let totalVariance: Double
  private let encoding: PointEncoding
  private let packedAxes: PackedNumbers

  init(encoding: PointEncoding, variances: [Double], totalVariance: Double, axes: [Float]) {
    self.encoding = encoding
    self.variances = variances
    self.totalVariance = totalVariance
    packedAxes = PackedNumbers(axes)
  }

  /// The directions over the encoded features, one after the other.
  public var axes: [Float] { packedAxes.values }

  /// The coordinates of every row along the directions: dense features named `component1`, `component2`, ...
  public func transform(_ features: FeatureMatrix, threads: Int) -> FeatureMatrix {
    let count = variances.count
    let width = encoding.width
    let shard = 512
    let parts = parallelMap((features.rowCount + shard - 1) / shard, threads: threads) { part in
      let rows = part * shard..<min(features.rowCount, (part + 1) * shard)
      let points = encoding.encoding.standardizedRows(features, rows: rows)
      var scores = [Float](repeating: 0, count: rows.count * count)
      guard width > 0, count > 0 else { return scores }
      points.withUnsafeBufferPointer { points in
        packedAxes.values.withUnsafeBufferPointer { axes in
          multiply(
            MatrixView(points.baseAddress!, width: width), MatrixView(axes.baseAddress!, width: width).transposed,
            rows: rows.count, inner: width, columns: count, into: &scores, stride: count)
        }
      }
      return scores
    }
    let scores = parts.flatMap { $0 }
    return FeatureMatrix(
      features: (0..<count).map { Feature("component\($0 + 1)") },
      columns: (0..<count).map { component in
        .dense((0..<features.rowCount).map { scores[$0 * count + component] })
      }, rowCount: features.rowCount)
  }
}
