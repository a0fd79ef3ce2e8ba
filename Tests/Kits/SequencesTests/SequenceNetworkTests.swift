import Basics
import Checks
import Estimators
import Evaluation
import Foundation
import Sequences
import XCTest

final class SequenceNetworkTests: XCTestCase {
  private let architectures: [SequenceArchitecture] = [
    .convolution(channels: [8, 8], size: 3), .lstm(units: 12, layers: 1), .gru(units: 12, layers: 1),
    .temporal(channels: 8, size: 2, blocks: 3), .transformer(width: 16, heads: 2, blocks: 1),
  ]

  private func network(_ architecture: SequenceArchitecture, epochs: Int = 8) -> SequenceNetwork {
    var result = SequenceNetwork(architecture)
    result.headWidth = 16
    result.epochs = epochs
    result.batchSize = 64
    result.learningRate = 0.01
    result.dropout = 0.1
    result.averagingDecay = 0.9
    return result
  }

  private func machines(_ seed: UInt64) throws -> (training: TrainingData, test: TrainingData) {
    let key = RandomKey(seed: seed)
    let training = try WearingMachines.sequences(units: 12, key: key["training"])
    let test = try WearingMachines.sequences(units: 6, key: key["test"])
    let prepared = try WearingMachines.prepared(training: training, [training, test])
    return (try WearingMachines.data(prepared[0]), try WearingMachines.data(prepared[1]))
  }

  /// Every architecture learns more than the mean, and more than a half of what there is to know.
  func testEveryArchitectureLearnsRemainingLife() throws {
    for seed in checkSeeds.prefix(2) {
      let (training, test) = try machines(seed)
      for architecture in architectures {
        let model = try network(architecture).fit(training, context: FitContext(key: RandomKey(seed: seed), threads: 2))
        let predictions = model.predict(test.features, threads: 2)
        XCTAssertEqual(predictions.width, 1)
        let error = rootMeanSquare(predictions.output(0), test.labels)
        XCTAssertLessThan(error, 0.7 * spread(test.labels), "\(architecture), seed \(seed)")
        XCTAssertTrue(predictions.values.allSatisfy { (0...60).contains($0) })
      }
    }
  }

  func testSameBitsForAnyThreads() throws {
    let (all, held) = try machines(1)
    let (training, test) = (all.selecting(rows: Array(0..<300)), held.selecting(rows: Array(0..<100)))
    for architecture in architectures {
      let models = try (1...3).map {
        try network(architecture, epochs: 2).fit(
          training, context: FitContext(key: RandomKey(seed: 4), threads: $0, validation: test))
      }
      let first = models[0].predict(test.features, threads: 1)
      for (count, model) in models.enumerated() {
        XCTAssertEqual(model.predict(test.features, threads: count + 1), first, "\(architecture), \(count + 1) threads")
      }
      // Another key begins elsewhere.
      let other = try network(architecture, epochs: 2).fit(training, context: FitContext(key: RandomKey(seed: 5)))
      XCTAssertNotEqual(other.predict(test.features, threads: 1), first)
    }
  }

  func testRoundTrip() throws {
    let (all, test) = try machines(1)
    let training = all.selecting(rows: Array(0..<200))
    for architecture in architectures {
      let model = try network(architecture, epochs: 1).fit(training, context: FitContext(key: RandomKey(seed: 4)))
      let typed = try XCTUnwrap(model as? SequenceNetworkModel)
      let bytes = try CBOREncoder().encode(typed)
      let copy = try CBORDecoder().decode(SequenceNetworkModel.self, from: bytes)
      XCTAssertEqual(copy.predict(test.features, threads: 2), model.predict(test.features, threads: 1))
      XCTAssertEqual(copy.task, .regression)
      XCTAssertEqual(copy.architecture, architecture)
      XCTAssertEqual(copy.layout.channels, ["s1", "s2", "s3", "s4", "s6"])
      let settings = network(architecture)
      XCTAssertEqual(
        try JSONDecoder().decode(SequenceNetwork.self, from: JSONEncoder().encode(settings)), settings)
    }
  }

