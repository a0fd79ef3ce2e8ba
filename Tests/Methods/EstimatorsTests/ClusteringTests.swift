import Basics
import Checks
import Estimators
import Evaluation
import XCTest

final class ClusteringTests: XCTestCase {
  /// Points are in single precision.
  static let relativeTolerance = 1e-4

  func testKMeansFindsWhatScikitLearnFinds() throws {
    let golden = try ClassicalGolden.load().clusters
    let features = FeatureMatrix(dense: golden.x)
    let model = try kMeans(KMeans(clusters: .fixed(3)), features)
    XCTAssertEqual(model.inertia, golden.inertia, accuracy: Self.relativeTolerance * golden.inertia)
    let clusters = model.assign(features, threads: 1)
    XCTAssertEqual(ClusteringMetrics.adjustedRand(clusters, golden.labels), 1)
    XCTAssertEqual((0..<3).map { k in clusters.count { $0 == k } }.sorted(), golden.sizes)
  }

  func testMixtureReachesTheLikelihoodOfScikitLearn() throws {
    let golden = try ClassicalGolden.load().clusters
    let features = FeatureMatrix(dense: golden.x)
    for (covariance, expected) in [
      (GaussianMixture.Covariance.full, golden.mixture), (.diagonal, golden.diagonal),
    ] {
      var mixture = GaussianMixture(clusters: .fixed(3), covariance: covariance)
      mixture.tolerance = 1e-10
      let model = try XCTUnwrap(
        mixture.fit(features, context: FitContext(key: RandomKey(seed: 2))) as? GaussianMixtureModel)
      XCTAssertEqual(model.logLikelihood, expected.logLikelihood, accuracy: Self.relativeTolerance)
      XCTAssertEqual(model.criterion, expected.bic, accuracy: 0.05)
      let memberships = model.memberships(features, threads: 2)
      for row in 0..<features.rowCount {
        XCTAssertEqual(memberships[row * 3..<row * 3 + 3].reduce(0, +), 1, accuracy: 1e-12)
      }
    }
  }

  func testNumberOfClustersIsFound() throws {
    for seed in checkSeeds {
      let features = blobs(4, rows: 200, seed: seed)
      let means = try kMeans(KMeans(clusters: .best(of: 2...7)), features, seed: seed)
      XCTAssertEqual(means.clusterCount, 4, "k-means, seed \(seed): \(means.silhouettes)")
      let mixture = try GaussianMixture(clusters: .best(of: 2...7)).fit(
        features, context: FitContext(key: RandomKey(seed: seed)))
      XCTAssertEqual(mixture.clusterCount, 4, "mixture, seed \(seed)")
    }
  }

  func testStabilityTellsRealClustersFromForcedOnes() throws {
    let features = blobs(3, rows: 150, seed: 5)
    let context = FitContext(key: RandomKey(seed: 1), threads: 2)
    for (count, isReal) in [(3, true), (6, false)] {
      let clusterer = KMeans(clusters: .fixed(count))
      let stability = try ClusterStability(
        of: clusterer.fit(features, context: context), by: clusterer, features, samples: 10, context: context)
      XCTAssertEqual(stability.jaccard.count, count)
      if isReal {
        XCTAssertGreaterThan(stability.adjustedRand, 0.98)
        XCTAssertGreaterThan(try XCTUnwrap(stability.jaccard.min()), 0.95)
      } else {
        XCTAssertLessThan(try XCTUnwrap(stability.jaccard.min()), 0.75)
      }
    }
  }

  func testFewerDistinctRowsThanClusters() throws {
    let features = FeatureMatrix(dense: [[1, 1, 1, 2, 2, 2]])
    for clusterer in [KMeans(clusters: .fixed(5)), KMeans()] {
      let clusters = try clusterer.fit(features, context: FitContext(key: RandomKey(seed: 1)))
        .assign(features, threads: 1)
      XCTAssertEqual(Set(clusters[..<3]).count, 1)
      XCTAssertNotEqual(clusters[0], clusters[5])
    }
    let one = FeatureMatrix(dense: [[1]])
    XCTAssertEqual(
      try GaussianMixture().fit(one, context: FitContext(key: RandomKey(seed: 1))).assign(one, threads: 1), [0])
  }

  func testThreadsSavingAndMixedColumns() throws {
    let data = ContractProblem.regression.data.features
    let clusterers: [any Clusterer] = [
      KMeans(clusters: .fixed(4)), GaussianMixture(clusters: .fixed(3)),
      GaussianMixture(clusters: .fixed(3), covariance: .diagonal),
    ]
    for clusterer in clusterers {
      let one = try clusterer.fit(data, context: FitContext(key: RandomKey(seed: 3), threads: 1))
      let four = try clusterer.fit(data, context: FitContext(key: RandomKey(seed: 3), threads: 4))
      XCTAssertEqual(try JSONEncoder.sorted.encode(one), try JSONEncoder.sorted.encode(four))
      XCTAssertEqual(try reload(one).assign(data, threads: 2), one.assign(data, threads: 1))
      XCTAssertGreaterThan(Set(one.assign(data, threads: 1)).count, 1)
    }
  }

  func testBadInputIsRefused() throws {
    let context = FitContext(key: RandomKey(seed: 1))
    let features = FeatureMatrix(dense: [[1, 2, .infinity]])
    for clusterer in [KMeans(), KMeans(clusters: .fixed(2))] {
      XCTAssertThrowsError(try clusterer.fit(features, context: context)) {
        XCTAssertEqual(($0 as? AssayError)?.kind, .data)
      }
    }
    XCTAssertThrowsError(try KMeans(clusters: .fixed(0)).fit(FeatureMatrix(dense: [[1]]), context: context)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .configuration)
    }
    XCTAssertThrowsError(try GaussianMixture().fit(FeatureMatrix(dense: [[]]), context: context)) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .data)
    }
  }

  private func kMeans(_ estimator: KMeans, _ features: FeatureMatrix, seed: UInt64 = 1) throws -> KMeansModel {
    try XCTUnwrap(estimator.fit(features, context: FitContext(key: RandomKey(seed: seed))) as? KMeansModel)
  }

  private func reload<C: Clustering>(_ clustering: C) throws -> any Clustering {
    try JSONDecoder().decode(C.self, from: JSONEncoder().encode(clustering))
  }

  private func blobs(_ count: Int, rows: Int, seed: UInt64) -> FeatureMatrix {
    var stream = RandomKey(seed: seed)["blobs"].stream()
    var x: [Float] = []
    var y: [Float] = []
    for row in 0..<rows {
      let angle = 2 * Double.pi * Double(row % count) / Double(count)
      x.append(Float(8 * cos(angle) + stream.normal()))
      y.append(Float(8 * sin(angle) + stream.normal()))
    }
    return FeatureMatrix(dense: [x, y])
  }
}

extension JSONEncoder {
  /// Keys in order, so that equal values give equal bytes.
  static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}
