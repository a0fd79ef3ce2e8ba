import Basics
import Checks
import Networks
import Synchronization
import Tensors
import XCTest

/// Runs that are stopped anywhere and go on from their checkpoint end with the same bits.
final class TrainingResumeTests: XCTestCase {
  private let key = RandomKey(seed: 21)

  private func trainer(_ path: String, everySteps: Int?) -> Trainer {
    var trainer = Trainer(
      epochs: 4, batches: BatchSampler(batchSize: 8), schedule: .cosine(steps: 16).warmedUp(over: 3))
    trainer.accumulation = 2
    trainer.clipping = .norm(0.5)
    trainer.averagingDecay = 0.9
    trainer.plateau = PlateauSchedule(factor: 0.5, patience: 0)
    trainer.checkpoints = Checkpoints(path: path, everySteps: everySteps)
    return trainer
  }

  /// Trains; throws where the step closure is called for the `end`-th time, as a kill would end it without warning.
  private func run(
    _ trainer: Trainer, _ rule: some Optimizer, endAt end: Int? = nil, model: SmallModel = SmallModel()
  ) throws -> (bits: [String: [UInt64]], result: TrainingResult) {
    var calls = 0
    let result = try trainer.fit(
      model, optimizer: rule, data: trianglePoints(60, seed: 1), validation: trianglePoints(20, seed: 2), key: key
    ) { model, batch, pass in
      calls += 1
      if calls == end { throw Killed() }
      return try classify(model, batch, pass)
    }
    return (model.bits, result)
  }

  private func history(_ result: TrainingResult) -> [[String: Double]] {
    result.history.flatMap { [$0.training, $0.validation ?? [:], ["rate": $0.learningRate, "step": Double($0.step)]] }
  }

  private func checkEveryCut(_ rule: some Optimizer, everySteps: Int?) throws {
    try withTemporaryFolder { folder in
      let whole = try run(trainer(folder + "/whole", everySteps: everySteps), rule)
      XCTAssertEqual(whole.result.stepCount, 16)
      // Two calls for the estimate of memory, then 8 batches and 3 of validation per epoch.
      for end in stride(from: 3, through: 2 + 4 * 11, by: 1) {
        let trainer = trainer(folder + "/cut-\(end)", everySteps: everySteps)
        XCTAssertThrowsError(try run(trainer, rule, endAt: end)) { XCTAssertTrue($0 is Killed, "\($0)") }
        // The weights that the new model begins with do not matter.
        let resumed = try run(trainer, rule, model: SmallModel(seed: 99))
        let begins = !FileAccess.exists(folder + "/cut-\(end)")
        XCTAssertFalse(begins)
        if end > 2 + 8 || everySteps == 1 && end > 4 {
          XCTAssertEqual(resumed.bits, whole.bits, "cut \(end)")
          XCTAssertEqual(history(resumed.result), history(whole.result), "cut \(end)")
          XCTAssertEqual(resumed.result.bestEpoch, whole.result.bestEpoch)
        }
      }
    }
  }

