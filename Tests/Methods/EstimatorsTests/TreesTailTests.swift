import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

/// Bins at the ends of a column, where what is rare lies.
final class TreesTailTests: XCTestCase {
  private func bins(_ values: [Float], maximum: Int = 255) throws -> BinnedFeatures {
    BinnedFeatures(FeatureMatrix(dense: [values]), maximumBins: maximum, key: RandomKey(seed: 1))
  }

  func testBinsHalveTowardsTheEnds() throws {
    let rows = 100_000
    var random = RandomKey(seed: 3).stream()
    var values = (0..<rows).map { Float($0) }
    for index in values.indices.reversed() { values.swapAt(index, random.integer(below: index + 1)) }
    let binned = try bins(values)
    var sizes = [Int](repeating: 0, count: binned.bins[0].count + 1)
    for row in 0..<rows { sizes[Int(binned.bin(row: row, feature: 0))] += 1 }
    sizes.removeAll { $0 == 0 }
    // A usual bin has about 400 rows; the last ones have a few, and none is twice as large as a usual one.
    XCTAssertLessThan(sizes[0], 12)
    XCTAssertLessThan(sizes[sizes.count - 1], 24)
    XCTAssertLessThan(sizes.max() ?? 0, 2 * rows / 255)
    XCTAssertGreaterThan(sizes.count, 250)
    XCTAssertLessThanOrEqual(sizes.count, 255)
    for place in 0..<5 {
      XCTAssertEqual(Double(sizes[place + 1]) / Double(sizes[place]), 2, accuracy: 0.5, "bin \(place)")
    }
  }

  /// One row in a thousand is an event, all of them beyond a border: long steps carry their neighbours along.
  func testStepsTowardsRareEventsAreBounded() throws {
    for seed in [1, 2, 3] as [UInt64] {
      var random = RandomKey(seed: seed).stream()
      let values = (0..<60_000).map { _ in Float(random.uniform()) }
      let labels = values.map { $0 > 0.999 ? 1.0 : 0 }
      let data = TrainingData(
        features: FeatureMatrix(dense: [values]), task: .classification(classes: ["0", "1"]), labels: labels)
      func wrong(_ step: Double?) throws -> (rows: Int, loss: Double) {
        let boosting = Boosting(trees: 40, leaves: 4, learningRate: 0.3, maximumStep: step)
        let model = try boosting.fit(data, context: FitContext(key: RandomKey(seed: seed)))
        let told = model.predict(data.features, threads: 1).values
        let chances = labels.indices.map { told[2 * $0 + 1] }
        let loss = zip(chances, labels).reduce(0) { sum, row in
          sum - log(max(1e-15, row.1 == 1 ? row.0 : 1 - row.0))
        }
        return (zip(chances, labels).count { ($0 > 0.5) != ($1 == 1) }, loss / 60_000)
      }
      let bounded = try wrong(nil)
      XCTAssertLessThan(bounded.rows, 60, "fewer than the events, seed \(seed)")
      XCTAssertLessThan(bounded.loss, try wrong(.infinity).loss, "seed \(seed)")
    }
  }
}
