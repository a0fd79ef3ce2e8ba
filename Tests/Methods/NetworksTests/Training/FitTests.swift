import Basics
import Checks
import Kernels
import Networks
import Synchronization
import Tensors
import XCTest

/// Training: what is learned, when it ends, and what the model holds then.
final class TrainingFitTests: XCTestCase {
  private let key = RandomKey(seed: 11)

  func testLearnsClasses() throws {
    for seed in checkSeeds {
      let model = SmallModel(hidden: 16, seed: seed)
      let trainer = Trainer(epochs: 25, batches: BatchSampler(batchSize: 16))
      let result = try trainer.fit(
        model, optimizer: Adam(learningRate: 0.01), data: trianglePoints(300, seed: seed),
        validation: trianglePoints(300, seed: seed + 100), key: RandomKey(seed: seed), step: classify)
      // With a spread of half the distance between corners about one point in twenty lies nearer to a wrong corner.
      let best = result.history[(result.bestEpoch ?? 1) - 1].validation ?? [:]
      XCTAssertGreaterThan(best["accuracy"] ?? 0, 0.88)
      XCTAssertLessThan(best["loss"] ?? 1, 0.35)
      XCTAssertEqual(result.ending, .completed)
      XCTAssertEqual(result.stepCount, 25 * 19)
      XCTAssertEqual(trainer.stepCount(rows: 300), 25 * 19)
      XCTAssertEqual(result.history.map(\.epoch), Array(1...25))
      XCTAssertLessThan(result.history[24].training["loss"] ?? 1, (result.history[0].training["loss"] ?? 0) * 0.6)
    }
  }

