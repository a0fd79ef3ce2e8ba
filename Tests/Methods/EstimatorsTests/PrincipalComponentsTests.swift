import Basics
import Checks
import Estimators
import XCTest

final class PrincipalComponentsTests: XCTestCase {
  /// Columns and sums over a shard are in single precision.
  static let tolerance = 1e-5

  func testVariancesAndAxesEqualThoseOfScikitLearn() throws {
    let golden = try ClassicalGolden.load()
    let model = try fit(PrincipalComponents(components: 4), FeatureMatrix(dense: golden.x))
    for (k, variance) in golden.components.variance.enumerated() {
      XCTAssertEqual(model.variances[k], variance, accuracy: Self.tolerance)
      for column in 0..<4 {
        XCTAssertEqual(
          Double(abs(model.axes[k * 4 + column])), golden.components.axes[k][column], accuracy: 10 * Self.tolerance)
      }
    }
  }

  /// Scores are uncorrelated and have the variances stated, also beyond 512 columns and with sparse columns.
  func testScoresAreUncorrelated() throws {
    for width in [3, 60, 700] {
      let features = lowRank(rows: 150, width: width, seed: 3)
      let model = try fit(PrincipalComponents(components: 3), features)
      let scores = (0..<3).map { model.transform(features, threads: 2).dense($0).map(Double.init) }
      for i in 0..<3 {
        for j in 0..<3 {
          let product = zip(scores[i], scores[j]).reduce(0) { $0 + $1.0 * $1.1 } / 150
          XCTAssertEqual(
            product, i == j ? model.variances[i] : 0, accuracy: 1e-4 * model.totalVariance, "\(width): \(i), \(j)")
        }
      }
      XCTAssertEqual(model.totalVariance, Double(width), accuracy: 0.02 * Double(width))
    }
  }

  func testNumberOfComponentsFollowsTheVariance() throws {
    // Two directions and little noise.
    let model = try fit(PrincipalComponents(), lowRank(rows: 300, width: 40, seed: 8, noise: 0.05))
    XCTAssertEqual(model.variances.count, 2)
    XCTAssertEqual(try fit(PrincipalComponents(), FeatureMatrix(dense: [[5, 5, 5]])).variances.count, 0)
  }

  func testThreadsAndSaving() throws {
    let features = lowRank(rows: 200, width: 600, seed: 1)
    let one = try fit(PrincipalComponents(), features, threads: 1)
    let three = try fit(PrincipalComponents(), features, threads: 3)
    XCTAssertEqual(one.axes, three.axes)
    let loaded = try JSONDecoder().decode(PrincipalComponentsModel.self, from: JSONEncoder().encode(one))
    XCTAssertEqual(loaded.transform(features, threads: 2), one.transform(features, threads: 1))
  }

  private func fit(
    _ components: PrincipalComponents, _ features: FeatureMatrix, threads: Int = 1
  ) throws -> PrincipalComponentsModel {
    try XCTUnwrap(
      components.fit(features, context: FitContext(key: RandomKey(seed: 1), threads: threads))
        as? PrincipalComponentsModel)
  }

  private func lowRank(rows: Int, width: Int, seed: UInt64, noise: Double = 0.3) -> FeatureMatrix {
    var stream = RandomKey(seed: seed).stream()
    let hidden = (0..<2).map { _ in (0..<rows).map { _ in stream.normal() } }
    return FeatureMatrix(
      dense: (0..<width).map { _ in
        let a = stream.normal()
        let b = stream.normal()
        return hidden[0].indices.map { Float(a * hidden[0][$0] + b * hidden[1][$0] + noise * stream.normal()) }
      })
  }
}
