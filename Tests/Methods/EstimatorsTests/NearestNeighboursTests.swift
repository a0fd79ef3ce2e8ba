import Basics
import Checks
import Estimators
import Evaluation
import XCTest

final class NearestNeighboursTests: XCTestCase {
  static let distanceTolerance = 1e-5

  /// Against a search that compares every pair in double precision.
  func testNeighboursEqualThoseOfAPlainSearch() throws {
    for seed in checkSeeds {
      for (rows, width) in [(1, 1), (37, 3), (2500, 7)] {
        var stream = RandomKey(seed: seed).stream()
        let columns = (0..<width).map { _ in (0..<rows).map { _ in Float(stream.normal()) } }
        let levels = (0..<rows).map { _ in Float(stream.integer(below: 3)) }
        let labels = (0..<rows).map { _ in stream.normal() }
        let features = matrix(columns, levels)
        let data = TrainingData(features: features, task: .regression, labels: labels)
        let count = min(5, rows)
        let model = try NearestNeighbours(neighbours: 5, weighting: .uniform).fit(
          data, context: FitContext(key: RandomKey(seed: 1), threads: 2))
        let tests = 20
        let testColumns = (0..<width).map { _ in (0..<tests).map { _ in Float(stream.normal()) } }
        let testLevels = (0..<tests).map { _ in Float(stream.integer(below: 3)) }
        let predictions = model.predict(matrix(testColumns, testLevels), threads: 2)
        let deviations = columns.map(deviation)
        for test in 0..<tests {
          let distances = (0..<rows).map { row -> Double in
            var sum = levels[row] == testLevels[test] ? 0.0 : 2
            for column in 0..<width where deviations[column] > 0 {
              let difference = Double(columns[column][row] - testColumns[column][test]) / deviations[column]
              sum += difference * difference
            }
            return sum
          }
          let nearest = distances.indices.sorted { distances[$0] < distances[$1] }.prefix(count)
          let expected = nearest.reduce(0) { $0 + labels[$1] } / Double(count)
          XCTAssertEqual(predictions[test, 0], expected, accuracy: Self.distanceTolerance, "\(rows) x \(width)")
        }
      }
    }
  }

  /// Without numbers the distance is the count of categories that differ; more rows than one block.
  func testCategoriesAlone() throws {
    let rows = 3000
    var stream = RandomKey(seed: 3).stream()
    let columns = (0..<4).map { _ in (0..<rows).map { _ in Float(stream.integer(below: 4)) } }
    let features = FeatureMatrix(
      features: (0..<4).map { Feature("c\($0)", kind: .categorical(levels: 4)) },
      columns: columns.map { .dense($0) }, rowCount: rows)
    let labels = (0..<rows).map { Double(columns[0][$0] + 10 * columns[1][$0]) }
    let model = try NearestNeighbours(neighbours: 1).fit(
      TrainingData(features: features, task: .regression, labels: labels),
      context: FitContext(key: RandomKey(seed: 1)))
    XCTAssertEqual(model.predict(features, threads: 2).values, labels)
  }

  func testExactMatchDominatesByDistance() throws {
    let data = TrainingData(
      features: FeatureMatrix(dense: [[0, 1, 2, 3, 4]]), task: .regression, labels: [0, 10, 20, 30, 40])
    let model = try NearestNeighbours(neighbours: 3, weighting: .distance).fit(
      data, context: FitContext(key: RandomKey(seed: 1)))
    // Distances 0, 1, 1 relative to the farthest: votes 100, 1 / 1.01, 1 / 1.01 around 20 cancel out.
    XCTAssertEqual(model.predict(FeatureMatrix(dense: [[2]]), threads: 1).values[0], 20, accuracy: 1e-12)
    // At 1.9 the votes are 1 / (0.1 / 1.1 + 0.01), 1 / (0.9 / 1.1 + 0.01) and 1 / 1.01.
    let votes = [1 / (0.1 / 1.1 + 0.01), 1 / (0.9 / 1.1 + 0.01), 1 / 1.01]
    let expected = (20 * votes[0] + 10 * votes[1] + 30 * votes[2]) / votes.reduce(0, +)
    XCTAssertEqual(model.predict(FeatureMatrix(dense: [[1.9]]), threads: 1).values[0], expected, accuracy: 1e-4)
  }

  func testNumberOfNeighboursGrowsWithNoise() throws {
    var stream = RandomKey(seed: 2).stream()
    let x = (0..<600).map { _ in Float(stream.uniform()) }
    func chosen(noise: Double) throws -> Int {
      let labels = x.map { Double(10 * $0) + noise * stream.normal() }
      let data = TrainingData(features: FeatureMatrix(dense: [x]), task: .regression, labels: labels)
      let model = try NearestNeighbours().fit(data, context: FitContext(key: RandomKey(seed: 1)))
      return try XCTUnwrap(model as? NearestNeighboursModel).neighbours
    }
    XCTAssertLessThan(try chosen(noise: 0.001), try chosen(noise: 3))
  }

  func testProjectionOfWideRowsKeepsGroupsApart() throws {
    var stream = RandomKey(seed: 9).stream()
    let rows = 120
    let columns = (0..<700).map { column in
      (0..<rows).map { row in Float(stream.normal() + (row % 2 == 0 && column < 200 ? 1.5 : 0)) }
    }
    let data = TrainingData(
      features: FeatureMatrix(dense: columns), task: .classification(classes: ["a", "b"]),
      labels: (0..<rows).map { Double($0 % 2) })
    let model = try NearestNeighbours().fit(
      data.selecting(rows: Array(0..<80)), context: FitContext(key: RandomKey(seed: 1)))
    let test = data.selecting(rows: Array(80..<rows))
    let predictions = model.predict(test.features, threads: 1)
    for row in 0..<test.rowCount { XCTAssertGreaterThan(predictions[row, Int(test.labels[row])], 0.6) }
  }

  private func matrix(_ columns: [[Float]], _ levels: [Float]) -> FeatureMatrix {
    FeatureMatrix(
      features: columns.indices.map { Feature("x\($0)") } + [Feature("level", kind: .categorical(levels: 3))],
      columns: columns.map { .dense($0) } + [.dense(levels)], rowCount: levels.count)
  }

  private func deviation(_ values: [Float]) -> Double {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    return (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)).squareRoot()
  }
}