  /// Rows do not depend on what is predicted beside them, nor padding on what could stand there.
  func testRowsStandAlone() throws {
    let (training, test) = try machines(7)
    for architecture in architectures {
      let model = try network(architecture, epochs: 1).fit(training, context: FitContext(key: RandomKey(seed: 4)))
      let all = model.predict(test.features, threads: 1).values
      let rows = [0, 5, 40, 3]
      XCTAssertEqual(model.predict(test.features.selecting(rows: rows), threads: 1).values, rows.map { all[$0] })
      XCTAssertEqual(model.predict(test.features.selecting(rows: []), threads: 1).rowCount, 0)
    }
  }

  func testClassesAndStaticFeatures() throws {
    let key = RandomKey(seed: 11)
    let machines = try WearingMachines.sequences(units: 12, key: key)
    let prepared = try WearingMachines.prepared(training: machines, [machines])[0]
    var statistics = WindowStatistics(lengths: [5])
    statistics.statistics = [.slope]
    statistics.spans = []
    let features = try RawWindows(length: 8).features(of: prepared).joined(with: statistics.features(of: prepared))
    let soon = try LifeTarget(prepared, .failure(within: 20)).labels
    let life = try LifeTarget(prepared, .remainingLife(cap: nil)).labels
    let weights = soon.map { $0 == 1 ? 2.0 : 1 }
    let test = prepared.units.suffix(4).flatMap { Array($0.rows) }
    let rows = prepared.units.prefix(8).flatMap { Array($0.rows) }
    for (classes, labels) in [
      (["runs", "fails"], soon), (["late", "middle", "early"], life.map { $0 < 15 ? 0 : $0 < 40 ? 1 : 2 }),
    ] {
      let data = TrainingData(
        features: features, task: .classification(classes: classes), labels: labels, weights: weights)
      for architecture in [architectures[0], architectures[2]] {
        let model = try network(architecture).fit(
          data.selecting(rows: rows), context: FitContext(key: key, threads: 2))
        let predictions = model.predict(features.selecting(rows: test), threads: 2)
        XCTAssertEqual(predictions.width, classes.count)
        var right = 0.0
        for (place, row) in test.enumerated() {
          let shares = (0..<classes.count).map { predictions[place, $0] }
          XCTAssertEqual(shares.reduce(0, +), 1, accuracy: 1e-9)
          if predictions.mostProbable(place) == Int(labels[row]) { right += 1 }
        }
        let shares = (0..<classes.count).map { k in Double(test.count { labels[$0] == Double(k) }) / Double(test.count)
        }
        let share = right / Double(test.count)
        XCTAssertGreaterThan(share, 0.4 * (shares.max() ?? 0) + 0.5, "\(classes) \(architecture)")
      }
    }
  }

  func testQuantilesRiseAndCover() throws {
    let (training, test) = try machines(2026)
    var settings = network(architectures[0], epochs: 12)
    settings.loss = .quantiles([0.1, 0.5, 0.9])
    let model = try settings.fit(training, context: FitContext(key: RandomKey(seed: 1), threads: 2))
    let predictions = model.predict(test.features, threads: 1)
    XCTAssertEqual(predictions.width, 3)
    var inside = 0.0
    for row in 0..<test.rowCount {
      XCTAssertTrue(predictions[row, 0] <= predictions[row, 1] && predictions[row, 1] <= predictions[row, 2])
      if test.labels[row] >= predictions[row, 0], test.labels[row] <= predictions[row, 2] { inside += 1 }
    }
    // 80 % are meant; six machines of which many rows are at the cap leave a wide margin.
    XCTAssertTrue((0.5...0.99).contains(inside / Double(test.rowCount)), "\(inside / Double(test.rowCount))")
  }

  func testLossesForNumbers() throws {
    let (training, test) = try machines(7)
    var settings = network(architectures[1])
    settings.loss = .huber(delta: 0.5)
    settings.averagingDecay = nil
    let model = try settings.fit(training, context: FitContext(key: RandomKey(seed: 1), threads: 2))
    XCTAssertLessThan(
      rootMeanSquare(model.predict(test.features, threads: 1).values, test.labels), 0.7 * spread(test.labels))
  }

