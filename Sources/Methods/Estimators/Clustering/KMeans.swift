import Basics
import Evaluation
import Kernels

/// Clusters around centres: each row belongs to the nearest, each centre is the mean of its rows.
///
/// Rows are points of standardised features; categories count as indicators. Starts by k-means++ (Arthur and
/// Vassilvitskii, 2007), moves centres by Lloyd's algorithm, repeats from several starts and keeps the least sum of
/// squared distances. A centre that loses all rows moves to the row farthest from its own. The best number of clusters
/// is that of the largest mean silhouette. Cost: rows x clusters x columns per round, by matrix products.
public struct KMeans: Clusterer, Hashable {
  /// How many clusters, each count at least 1 (2 where the best is looked for).
  public var clusters: ClusterCount
  /// The starts tried, at least 1.
  public var restarts = 8
  /// The rounds of a start, at least 1.
  public var maximumRounds = 300

  /// A configuration; by default the best of 2 to 10 clusters.
  public init(clusters: ClusterCount = .best(of: 2...10)) { self.clusters = clusters }

  /// The same configuration with a fixed number of clusters.
  public func with(clusters: Int) -> KMeans {
    var copy = self
    copy.clusters = .fixed(clusters)
    return copy
  }

  /// Finds clusters; see `Clusterer`.
  public func fit(_ features: FeatureMatrix, context: FitContext) throws -> any Clustering {
    try require(restarts >= 1, "restarts", restarts, "at least 1")
    try require(maximumRounds >= 1, "maximumRounds", maximumRounds, "at least 1")
    try clusters.check()
    let encoding = try PointEncoding(features, threads: context.threads)
    let points = CentrePoints(
      values: encoding.points(features, threads: context.threads), width: encoding.width,
      rowCount: features.rowCount, threads: context.threads)
    switch clusters {
    case .fixed(let count):
      return KMeansModel(encoding: encoding, solution: try best(points, count, context), silhouettes: [:])
    case .best(let range):
      let numbers = points.values.map(Double.init)
      var silhouettes: [Int: Double] = [:]
      var chosen: (value: Double, solution: CentreSolution)?
      for count in range where count <= points.rowCount {
        let solution = try best(points, count, context)
        let value = ClusteringMetrics.silhouette(
          points: numbers, dimension: points.width, clusters: solution.assignment, key: context.key["silhouette"],
          sample: 1500)
        if value.isFinite { silhouettes[count] = value }
        if chosen == nil || value > chosen!.value || chosen!.value.isNaN { chosen = (value, solution) }
        if context.deadline.hasPassed { break }
      }
      let solution = try chosen?.solution ?? best(points, 1, context)
      return KMeansModel(encoding: encoding, solution: solution, silhouettes: silhouettes)
    }
  }

  /// A start is left when a round lowers the sum by less than this share; only the best runs to its end.
  private static let startGain = 1e-4

  /// The best of the starts.
  private func best(_ points: CentrePoints, _ count: Int, _ context: FitContext) throws -> CentreSolution {
    let count = min(count, points.rowCount)
    var best: CentreSolution?
    for restart in 0..<restarts {
      try context.interruption.check()
      if best != nil, context.deadline.hasPassed { break }
      var stream = context.key["k-means"][count][restart].stream()
      let start = CentreSolution(centres: points.spreadCentres(count, &stream), assignment: [], inertia: .infinity)
      let solution = try improve(start, points, count, leastGain: KMeans.startGain, context.interruption)
      if solution.inertia < best?.inertia ?? .infinity || best == nil { best = solution }
    }
    return try improve(best!, points, count, leastGain: 0, context.interruption)
  }

  /// Rounds until no row changes its centre or a round gains too little.
  private func improve(
    _ start: CentreSolution, _ points: CentrePoints, _ count: Int, leastGain: Double, _ interruption: Interruption
  ) throws -> CentreSolution {
    var solution = start
    for _ in 0..<maximumRounds {
      try interruption.check()
      let next = points.round(solution.centres, count)
      let isSettled =
        next.assignment == solution.assignment || solution.inertia - next.inertia < leastGain * next.inertia
      solution = next
      if isSettled { break }
    }
    return solution
  }
}

extension ClusterCount {
  /// - Throws: a `configuration` error for counts below 1, or below 2 where the best is looked for.
  func check() throws {
    switch self {
    case .fixed(let count): try require(count >= 1, "clusters", count, "at least 1")
    case .best(let range):
      try require(range.lowerBound >= 2, "the least number of clusters", range.lowerBound, "at least 2")
    }
  }
}

/// Centres with the rows they own.
struct CentreSolution: Sendable {
  /// `width` numbers per centre.
  var centres: [Float]
  var assignment: [Int]
  /// The sum of squared distances of the rows to their centres.
  var inertia: Double
}

/// Centres of clusters.
public struct KMeansModel: Clustering {
  /// The name in bundles.
  public static let kind = "k-means"

  /// The number of clusters.
  public let clusterCount: Int
  /// The sum of squared distances of the rows to their centres, in standardised features.
  public let inertia: Double
  /// The mean silhouette per number of clusters tried; empty for a fixed number.
  public let silhouettes: [Int: Double]
  private let encoding: PointEncoding
  private let centres: PackedNumbers

  init(encoding: PointEncoding, solution: CentreSolution, silhouettes: [Int: Double]) {
    self.encoding = encoding
    centres = PackedNumbers(solution.centres)
    clusterCount = encoding.width > 0 ? solution.centres.count / encoding.width : 1
    inertia = solution.inertia
    self.silhouettes = silhouettes
  }

  /// The nearest centre of every row.
  public func assign(_ features: FeatureMatrix, threads: Int) -> [Int] {
    let points = CentrePoints(
      values: encoding.points(features, threads: threads), width: encoding.width, rowCount: features.rowCount,
      threads: threads)
    return points.nearest(centres.values, clusterCount).assignment
  }
}
