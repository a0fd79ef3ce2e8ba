import Basics
import Estimators
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
}
