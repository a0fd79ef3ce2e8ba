import Basics
import Foundation
import Kernels

/// Clusters as normal distributions that overlap: each row belongs to each with a probability.
///
/// Fitted by expectation and maximisation (Dempster, Laird and Rubin 1977) from k-means starts, on standardised
/// features with categories as indicators. The best number of clusters is that of the least Bayesian information
/// criterion (Schwarz 1978). Cost: rows x clusters x columns^2 per round.
public struct GaussianMixture: Clusterer, Hashable {
  /// The shape of a cluster.
  public enum Covariance: String, Sendable, Hashable, Codable {
    /// Any ellipsoid.
    case full
    /// An ellipsoid along the axes.
    case diagonal
  }

  /// How many clusters, each count at least 1 (2 where the best is looked for).
  public var clusters: ClusterCount
  /// The shape of a cluster.
  public var covariance: Covariance
  /// Added to the variances, above 0; features have variance 1.
  public var regularization = 1e-6
  /// The starts tried, at least 1.
  public var restarts = 3
  /// The rounds of a start, at least 1.
  public var maximumRounds = 500
  /// A start ends when a round raises the mean log likelihood by less, above 0.
  public var tolerance = 1e-6

  /// A configuration; by default the best of 2 to 10 clusters of any shape.
  public init(clusters: ClusterCount = .best(of: 2...10), covariance: Covariance = .full) {
    self.clusters = clusters
    self.covariance = covariance
  }

  /// The same configuration with a fixed number of clusters.
  public func with(clusters: Int) -> GaussianMixture {
    var copy = self
    copy.clusters = .fixed(clusters)
    return copy
  }

  /// Finds clusters; see `Clusterer`.
  public func fit(_ features: FeatureMatrix, context: FitContext) throws -> any Clustering {
    try require(regularization > 0 && regularization.isFinite, "regularization", regularization, "above 0")
    try require(restarts >= 1, "restarts", restarts, "at least 1")
    try require(maximumRounds >= 1, "maximumRounds", maximumRounds, "at least 1")
    try require(tolerance > 0, "tolerance", tolerance, "above 0")
    try clusters.check()
    let encoding = try PointEncoding(features, threads: context.threads)
    let values = encoding.points(features, threads: context.threads)
    let points = CentrePoints(
      values: values, width: encoding.width, rowCount: features.rowCount, threads: context.threads)
    let range: ClosedRange<Int>
    switch clusters {
    case .fixed(let count): range = count...count
    case .best(let counts): range = counts
    }
    var criteria: [Int: Double] = [:]
    var best: MixtureComponents?
    for count in range where count <= features.rowCount || best == nil {
      let solution = try components(points, min(count, features.rowCount), context)
      criteria[solution.count] = solution.criterion(rows: features.rowCount)
      if best == nil || solution.criterion(rows: features.rowCount) < best!.criterion(rows: features.rowCount) {
        best = solution
      }
      if context.deadline.hasPassed { break }
    }
    return GaussianMixtureModel(encoding: encoding, components: best!, rows: features.rowCount, criteria: criteria)
  }

  /// The best of the starts.
  private func components(_ points: CentrePoints, _ count: Int, _ context: FitContext) throws -> MixtureComponents {
    var best: MixtureComponents?
    for restart in 0..<restarts {
      try context.interruption.check()
      if best != nil, context.deadline.hasPassed { break }
      var stream = context.key["mixture"][count][restart].stream()
      var start = points.spreadCentres(count, &stream)
      var assignment: [Int] = []
      for _ in 0..<20 {
        let round = points.round(start, count)
        start = round.centres
        if round.assignment == assignment { break }
        assignment = round.assignment
      }
      var responsibilities = [Double](repeating: 0, count: points.rowCount * count)
      for (row, cluster) in assignment.enumerated() { responsibilities[row * count + cluster] = 1 }
      var mixture = MixtureComponents(
        points, responsibilities, count: count, isFull: covariance == .full, regularization: regularization)
      var last = -Double.infinity
      for _ in 0..<maximumRounds {
        try context.interruption.check()
        let step = mixture.responsibilities(points)
        mixture.logLikelihood = step.logLikelihood
        if step.logLikelihood - last < tolerance { break }
        last = step.logLikelihood
        mixture = MixtureComponents(
          points, step.values, count: count, isFull: covariance == .full, regularization: regularization)
        mixture.logLikelihood = last
      }
      if best == nil || mixture.logLikelihood > best!.logLikelihood { best = mixture }
    }
    return best!
  }
}

/// Normal distributions with their shares.
public struct GaussianMixtureModel: Clustering {
  /// The name in bundles.
  public static let kind = "gaussian-mixture"

  /// The mean log likelihood of the rows, in standardised features.
  public let logLikelihood: Double
  /// The Bayesian information criterion: less is better.
  public let criterion: Double
  /// The criterion per number of clusters tried.
  public let criteria: [Int: Double]
  private let encoding: PointEncoding
  private let components: MixtureComponents

  init(encoding: PointEncoding, components: MixtureComponents, rows: Int, criteria: [Int: Double]) {
    self.encoding = encoding
    self.components = components
    logLikelihood = components.logLikelihood
    criterion = components.criterion(rows: rows)
    self.criteria = criteria
  }

  /// The number of clusters.
  public var clusterCount: Int { components.count }

  /// The share of rows of each cluster.
  public var shares: [Double] { components.shares }

  /// The most probable cluster of every row.
  public func assign(_ features: FeatureMatrix, threads: Int) -> [Int] {
    let values = memberships(features, threads: threads)
    return (0..<features.rowCount).map { row in
      (0..<clusterCount).max { values[row * clusterCount + $0] < values[row * clusterCount + $1] } ?? 0
    }
  }

  /// The probability of each cluster, `[row * clusterCount + cluster]`.
  public func memberships(_ features: FeatureMatrix, threads: Int) -> [Double] {
    let points = CentrePoints(
      values: encoding.points(features, threads: threads), width: encoding.width, rowCount: features.rowCount,
      threads: threads)
    return components.responsibilities(points).values
  }
}
