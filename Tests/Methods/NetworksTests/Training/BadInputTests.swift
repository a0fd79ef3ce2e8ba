import Basics
import Checks
import Kernels
import Networks
import Tensors
import XCTest

/// What cannot be learned from throws, saying where it lies; the model stays usable.
final class TrainingBadInputTests: XCTestCase {
  private let key = RandomKey(seed: 41)

  private func fit(
    _ data: some Dataset, validation: (any Dataset)? = nil, _ trainer: Trainer = Trainer(epochs: 2),
    model: SmallModel = SmallModel(),
    step: (SmallModel, [Tensor], Pass) throws -> StepResult = classify
  ) throws {
    try trainer.fit(model, optimizer: Adam(), data: data, validation: validation, key: key, step: step)
  }

  func testEmptyData() throws {
    let (none, some) = (ComputedDataset(count: 0) { _, _ in [] }, try trianglePoints(10, seed: 1))
    assertAssayError(.data, saying: ["training data have no rows"]) { try fit(none) }
    assertAssayError(.data, saying: ["validation data have no rows"]) { try fit(some, validation: none) }
  }

  func testBatchesThatDisagree() throws {
    let ragged = ComputedDataset(count: 40) { rows, _ in
      [Tensor.ones([rows.count, 2]), Tensor.zeros([rows.count - (rows.contains(30) ? 1 : 0)], type: .int32)]
    }
    assertAssayError(.data, saying: ["tensor 1 of a batch of 32 rows has shape [31]", "training data"]) {
      try fit(ragged)
    }
    let empty = ComputedDataset(count: 40) { _, _ in [] }
    assertAssayError(.data, saying: ["no tensors"]) { try fit(empty) }
    let fine = try trianglePoints(40, seed: 1)
    assertAssayError(.data, saying: ["validation data"]) { try fit(fine, validation: ragged) }
  }

  func testLabelsOutOfRange() throws {
    let data = try TensorDataset(Tensor.ones([40, 2]), Tensor((0..<40).map { Int32($0 == 33 ? 3 : 0) }))
    assertAssayError(.data, saying: ["the value 3", "labels of the batch"]) { try fit(data) }
  }

  func testSettingsOutOfRange() throws {
    let data = try trianglePoints(10, seed: 1)
    let changes: [(String, (inout Trainer) -> Void)] = [
      ("0 epochs", { $0.epochs = 0 }), ("batch of 0", { $0.batches.batchSize = 0 }),
      ("0 batches per step", { $0.accumulation = 0 }), ("cut to -1", { $0.clipping = .norm(-1) }),
      ("cut to nan", { $0.clipping = .value(.nan) }), ("decay of 1", { $0.averagingDecay = 1 }),
      ("patience of 0", { $0.earlyStopping = EarlyStopping(patience: 0) }),
      ("0 batches prepared", { $0.prefetched = 0 }),
      ("frequent", { $0.checkpoints = Checkpoints(path: "x", everySteps: 0) }),
    ]
    for (words, change) in changes {
      var trainer = Trainer()
      change(&trainer)
      assertAssayError(.configuration, saying: [words]) { try fit(data, trainer) }
    }
    var trainer = Trainer()
    trainer.earlyStopping = EarlyStopping(metric: "accurcy", isHigherBetter: true)
    assertAssayError(.configuration, saying: ["\"accurcy\"", "accuracy, loss"]) { try fit(data, trainer) }
    struct Nothing: Module {}
    assertAssayError(.configuration, saying: ["no parameter"]) {
      try Trainer().fit(Nothing(), optimizer: Adam(), data: data, key: key) { _, _, _ in
        StepResult(loss: Tensor(Float(1)))
      }
    }
  }

  // MARK: Numbers that are not finite

