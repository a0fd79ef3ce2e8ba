import Basics
import Checks
import Estimators
import Evaluation
import XCTest

final class ElasticNetTests: XCTestCase {
  /// Coefficients per standard deviation; features are standardised in single precision.
  static let coefficientTolerance = 2e-5
  /// Gradients at the minimum; columns are in single precision.
  static let gradientTolerance = 5e-6

  func testCoefficientsEqualThoseOfScikitLearn() throws {
    let golden = try ClassicalGolden.load()
    for (name, expected) in golden.linear {
      let data = golden.data(expected.label)
      var net = ElasticNet(l1Ratio: expected.l1Ratio, lambda: expected.lambda)
      net.tolerance = 1e-13
      net.loss = expected.label == "count" ? .poisson : .squared
      let model = try fitNet(net, data)
      for output in expected.slopes.indices {
        XCTAssertEqual(
          model.intercepts[output], expected.intercept[output], accuracy: Self.coefficientTolerance, name)
        for feature in golden.x.indices {
          let slope = model.slopes(of: feature)[output] * deviation(golden.x[feature])
          XCTAssertEqual(
            slope, expected.slopes[output][feature], accuracy: Self.coefficientTolerance, "\(name), x\(feature + 1)")
        }
      }
    }
  }

  /// Up to 256 columns and beyond, where the two forms of coordinate descent differ, the solution must satisfy the
  /// conditions of the minimum: the loss's gradient balances the penalty.
  func testOptimalityConditionsHold() throws {
    let golden = try ClassicalGolden.load()
    for label in ["number", "binary", "three", "count"] {
      for width in [10, 300] {
        for l1Ratio in [0.0, 0.5, 1] {
          let data = widened(golden.data(label), by: width)
          var net = ElasticNet(l1Ratio: l1Ratio, lambda: 0.05)
          net.tolerance = 1e-13
          net.loss = label == "count" ? .poisson : .squared
          try checkOptimality(fitNet(net, data), data, net, "\(label), \(width) more columns, l1Ratio \(l1Ratio)")
        }
      }
    }
  }

