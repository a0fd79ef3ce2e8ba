/// The configuration of a method that sorts rows into clusters.
public protocol Clusterer: Sendable, Codable {
  /// Finds clusters; deadline, threads, key and interruption of the context count.
  ///
  /// - Throws: `configuration` for a parameter out of its range, `data` for features it cannot use, `cancelled`.
  func fit(_ features: FeatureMatrix, context: FitContext) throws -> any Clustering

  /// The same configuration with a fixed number of clusters.
  func with(clusters: Int) -> Self
}

/// Clusters that were found: immutable, saved by `Codable`.
public protocol Clustering: Sendable, Codable {
  /// The name under which bundles store this type; never changed once released.
  static var kind: String { get }

  /// The number of clusters.
  var clusterCount: Int { get }

  /// The cluster of every row, in 0 ..< clusterCount; the matrix has the features of the fit, in their order.
  func assign(_ features: FeatureMatrix, threads: Int) -> [Int]
}

/// How many clusters to look for.
public enum ClusterCount: Sendable, Hashable, Codable {
  /// That many.
  case fixed(Int)
  /// The best of these, by the criterion of the method.
  case best(of: ClosedRange<Int>)
}

/// The configuration of a method that learns new features from features alone.
public protocol FeatureTransformer: Sendable, Codable {
  /// Learns a transformation.
  ///
  /// - Throws: `configuration` for a parameter out of its range, `data` for features it cannot use, `cancelled`.
  func fit(_ features: FeatureMatrix, context: FitContext) throws -> any FeatureTransformation
}

/// A transformation that was learned: immutable, saved by `Codable`.
public protocol FeatureTransformation: Sendable, Codable {
  /// The name under which bundles store this type; never changed once released.
  static var kind: String { get }

  /// The new features of every row; the matrix has the features of the fit, in their order.
  func transform(_ features: FeatureMatrix, threads: Int) -> FeatureMatrix
}

/// The configuration of a method that finds unusual rows.
public protocol AnomalyDetector: Sendable, Codable {
  /// Learns what is usual.
  ///
  /// - Throws: `configuration` for a parameter out of its range, `data` for features it cannot use, `cancelled`.
  func fit(_ features: FeatureMatrix, context: FitContext) throws -> any AnomalyModel
}

/// What is usual: immutable, saved by `Codable`.
public protocol AnomalyModel: Sendable, Codable {
  /// The name under which bundles store this type; never changed once released.
  static var kind: String { get }

  /// A score per row, larger for more unusual rows; the matrix has the features of the fit, in their order.
  func scores(_ features: FeatureMatrix, threads: Int) -> [Double]

  /// The part of each feature in a row's score, which tells what makes the row unusual: one list per row, in the order of
  /// the features. Parts are not negative; their sum is the score, or 0 where no feature makes the row unusual.
  func parts(_ features: FeatureMatrix, threads: Int) -> [[Double]]
}