  func testEveryCutWithMomentum() throws {
    try checkEveryCut(SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.01), everySteps: 1)
  }

  func testEveryCutWithAdam() throws { try checkEveryCut(Adam(learningRate: 0.02), everySteps: 3) }

  func testRepeatedCuts() throws {
    try withTemporaryFolder { folder in
      let rule = AdamW(learningRate: 0.02)
      let whole = try run(trainer(folder + "/whole", everySteps: 1), rule)
      let cut = trainer(folder + "/cut", everySteps: 1)
      var resumed = try? run(cut, rule, endAt: 7)
      var attempts = 0
      while resumed == nil, attempts < 100 {
        resumed = try? run(cut, rule, endAt: 9, model: SmallModel(seed: UInt64(attempts)))
        attempts += 1
      }
      XCTAssertGreaterThan(attempts, 4)
      XCTAssertEqual(resumed?.bits, whole.bits)
      XCTAssertEqual(resumed.map { history($0.result) }, history(whole.result))
    }
  }

  func testCancellationWritesTheCheckpoint() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-check-\(UUID().uuidString)").path
    try FileAccess.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var trainer = trainer(folder + "/cut", everySteps: nil)
    let (data, judged) = try (trianglePoints(60, seed: 1), trianglePoints(20, seed: 2))
    let whole = SmallModel()
    trainer.checkpoints = nil
    try await trainer.fit(whole, optimizer: Adam(), data: data, validation: judged, key: key, step: classify)
    trainer.checkpoints = Checkpoints(path: folder + "/cut")
    for end in [6, 13, 20, 31, 40] {
      let seen = Mutex(0)
      let task = Task { [trainer, key] in
        try await trainer.fit(SmallModel(), optimizer: Adam(), data: data, validation: judged, key: key) {
          if seen.withLock({
            $0 += 1; return $0
          }) == end {
            withUnsafeCurrentTask { $0?.cancel() }
          }
          return try classify($0, $1, $2)
        }
      }
      do {
        _ = try await task.value
        XCTFail("no error was thrown")
      } catch {
        XCTAssertTrue(error is CancellationError, "\(error)")
      }
      let checkpoint = try Checkpoint(opening: folder + "/cut")
      XCTAssertLessThan(checkpoint.step, 16)
      let model = SmallModel(seed: 77)
      let result = try await trainer.fit(
        model, optimizer: Adam(), data: data, validation: judged, key: key, step: classify)
      XCTAssertEqual(model.bits, whole.bits, "cut \(end)")
      XCTAssertEqual(result.stepCount, 16)
      try FileManager.default.removeItem(atPath: folder + "/cut")
    }
  }

  func testCancellationInsideAStepLeavesNoTrace() throws {
    try withTemporaryFolder { folder in
      let (data, judged) = try (trianglePoints(60, seed: 1), trianglePoints(20, seed: 2))
      var trainer = trainer(folder + "/cut", everySteps: nil)
      trainer.accumulation = 1
      let whole = SmallModel()
      var plain = trainer
      plain.checkpoints = nil
      try plain.fit(whole, optimizer: Adam(), data: data, validation: judged, key: key, step: classify)
      for end in [5, 12] {
        var calls = 0
        XCTAssertThrowsError(
          try trainer.fit(SmallModel(), optimizer: Adam(), data: data, validation: judged, key: key) {
            // The layers have learned from the batch by then.
            let result = try classify($0, $1, $2)
            calls += 1
            if calls == end { throw CancellationError() }
            return result
          }
        ) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        let model = SmallModel(seed: 77)
        try trainer.fit(model, optimizer: Adam(), data: data, validation: judged, key: key, step: classify)
        XCTAssertEqual(model.bits, whole.bits, "cut \(end)")
        try FileManager.default.removeItem(atPath: folder + "/cut")
      }
    }
  }

  func testACompleteRunIsNotRepeatedAndMayBeMadeLonger() throws {
    try withTemporaryFolder { folder in
      let rule = Adam(learningRate: 0.02)
      let first = try run(trainer(folder + "/a", everySteps: nil), rule)
      // Nothing is left to do: not even the estimate of memory calls the step.
      let again = try run(trainer(folder + "/a", everySteps: nil), rule, endAt: 1, model: SmallModel(seed: 8))
      XCTAssertEqual(again.bits, first.bits)
      XCTAssertEqual(again.result.ending, .completed)
      var longer = trainer(folder + "/a", everySteps: nil)
      longer.epochs = 6
      let extended = try run(longer, rule)
      longer.checkpoints?.path = folder + "/b"
      let whole = try run(longer, rule)
      XCTAssertEqual(extended.bits, whole.bits)
      XCTAssertEqual(extended.result.history.count, 6)
    }
  }

  func testBeginningAnewReplacesTheFile() throws {
    try withTemporaryFolder { folder in
      var trainer = trainer(folder + "/a", everySteps: nil)
      let first = try run(trainer, Adam())
      trainer.checkpoints?.resumes = false
      trainer.epochs = 2
      XCTAssertEqual(try run(trainer, Adam()).result.history.count, 2)
      XCTAssertEqual(try Checkpoint(opening: folder + "/a").epoch, 2)
      XCTAssertEqual(first.result.history.count, 4)
    }
  }

  func testACheckpointHoldsWeightsThatLoad() throws {
    try withTemporaryFolder { folder in
      var trainer = Trainer(epochs: 3)
      trainer.checkpoints = Checkpoints(path: folder + "/a")
      let model = SmallModel()
      let data = try trianglePoints(60, seed: 1)
      let result = try trainer.fit(model, optimizer: Adam(), data: data, validation: data, key: key, step: classify)
      let checkpoint = try Checkpoint(opening: folder + "/a")
      XCTAssertEqual(checkpoint.epoch, 3)
      XCTAssertEqual(checkpoint.step, result.stepCount)
      XCTAssertEqual(checkpoint.history, result.history)
      let other = SmallModel(seed: 3)
      try other.load(XCTUnwrap(checkpoint.bestWeights))
      XCTAssertEqual(other.bits, model.bits)
      try other.load(checkpoint.weights)
      XCTAssertEqual(try SafeTensors(opening: folder + "/a").tensor("weights/first.weight").shape, [2, 8])
    }
  }
}
