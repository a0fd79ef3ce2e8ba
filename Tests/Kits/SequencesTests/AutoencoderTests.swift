import Basics
import Checks
import Estimators
import Evaluation
import Foundation
import Sequences
import XCTest

final class AutoencoderTests: XCTestCase {
  /// Eight features that hang together through two numbers, and a category that follows one of them; every 25th row has
  /// usual numbers that do not fit each other.
  private func features(_ count: Int, key: RandomKey) -> (features: FeatureMatrix, isOdd: [Bool]) {
    var random = key.stream()
    var columns = [[Float]](repeating: [], count: 9)
    var isOdd: [Bool] = []
    for row in 0..<count {
      let odd = row % 25 == 0
      isOdd.append(odd)
      let (a, b) = (random.normal(), random.normal())
      for feature in 0..<8 {
        let angle = Double(feature) * 0.7
        let own = odd ? (random.normal(), random.normal()) : (a, b)
        columns[feature].append(Float(5 + 3 * (own.0 * cos(angle) + own.1 * sin(angle)) + 0.3 * random.normal()))
      }
      columns[8].append(odd ? Float(random.integer(below: 3)) : a < -0.5 ? 0 : a < 0.5 ? 1 : 2)
      if row % 40 == 7 { columns[3][row] = .nan }
    }
    let descriptions = (0..<8).map { Feature("x\($0)") } + [Feature("level", kind: .categorical(levels: 3))]
    return (
      FeatureMatrix(features: descriptions, columns: columns.map { .dense($0) }, rowCount: count), isOdd
    )
  }

  private func settings(_ epochs: Int = 30) -> Autoencoder {
    var result = Autoencoder()
    result.epochs = epochs
    result.batchSize = 64
    result.codeWidth = 2
    return result
  }

  func testRowsThatDoNotFitTogetherStandOut() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let (training, _) = features(1000, key: key["training"])
      let (test, isOdd) = features(1000, key: key["test"])
      let model = try settings().fit(training, context: FitContext(key: key, threads: 2))
      let scores = model.scores(test, threads: 2)
      XCTAssertTrue(scores.allSatisfy { $0 >= 0 && $0.isFinite })
      let area = try XCTUnwrap(areaUnderCurve(scores, isOdd))
      XCTAssertGreaterThan(area, 0.9, "seed \(seed)")
      // Each feature alone is as usual as can be, so the isolation forest finds less.
      let forest = try IsolationForest().fit(training, context: FitContext(key: key, threads: 2))
      XCTAssertGreaterThan(area, try XCTUnwrap(areaUnderCurve(forest.scores(test, threads: 2), isOdd)))
      let typed = try XCTUnwrap(model as? AutoencoderModel)
      for (parts, score) in zip(typed.parts(test, threads: 1), scores) {
        XCTAssertEqual(parts.count, 9)
        XCTAssertEqual(parts.reduce(0, +), score, accuracy: 1e-9 + 1e-9 * score)
      }
    }
  }

  /// The share of pairs of an odd and a usual row in which the odd one has the larger score.
  private func areaUnderCurve(_ scores: [Double], _ isOdd: [Bool]) -> Double? {
    let odd = scores.indices.filter { isOdd[$0] }.map { scores[$0] }
    let usual = scores.indices.filter { !isOdd[$0] }.map { scores[$0] }
    let wins = odd.reduce(0.0) { sum, score in sum + Double(usual.count { $0 < score }) }
    return odd.isEmpty || usual.isEmpty ? nil : wins / Double(odd.count * usual.count)
  }

  func testSameBitsForAnyThreadsAndRoundTrip() throws {
    let (training, _) = features(400, key: RandomKey(seed: 2))
    let validation = TrainingData(
      features: training, task: .regression, labels: Array(repeating: 0, count: training.rowCount))
    let models = try (1...3).map {
      try settings(3).fit(training, context: FitContext(key: RandomKey(seed: 4), threads: $0, validation: validation))
    }
    let first = models[0].scores(training, threads: 1)
    for model in models { XCTAssertEqual(model.scores(training, threads: 3), first) }
    let typed = try XCTUnwrap(models[0] as? AutoencoderModel)
    let copy = try CBORDecoder().decode(AutoencoderModel.self, from: CBOREncoder().encode(typed))
    XCTAssertEqual(copy.scores(training, threads: 2), first)
    XCTAssertEqual(copy.scores(training.selecting(rows: [7, 3]), threads: 1), [first[7], first[3]])
  }

  func testDeadlineInterruptionAndBadInput() throws {
    let (training, _) = features(200, key: RandomKey(seed: 2))
    let late = try settings(100_000).fit(
      training, context: FitContext(key: RandomKey(seed: 1), deadline: Deadline(after: 0)))
    XCTAssertEqual(late.scores(training, threads: 1).count, 200)
    let interruption = Interruption()
    interruption.request()
    assertAssayError(.cancelled) {
      try settings().fit(training, context: FitContext(key: RandomKey(seed: 1), interruption: interruption))
    }
    let context = FitContext(key: RandomKey(seed: 1))
    assertAssayError(.data, saying: ["no rows"]) { try settings().fit(training.selecting(rows: []), context: context) }
    let infinite = FeatureMatrix(dense: [[1, .infinity]])
    assertAssayError(.data, saying: ["infinite", "x1"]) { try settings().fit(infinite, context: context) }
    for (word, change) in [
      ("codeWidth", { $0.codeWidth = 0 }), ("hiddenWidth", { $0.hiddenWidth = 0 }), ("noise", { $0.noise = 1 }),
      ("learningRate", { $0.learningRate = 2 }), ("epochs", { $0.epochs = 0 }), ("batchSize", { $0.batchSize = 0 }),
      ("members", { $0.members = 0 }), ("maximumRows", { $0.maximumRows = 0 }),
    ] as [(String, (inout Autoencoder) -> Void)] {
      var bad = settings()
      change(&bad)
      assertAssayError(.configuration, saying: [word]) { try bad.fit(training, context: context) }
    }
  }
}