  func testSparseAndDenseStorageAgree() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let rows = 400
      for width in [20, 300] {
        var columns: [[Float]] = []
        for _ in 0..<width {
          columns.append((0..<rows).map { _ in stream.uniform() < 0.08 ? Float(1 + stream.uniform()) : 0 })
        }
        let labels = (0..<rows).map { row in
          Double(columns[0][row] + columns[1][row] - columns[2][row]) + 0.2 * stream.normal() > 0.3 ? 1.0 : 0.0
        }
        let task = LearningTask.classification(classes: ["0", "1"])
        let names = (0..<width).map { Feature("x\($0)") }
        let sparse = columns.map { column -> FeatureValues in
          let stored = column.indices.filter { column[$0] != 0 }
          return .sparse(rows: stored.map(Int32.init), values: stored.map { column[$0] })
        }
        // The scale of sparse columns is their own; one entry per row more makes a dense column of the same numbers.
        let matrix = FeatureMatrix(features: names, columns: sparse, rowCount: rows)
        let data = TrainingData(features: matrix, task: task, labels: labels)
        var net = ElasticNet(l1Ratio: 0.7, lambda: 0.005)
        net.tolerance = 1e-11
        let model = try fitNet(net, data)
        let dense = FeatureMatrix(features: names, columns: columns.map { .dense($0) }, rowCount: rows)
        let a = model.predict(matrix, threads: 1).values
        let b = model.predict(dense, threads: 1).values
        for (x, y) in zip(a, b) { XCTAssertEqual(x, y, accuracy: 1e-12) }
        XCTAssertGreaterThan(model.slopes(of: 0)[0], 0)
        XCTAssertLessThan(model.slopes(of: 2)[0], 0)
      }
    }
  }

  func testPathPicksAPenaltyThatKeepsTheSignalAndDropsNoise() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let columns = (0..<20).map { _ in (0..<300).map { _ in Float(stream.normal()) } }
      let labels = (0..<300).map { Double(2 * columns[0][$0] - columns[1][$0]) + stream.normal() }
      let data = TrainingData(features: FeatureMatrix(dense: columns), task: .regression, labels: labels)
      let model = try fitNet(ElasticNet(l1Ratio: 1), data, seed: seed)
      XCTAssertEqual(model.slopes(of: 0)[0], 2, accuracy: 0.25)
      XCTAssertEqual(model.slopes(of: 1)[0], -1, accuracy: 0.25)
      for feature in 2..<20 { XCTAssertLessThan(abs(model.slopes(of: feature)[0]), 0.2) }

      var context = FitContext(key: RandomKey(seed: seed))
      context.validation = data
      let byTraining = try XCTUnwrap(ElasticNet(l1Ratio: 1).fit(data, context: context) as? ElasticNetModel)
      XCTAssertLessThan(byTraining.lambda, model.lambda, "validated on its own rows, the least penalty wins")
    }
  }

  /// More columns than rows, all of them noisy copies of three hidden numbers that part the classes: weak penalties lose
  /// least.
  func testPathGoesOnWhileWeakerPenaltiesHelp() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let (rows, columns) = (300, 200)
      let hidden = (0..<rows).map { _ in (0..<3).map { _ in stream.normal() } }
      let noisy = (0..<columns).map { column in
        hidden.map { Float($0[column % 3] + 0.3 * stream.normal()) }
      }
      let data = TrainingData(
        features: FeatureMatrix(dense: noisy), task: .classification(classes: ["0", "1"]),
        labels: hidden.map { $0[0] + $0[1] > 0 ? 1 : 0 })
      let (learned, judged) = (data.selecting(rows: Array(0..<150)), data.selecting(rows: Array(150..<rows)))
      var context = FitContext(key: RandomKey(seed: seed), threads: 2)
      context.validation = judged
      func loss(_ net: ElasticNet) throws -> Double {
        let predictions = try net.fit(learned, context: context).predict(judged.features, threads: 1)
        return (0..<judged.rowCount).reduce(0.0) { $0 - log(predictions[$1, Int(judged.labels[$1])]) }
          / Double(judged.rowCount)
      }
      var ended = ElasticNet()
      ended.smallestRatio = 1e-2
      XCTAssertLessThan(try loss(ElasticNet()), try loss(ended) - 0.02, "seed \(seed)")
    }
  }

  func testUnitOfTheLabelDoesNotMatter() throws {
    let golden = try ClassicalGolden.load()
    let data = golden.data("number")
    var thousandfold = data
    thousandfold.labels = data.labels.map { 1000 * $0 - 7 }
    let a = try fitNet(ElasticNet(), data)
    let b = try fitNet(ElasticNet(), thousandfold)
    for (x, y) in zip(a.predict(data.features, threads: 1).values, b.predict(data.features, threads: 1).values) {
      XCTAssertEqual(1000 * x - 7, y, accuracy: 0.01)
    }
  }

  func testNoSignalGivesTheMean() throws {
    var stream = RandomKey(seed: 4).stream()
    let columns = (0..<5).map { _ in (0..<200).map { _ in Float(stream.normal()) } }
    let labels = (0..<200).map { _ in stream.uniform() < 0.3 ? 1.0 : 0.0 }
    let data = TrainingData(
      features: FeatureMatrix(dense: columns), task: .classification(classes: ["0", "1"]), labels: labels)
    let model = try fitNet(ElasticNet(), data)
    let share = labels.reduce(0, +) / 200
    let squares = model.predict(data.features, threads: 1).output(1).map { ($0 - share) * ($0 - share) }
    XCTAssertLessThan((squares.reduce(0, +) / 200).squareRoot(), 0.1)
  }

  func testSeparableClassesStayFinite() throws {
    let x = (0..<60).map { Float($0) - 29.5 }
    let data = TrainingData(
      features: FeatureMatrix(dense: [x]), task: .classification(classes: ["0", "1"]),
      labels: x.map { $0 > 0 ? 1 : 0 })
    let model = try fitNet(ElasticNet(l1Ratio: 0.5, lambda: 0), data)
    let predictions = model.predict(data.features, threads: 1).output(1)
    XCTAssertTrue(predictions.allSatisfy(\.isFinite))
    XCTAssertGreaterThan(predictions[40], 0.99)
  }

  func testNegativeCountsAreRefused() throws {
    var net = ElasticNet()
    net.loss = .poisson
    let data = TrainingData(features: FeatureMatrix(dense: [[1, 2, 3]]), task: .regression, labels: [1, -2, 3])
    XCTAssertThrowsError(try net.fit(data, context: FitContext(key: RandomKey(seed: 1)))) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .data)
      XCTAssertTrue("\($0)".contains("row 2"))
    }
  }

  func testMissingValueMovesThePredictionByItsOwnEffect() throws {
    var stream = RandomKey(seed: 6).stream()
    var x: [Float] = []
    var labels: [Double] = []
    for row in 0..<400 {
      let missing = row % 4 == 0
      let value = stream.normal()
      x.append(missing ? .nan : Float(value))
      labels.append((missing ? 5 : value) + 0.1 * stream.normal())
    }
    let data = TrainingData(features: FeatureMatrix(dense: [x]), task: .regression, labels: labels)
    let model = try fitNet(ElasticNet(), data)
    let predictions = model.predict(FeatureMatrix(dense: [[.nan, 0, 1]]), threads: 1).values
    XCTAssertEqual(predictions[0], 5, accuracy: 0.1)
    XCTAssertEqual(predictions[1], 0, accuracy: 0.1)
    XCTAssertEqual(predictions[2], 1, accuracy: 0.1)
  }

  // MARK: Helpers

  private func fitNet(_ net: ElasticNet, _ data: TrainingData, seed: UInt64 = 1) throws -> ElasticNetModel {
    try XCTUnwrap(net.fit(data, context: FitContext(key: RandomKey(seed: seed))) as? ElasticNetModel)
  }

  private func deviation(_ values: [Float]) -> Double {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    return (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)).squareRoot()
  }

  /// Columns of noise added, dense and sparse in turn.
  private func widened(_ data: TrainingData, by count: Int) -> TrainingData {
    var stream = RandomKey(seed: 8).stream()
    let noise = (0..<count).map { index -> FeatureValues in
      if index % 2 == 0 { return .dense((0..<data.rowCount).map { _ in Float(stream.normal()) }) }
      let rows = (0..<data.rowCount).filter { _ in stream.uniform() < 0.1 }
      return .sparse(rows: rows.map(Int32.init), values: rows.map { _ in Float(1 + stream.uniform()) })
    }
    let columns = data.features.columns + noise
    var wide = data
    wide.features = FeatureMatrix(
      features: columns.indices.map { Feature("x\($0)") }, columns: columns, rowCount: data.rowCount)
    return wide
  }

  private func checkOptimality(
    _ model: ElasticNetModel, _ data: TrainingData, _ net: ElasticNet, _ place: String
  ) throws {
    let lambda = try XCTUnwrap(net.lambda)
    let predictions = model.predict(data.features, threads: 1)
    let rows = Double(data.rowCount)
    // Labels of the squared loss are standardised.
    let unit = data.task == .regression && net.loss == .squared ? deviation(data.labels.map(Float.init)) : 1
    for output in model.intercepts.indices {
      // The derivative of the loss in the predictor is the prediction minus the label for all four losses.
      let residual = data.labels.indices.map { row -> Double in
        switch data.task {
        case .regression: (predictions[row, 0] - data.labels[row]) / unit
        case .classification(let classes):
          classes.count == 2
            ? predictions[row, 1] - data.labels[row]
            : predictions[row, output] - (Int(data.labels[row]) == output ? 1 : 0)
        }
      }
      XCTAssertEqual(residual.reduce(0, +) / rows, 0, accuracy: Self.gradientTolerance, "\(place), intercept")
      for feature in 0..<data.features.featureCount {
        let values = data.features.dense(feature)
        let mean = values.reduce(0) { $0 + Double($1) } / rows
        var scale = deviation(values)
        // Sparse columns are scaled like indicators, as the estimator documents.
        if case .sparse(_, let stored) = data.features.columns[feature], !stored.isEmpty {
          let squares = stored.reduce(0) { $0 + Double($1) * Double($1) } / Double(stored.count)
          scale = max(scale, 0.5 * squares.squareRoot())
        }
        let gradient = zip(residual, values).reduce(0) { $0 + $1.0 * (Double($1.1) - mean) / scale } / rows
        let b = model.slopes(of: feature)[output] * scale / unit
        let at = "\(place), output \(output), x\(feature)"
        if b == 0 {
          XCTAssertLessThanOrEqual(abs(gradient), lambda * net.l1Ratio + Self.gradientTolerance, at)
        } else {
          let penalty = lambda * (net.l1Ratio * (b > 0 ? 1 : -1) + (1 - net.l1Ratio) * b)
          XCTAssertEqual(gradient + penalty, 0, accuracy: Self.gradientTolerance, at)
        }
      }
    }
  }
}