  func testALossThatIsNotFiniteNamesStepAndLayer() throws {
    try withTemporaryFolder { folder in
      var trainer = Trainer(epochs: 2, batches: BatchSampler(batchSize: 10))
      trainer.checkpoints = Checkpoints(path: folder + "/run", everySteps: 2)
      let model = SmallModel()
      var calls = 0
      let error = assertAssayError(
        .data, saying: ["the loss is nan", "log", "first.bias", "after step 4", folder + "/run"]
      ) {
        // Two calls estimate the memory, so the seventh is the fifth step; it is computed once more to find the place.
        try fit(trianglePoints(100, seed: 1), trainer, model: model) { model, batch, pass in
          calls += 1
          guard calls >= 7 else { return try classify(model, batch, pass) }
          let hidden = log(model.first(batch[0], pass) - 2)
          return try .classification(model.second(hidden, pass), labels: batch[1])
        }
      }
      XCTAssertEqual(error?.place, "step 5, epoch 1")
      XCTAssertTrue(model.weights.values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
      XCTAssertEqual(
        model.bits, try Checkpoint(opening: folder + "/run").weights.mapValues { $0.doubles.map(\.bitPattern) })
    }
  }

  func testRowsWithNumbersThatAreNotFiniteAreNamed() throws {
    var values = [Float](repeating: 1, count: 80)
    values[2 * 27 + 1] = .infinity
    let data = try TensorDataset(Tensor(values, shape: [40, 2]), Tensor.zeros([40], type: .int32))
    // The model's tanh would hide an infinite input, so the loss takes it as it is.
    assertAssayError(.data, saying: ["tensor 0 of the batch", "row 27 of the data"]) {
      try fit(data) { model, batch, pass in StepResult(loss: (model.first.weight.value.sum() + batch[0]).mean()) }
    }
  }

  func testGradientsThatAreNotFiniteAreNamed() throws {
    // The root has a finite value and an infinite slope at 0.
    assertAssayError(.data, saying: ["the gradients are not finite", "step 1"]) {
      try fit(trianglePoints(40, seed: 1)) { model, batch, pass in
        let result = try classify(model, batch, pass)
        return StepResult(loss: result.loss + sqrt(model.first.weight.value * 0).sum())
      }
    }
  }

  func testStatisticsSurviveALossThatIsNotFinite() throws {
    let model = SmallModel()
    var calls = 0
    assertAssayError(.data) {
      try fit(trianglePoints(100, seed: 1), model: model) { model, batch, pass in
        calls += 1
        guard calls == 5 else { return try classify(model, batch, pass) }
        return try classify(model, [batch[0] * .infinity, batch[1]], pass)
      }
    }
    XCTAssertTrue(model.weights.values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
  }

  // MARK: Memory

  func testABatchThatIsTooLargeIsRefusedWithTheSizeThatFits() throws {
    let rows = Tensor.normal([4096, 64], key: key)
    let data = try TensorDataset(rows, Tensor.zeros([4096], type: .int32))
    var trainer = Trainer(epochs: 1, batches: BatchSampler(batchSize: 4096))
    trainer.memoryLimit = 3_000_000
    let model = SmallModel(inputs: 64, hidden: 256)
    let before = model.bits
    let error = assertAssayError(.resource, saying: ["batch of 4096 rows", "3.0 MB", "at most"]) {
      try fit(data, trainer, model: model)
    }
    XCTAssertEqual(model.bits, before, "the attempts leave no trace")
    let words = (error?.remedy ?? "").split { !$0.isNumber }
    let largest = try XCTUnwrap(words.first.flatMap { Int($0) })
    XCTAssertGreaterThan(largest, 32)
    trainer.batches.batchSize = largest
    XCTAssertNoThrow(try fit(data.subset(Array(0..<largest)), trainer, model: model))
    trainer.memoryLimit = 1000
    assertAssayError(.resource, saying: ["smaller model"]) { try fit(data, trainer, model: model) }
  }

  func testTheEstimateIsNearTheTruth() throws {
    // The estimate for a batch, by the limit at which it is refused, against what a step really takes.
    let data = try TensorDataset(Tensor.normal([512, 64], key: key), Tensor.zeros([512], type: .int32))
    var trainer = Trainer(epochs: 1, batches: BatchSampler(batchSize: 512))
    trainer.memoryLimit = 1
    let error = assertAssayError(.resource) { try fit(data, trainer, model: SmallModel(inputs: 64, hidden: 256)) }
    let estimate = try XCTUnwrap(error?.problem.split(separator: " ").compactMap { Double($0) }.dropFirst().first) * 1e6
    trainer.memoryLimit = nil
    MemoryPoolProbe.reset()
    // The estimate is for one thread's scratch; each further thread adds its own.
    try Compute.$threads.withValue(1) { _ = try fit(data, trainer, model: SmallModel(inputs: 64, hidden: 256)) }
    // Blocks of the pool are up to a quarter larger than what is in them, the optimiser's memory is there only later.
    XCTAssertGreaterThan(estimate * 1.3, MemoryPoolProbe.peak)
    XCTAssertLessThan(estimate, MemoryPoolProbe.peak * 2.5)
  }
}