  func testLearnsALine() throws {
    struct Line: Module { let layer: Dense }
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let rows = (0..<200).map { _ in [Float(random.normal()), Float(random.normal())] }
      let data = try TensorDataset(rows, targets: rows.map { 3 * $0[0] - 2 * $0[1] + 1 })
      let model = Line(layer: Dense(2, 1, key: RandomKey(seed: seed)))
      try Trainer(epochs: 40).fit(model, optimizer: SGD(learningRate: 0.1), data: data, key: key) {
        model, batch, pass in
        .regression(model.layer(batch[0], pass), targets: batch[1])
      }
      // Without noise gradient descent reaches the line up to rounding.
      let weights = model.weights
      for (value, expected) in zip(
        (weights["layer.weight"]?.doubles ?? []) + (weights["layer.bias"]?.doubles ?? []), [3.0, -2, 1])
      {
        XCTAssertEqual(value, expected, accuracy: 1e-4)
      }
    }
  }

  private func bits(_ trainer: Trainer, threads: Int = 1, seed: UInt64 = 5, key: RandomKey) throws -> [String: [UInt64]]
  {
    try Compute.$threads.withValue(threads) {
      let model = SmallModel(hidden: 32, seed: seed)
      try trainer.fit(
        model, optimizer: SGD(learningRate: 0.05, momentum: 0.9), data: trianglePoints(200, seed: 1), key: key,
        step: classify)
      return model.bits
    }
  }

  func testTheSameKeyGivesTheSameBitsOnAnyNumberOfThreads() throws {
    let trainer = Trainer(epochs: 3, batches: BatchSampler(batchSize: 64), schedule: .cosine(steps: 12))
    let one = try bits(trainer, key: key)
    for threads in [1, 2, 3, 5] { XCTAssertEqual(try bits(trainer, threads: threads, key: key), one) }
    XCTAssertNotEqual(try bits(trainer, key: key[1]), one)
  }

  /// Plain gradient descent without dropout or statistics: two batches of 8 averaged are one of 16.
  func testAccumulatedBatchesAreOneLargeBatch() throws {
    func weights(batch: Int, accumulation: Int) throws -> [Double] {
      var trainer = Trainer(epochs: 4, batches: BatchSampler(batchSize: batch, order: .given))
      trainer.accumulation = accumulation
      let layer = Dense(2, 3, key: RandomKey(seed: 2))
      // 72 rows: the last step of an epoch has 8 rows either way.
      let result = try trainer.fit(
        layer, optimizer: SGD(learningRate: 0.1), data: trianglePoints(72, seed: 2), key: key
      ) {
        try .classification($0($1[0], $2), labels: $1[1])
      }
      XCTAssertEqual(result.stepCount, 4 * 5)
      XCTAssertEqual(trainer.stepCount(rows: 72), 4 * 5)
      return layer.weights.sorted { $0.key < $1.key }.flatMap(\.value.doubles)
    }
    for (a, b) in zip(try weights(batch: 16, accumulation: 1), try weights(batch: 8, accumulation: 2)) {
      // Sums of 16 terms in another order, over 20 steps.
      XCTAssertEqual(a, b, accuracy: 2e-6)
    }
  }

  func testClippingBoundsTheStep() throws {
    struct Line: Module { let layer: Dense }
    let data = try TensorDataset([[1000, -2000], [3000, 500]], targets: [1, 2])
    for clipping in [GradientClipping.norm(0.5), .value(0.25)] {
      let model = Line(layer: Dense(2, 1, hasBias: false, key: key))
      let before = model.weights["layer.weight"]?.doubles ?? []
      var trainer = Trainer(epochs: 1)
      trainer.clipping = clipping
      try trainer.fit(model, optimizer: SGD(learningRate: 1), data: data, key: key) {
        .regression($0.layer($1[0], $2), targets: $1[1])
      }
      let moves = zip(before, model.weights["layer.weight"]?.doubles ?? []).map { abs($0 - $1) }
      switch clipping {
      case .norm: XCTAssertEqual(moves.reduce(0) { $0 + $1 * $1 }.squareRoot(), 0.5, accuracy: 1e-6)
      case .value: for move in moves { XCTAssertEqual(move, 0.25, accuracy: 1e-6) }
      }
    }
  }

  func testSchedulesSetTheLearningRate() throws {
    var trainer = Trainer(epochs: 4, batches: BatchSampler(batchSize: 10), schedule: .step(every: 4, factor: 0.5))
    trainer.plateau = PlateauSchedule(factor: 0.1, patience: 0, threshold: 1e9)
    let result = try trainer.fit(
      SmallModel(), optimizer: Adam(learningRate: 0.8), data: trianglePoints(20, seed: 1), key: key, step: classify)
    // Two steps per epoch; the first observation is the best, and then none comes near by so much.
    let expected = [0.8, 0.8, 0.04, 0.004]
    for (record, rate) in zip(result.history, expected) { XCTAssertEqual(record.learningRate, rate, accuracy: 1e-12) }
  }

  func testEarlyStoppingRestoresTheBestWeights() throws {
    for averages in [false, true] {
      var trainer = Trainer(epochs: 20, batches: BatchSampler(batchSize: 32))
      trainer.earlyStopping = EarlyStopping(patience: 3, metric: "score", isHigherBetter: true)
      trainer.averagingDecay = averages ? 0.5 : nil
      let scores = [0.2, 0.6, 0.4, 0.9, 0.9, 0.1, .nan, 0.95]
      var (judged, current, atEpoch): (Int, [[String: [UInt64]]], [[String: [UInt64]]]) = (0, [], [])
      let model = SmallModel()
      let data = try trianglePoints(64, seed: 1)
      let result = try trainer.fit(
        model, optimizer: Adam(), data: data, validation: data.subset(Array(0..<20)), key: key,
        progress: { if case .epoch = $0.moment { atEpoch.append(model.bits) } },
        step: { model, batch, pass in
          var result = try classify(model, batch, pass)
          if !pass.isTraining {
            result.metrics["score"] = scores[judged]
            judged += 1
            // What a judged model computes with: the averaged weights where there are any.
            current.append(["first.weight": model.first.weight.value.doubles.map(\.bitPattern)])
          }
          return result
        })
      XCTAssertEqual(result.ending, .earlyStopping)
      XCTAssertEqual(result.bestEpoch, 4)
      XCTAssertEqual(result.history.count, 7)
      XCTAssertEqual(model.bits["first.weight"], current[3]["first.weight"])
      XCTAssertEqual(model.bits == atEpoch[3], !averages)
      XCTAssertEqual(Set(atEpoch.map { $0["first.weight"] ?? [] }).count, 7, "the weights change in every epoch")
    }
  }

  func testWithoutRestoringTheLastWeightsStay() throws {
    var trainer = Trainer(epochs: 3)
    trainer.restoresBest = false
    let (a, b) = (SmallModel(), SmallModel())
    let data = try trianglePoints(50, seed: 1)
    try trainer.fit(a, optimizer: Adam(), data: data, validation: trianglePoints(9, seed: 2), key: key, step: classify)
    try trainer.fit(b, optimizer: Adam(), data: data, key: key, step: classify)
    XCTAssertEqual(a.bits, b.bits)
  }

  func testAveragedWeightsAreReturned() throws {
    let (model, plain) = (SmallModel(), SmallModel())
    var trainer = Trainer(epochs: 2)
    let data = try trianglePoints(100, seed: 1)
    try trainer.fit(plain, optimizer: Adam(), data: data, key: key, step: classify)
    trainer.averagingDecay = 0.5
    try trainer.fit(model, optimizer: Adam(), data: data, key: key, step: classify)
    XCTAssertNotEqual(model.bits, plain.bits)
    trainer.averagingDecay = 0
    let last = SmallModel()
    try trainer.fit(last, optimizer: Adam(), data: data, key: key, step: classify)
    // A decay of 0 keeps nothing of the past.
    XCTAssertEqual(last.bits, plain.bits)
  }

  func testRoundingToBFloat16ChangesLittle() throws {
    var trainer = Trainer(epochs: 5)
    let data = try trianglePoints(200, seed: 1)
    let exact = try trainer.fit(SmallModel(), optimizer: Adam(), data: data, key: key, step: classify)
    trainer.usesBFloat16 = true
    let rounded = try trainer.fit(SmallModel(), optimizer: Adam(), data: data, key: key, step: classify)
    let losses = [exact, rounded].map { $0.history[4].training["loss"] ?? .nan }
    XCTAssertNotEqual(losses[0], losses[1])
    // Products of numbers with 8 bits: some parts in a thousand.
    XCTAssertEqual(losses[0], losses[1], accuracy: 0.01)
  }

  func testADeadlineEndsTheRun() throws {
    let model = SmallModel()
    let before = model.bits
    let result = try Trainer().fit(
      model, optimizer: Adam(), data: trianglePoints(50, seed: 1), key: key, deadline: Deadline(after: 0),
      step: classify)
    XCTAssertEqual(result.ending, .deadline)
    XCTAssertEqual(result.stepCount, 0)
    XCTAssertEqual(model.bits, before)
  }

  func testAnInterruptionEndsTheRunWithTheBestWeights() throws {
    let (interruption, model) = (Interruption(), SmallModel())
    let data = try trianglePoints(64, seed: 1)
    var atEpoch: [[String: [UInt64]]] = []
    var steps = 0
    let result = try Trainer(epochs: 9, batches: BatchSampler(batchSize: 16)).fit(
      model, optimizer: Adam(learningRate: 0.01), data: data, validation: data, key: key, interruption: interruption,
      progress: {
        if case .epoch = $0.moment { atEpoch.append(model.bits) }
        if case .step = $0.moment { steps += 1 }
        if steps == 10 { interruption.request() }
      }, step: classify)
    XCTAssertEqual(result.ending, .interruption)
    XCTAssertEqual(result.history.count, 2)
    XCTAssertEqual(result.stepCount, 10)
    XCTAssertEqual(model.bits, atEpoch[(result.bestEpoch ?? 0) - 1])
  }

  func testCancellationThrowsAndLeavesAUsableModel() async throws {
    let data = try trianglePoints(64, seed: 1)
    let model = SmallModel()
    let seen = Mutex(0)
    let task = Task { [key] in
      try await Trainer(epochs: 9, batches: BatchSampler(batchSize: 16)).fit(
        model, optimizer: Adam(), data: data, validation: data, key: key
      ) { model, batch, pass in
        if seen.withLock({
          $0 += 1; return $0
        }) == 15 {
          withUnsafeCurrentTask { $0?.cancel() }
        }
        return try classify(model, batch, pass)
      }
    }
    do {
      _ = try await task.value
      XCTFail("no error was thrown")
    } catch {
      XCTAssertTrue(error is CancellationError, "\(error)")
    }
    XCTAssertNotEqual(model.bits, SmallModel().bits)
    XCTAssertTrue(model.weights.values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
    // The check comes before the next batch: nothing runs after it.
    XCTAssertEqual(seen.withLock { $0 }, 15)
  }
}
