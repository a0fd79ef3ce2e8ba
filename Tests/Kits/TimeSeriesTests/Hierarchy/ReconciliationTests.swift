import Basics
import Foundation
import TimeSeries
import XCTest

final class ReconciliationTests: XCTestCase {
  private let paths = [["a", "x"], ["a", "y"], ["b", "x"], ["b", "y"], ["b", "z"]]

  private func simulated(_ seed: UInt64, _ hierarchy: Hierarchy, steps: Int) -> [[Double]] {
    var stream = RandomSeries.stream(seed)
    return hierarchy.names.map { _ in (0..<steps).map { _ in stream.normal() * 2 } }
  }

  func testTreesAndGroups() throws {
    let tree = try Hierarchy(paths: paths)
    XCTAssertEqual(tree.names.prefix(3), ["total", "a", "b"])
    XCTAssertEqual(tree.members[2], [2, 3, 4])
    let sums = tree.aggregated([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]])
    XCTAssertEqual(sums[0], [25, 30])
    XCTAssertEqual(sums[1], [4, 6])
    XCTAssertEqual(tree.incoherence(sums), 0)
    let crossed = try Hierarchy(
      bottom: ["1", "2", "3", "4"], attributes: [["n", "p"], ["n", "q"], ["s", "p"], ["s", "q"]])
    XCTAssertEqual(crossed.names, ["total", "n", "s", "p", "q", "1", "2", "3", "4"])
    XCTAssertEqual(crossed.members[4], [1, 3])
    XCTAssertThrowsError(try Hierarchy(bottom: ["1", "1"], groups: []))
    XCTAssertThrowsError(try Hierarchy(bottom: ["1", "2"], groups: [("total", [0, 2])]))
    XCTAssertThrowsError(try Hierarchy(paths: [["a"], []]))
  }

  /// Every method gives coherent points; unbiased ones leave coherent forecasts as they are.
  func testForecastsAddUp() throws {
    for seed in UInt64(1)...3 {
      let hierarchy = try Hierarchy(paths: paths)
      let residuals = simulated(seed, hierarchy, steps: 40)
      let history = hierarchy.aggregated((0..<5).map { node in (0..<30).map { 10 + Double(node) + sin(Double($0)) } })
      let loose = hierarchy.names.indices.map { node in
        Forecast(
          point: (0..<3).map { Double(hierarchy.members[node].count * 10 + $0) + residuals[node][$0] },
          levels: [0.1, 0.9],
          quantiles: [(0..<3).map { Double($0) }, (0..<3).map { Double($0) + 5 }])
      }
      let exact = history.map { Forecast(point: Array($0.prefix(3))) }
      for method in Reconciliation.Method.allCases {
        let found = try Reconciliation(method).reconcile(loose, hierarchy, residuals: residuals, history: history)
        XCTAssertLessThan(hierarchy.incoherence(found.map(\.point)), 1e-8, "\(method)")
        XCTAssertTrue(found.allSatisfy { zip($0.quantiles[0], $0.quantiles[1]).allSatisfy { $0 < $1 } })
        let kept = try Reconciliation(method).reconcile(exact, hierarchy, residuals: residuals, history: history)
        let isTopDown = "\(method)".hasPrefix("topDown") && method != .topDownForecastShares
        for (a, b) in zip(kept, exact) where !isTopDown {
          for (x, y) in zip(a.point, b.point) { XCTAssertEqual(x, y, accuracy: 1e-8, "\(method)") }
        }
      }
    }
  }

  /// Two parts and their sum by hand: weights 1, 1, 1 spread a gap of 3 as -1, +1, +1; with variances 4, 1, 1 the sum
  /// gives way by 4/6 of it.
  func testLeastSquaresByHand() throws {
    let hierarchy = try Hierarchy(bottom: ["a", "b"], groups: [("total", [0, 1])])
    let forecasts = [Forecast(point: [10]), Forecast(point: [3]), Forecast(point: [4])]
    let plain = try Reconciliation(.ordinary).reconcile(forecasts, hierarchy)
    for (found, expected) in zip(plain, [9.0, 4, 5]) { XCTAssertEqual(found.point[0], expected, accuracy: 1e-12) }
    let residuals: [[Double]] = [[2, -2, 2, -2], [1, 1, -1, -1], [1, -1, -1, 1]]
    let weighed = try Reconciliation(.variance).reconcile(forecasts, hierarchy, residuals: residuals)
    for (found, expected) in zip(weighed, [8.0, 3.5, 4.5]) { XCTAssertEqual(found.point[0], expected, accuracy: 1e-9) }
    let structural = try Reconciliation(.structural).reconcile(forecasts, hierarchy)
    for (found, expected) in zip(structural, [8.5, 3.75, 4.75]) {
      XCTAssertEqual(found.point[0], expected, accuracy: 1e-12)
    }
  }

  /// The projection equals S (S' W^-1 S)^-1 S' W^-1 b: here one bottom pair, solved as weighted least squares.
  func testCorrelatedErrorsAreUsed() throws {
    // The total's errors are those of the first part: trusting both adds nothing, the second part is left alone.
    var stream = RandomSeries.stream(8)
    let first = (0..<4000).map { _ in stream.normal() }
    let second = (0..<4000).map { _ in 0.01 * stream.normal() }
    let total = (0..<4000).map { first[$0] + second[$0] + 0.01 * stream.normal() }
    let hierarchy = try Hierarchy(bottom: ["a", "b"], groups: [("total", [0, 1])])
    let found = try Reconciliation(.shrinkage).reconcile(
      [Forecast(point: [11]), Forecast(point: [5]), Forecast(point: [5])], hierarchy, residuals: [total, first, second])
    // Between total and first the difference is nearly the second's alone, so the gap of 1 falls on small errors.
    XCTAssertEqual(found[0].point[0], found[1].point[0] + found[2].point[0], accuracy: 1e-9)
    XCTAssertEqual(found[1].point[0], 5, accuracy: 1.2)
  }

  func testQuantilesOfIndependentNormalParts() throws {
    // The sum of two independent normal parts with deviations 3 and 4 has 5; bottom-up takes nothing from the total.
    let hierarchy = try Hierarchy(bottom: ["a", "b"], groups: [("total", [0, 1])])
    func forecast(_ mean: Double, _ deviation: Double) -> Forecast {
      Forecast(
        point: [mean], levels: [0.1, 0.9], quantiles: [[mean - 1.281552 * deviation], [mean + 1.281552 * deviation]])
    }
    let base = [forecast(50, 20), forecast(10, 3), forecast(20, 4)]
    var stream = RandomSeries.stream(3)
    let residuals = (0..<3).map { _ in (0..<3000).map { _ in stream.normal() } }
    for uncertainty in [Reconciliation.Uncertainty.gaussian, .bootstrap(paths: 4000)] {
      let found = try Reconciliation(.bottomUp, uncertainty: uncertainty).reconcile(
        base, hierarchy, residuals: residuals, key: RandomKey(seed: 4))
      XCTAssertEqual(found[0].point[0], 30, accuracy: 1e-9)
      XCTAssertEqual(found[0].quantiles[1][0], 30 + 1.281552 * 5, accuracy: 0.5, "\(uncertainty)")
      XCTAssertEqual(found[1].quantiles[0][0], 10 - 1.281552 * 3, accuracy: 0.4, "\(uncertainty)")
    }
  }

  func testNegativeBottomValuesBecomeZero() throws {
    let hierarchy = try Hierarchy(bottom: ["a", "b"], groups: [("total", [0, 1])])
    let forecasts = [Forecast(point: [1]), Forecast(point: [-3]), Forecast(point: [6])]
    let found = try Reconciliation(.ordinary, isNonnegative: true).reconcile(forecasts, hierarchy)
    XCTAssertEqual(found[1].point[0], 0)
    XCTAssertLessThan(hierarchy.incoherence(found.map(\.point)), 1e-12)
  }

  func testWhatDoesNotFitIsRefused() throws {
    let hierarchy = try Hierarchy(bottom: ["a", "b"], groups: [("total", [0, 1])])
    let forecasts = [Forecast(point: [1]), Forecast(point: [3]), Forecast(point: [6])]
    XCTAssertThrowsError(try Reconciliation(.ordinary).reconcile(Array(forecasts.prefix(2)), hierarchy))
    XCTAssertThrowsError(try Reconciliation(.shrinkage).reconcile(forecasts, hierarchy))
    XCTAssertThrowsError(
      try Reconciliation(.variance).reconcile(forecasts, hierarchy, residuals: [[1, .nan], [1, 2], [1, 2]]))
    XCTAssertThrowsError(try Reconciliation(.topDownMeanShares).reconcile(forecasts, hierarchy))
    XCTAssertThrowsError(
      try Reconciliation(.ordinary, uncertainty: .bootstrap(paths: 1)).reconcile(forecasts, hierarchy))
  }
}