  /// A deadline that is past leaves what is known without looking: the mean.
  func testDeadline() throws {
    let (training, test) = try machines(1)
    let mean = training.labels.reduce(0, +) / Double(training.rowCount)
    for architecture in architectures {
      let model = try network(architecture, epochs: 1000).fit(
        training, context: FitContext(key: RandomKey(seed: 1), deadline: Deadline(after: 0)))
      for value in model.predict(test.features, threads: 1).values { XCTAssertEqual(value, mean, accuracy: 1e-4) }
    }
  }

  func testInterruption() throws {
    let (training, _) = try machines(1)
    let interruption = Interruption()
    interruption.request()
    let context = FitContext(key: RandomKey(seed: 1), interruption: interruption)
    assertAssayError(.cancelled) { try network(architectures[0]).fit(training, context: context) }
  }

  func testBadSettings() throws {
    let (training, _) = try machines(1)
    func refused(_ word: String, _ change: (inout SequenceNetwork) -> Void) {
      var settings = network(architectures[0])
      change(&settings)
      assertAssayError(.configuration, saying: [word]) {
        try settings.fit(training, context: FitContext(key: RandomKey(seed: 1)))
      }
    }
    refused("channels") { $0.architecture = .convolution(channels: [], size: 3) }
    refused("units") { $0.architecture = .lstm(units: 0, layers: 1) }
    refused("layers") { $0.architecture = .gru(units: 4, layers: 9) }
    refused("size") { $0.architecture = .temporal(channels: 4, size: 1, blocks: 1) }
    refused("heads") { $0.architecture = .transformer(width: 16, heads: 3, blocks: 1) }
    refused("headWidth") { $0.headWidth = 0 }
    refused("dropout") { $0.dropout = 1 }
    refused("learningRate") { $0.learningRate = 0 }
    refused("weightDecay") { $0.weightDecay = -1 }
    refused("epochs") { $0.epochs = 0 }
    refused("batchSize") { $0.batchSize = 0 }
    refused("gradientNorm") { $0.gradientNorm = 0 }
    refused("averagingDecay") { $0.averagingDecay = 1 }
    refused("patience") { $0.patience = 0 }
    refused("members") { $0.members = 0 }
    refused("maximumRows") { $0.maximumRows = 0 }
    refused("delta") { $0.loss = .huber(delta: 0) }
    refused("levels") { $0.loss = .quantiles([0.9, 0.1]) }
  }

  func testBadData() throws {
    let (training, _) = try machines(1)
    let context = FitContext(key: RandomKey(seed: 1))
    let settings = network(architectures[0])
    var bad = training
    bad.labels[3] = .nan
    assertAssayError(.data, saying: ["row 4"]) { try settings.fit(bad, context: context) }
    bad = training
    bad.weights = Array(repeating: 0, count: training.rowCount)
    assertAssayError(.data, saying: ["weights"]) { try settings.fit(bad, context: context) }
    bad = training.selecting(rows: [])
    assertAssayError(.data, saying: ["no rows"]) { try settings.fit(bad, context: context) }
    let plain = TrainingData(features: FeatureMatrix(dense: [[1, 2, 3]]), task: .regression, labels: [1, 2, 3])
    assertAssayError(.data, saying: ["no feature is a step"]) { try settings.fit(plain, context: context) }
    let uneven = FeatureMatrix(
      features: [Feature("a @-1"), Feature("a @0"), Feature("b @0")],
      columns: [.dense([1]), .dense([2]), .dense([3])], rowCount: 1)
    assertAssayError(.data, saying: ["\"b\"", "1 rows ago"]) {
      try settings.fit(TrainingData(features: uneven, task: .regression, labels: [1]), context: context)
    }
    let infinite = FeatureMatrix(features: [Feature("a @0")], columns: [.dense([.infinity, 1])], rowCount: 2)
    assertAssayError(.data, saying: ["infinite", "a @0"]) {
      try settings.fit(TrainingData(features: infinite, task: .regression, labels: [1, 2]), context: context)
    }
  }
}
