import Basics
import Checks
import Networks
import Tensors
import XCTest

/// Checkpoints of other runs and damaged ones are refused, and the model stays as it was.
final class TrainingCheckpointDamageTests: XCTestCase {
  private let key = RandomKey(seed: 31)

  private func fit(
    _ trainer: Trainer, _ model: SmallModel = SmallModel(), rule: some Optimizer = Adam(), rows: Int = 40,
    seed: UInt64 = 31
  ) throws {
    try trainer.fit(
      model, optimizer: rule, data: trianglePoints(rows, seed: 1), key: RandomKey(seed: seed), step: classify)
  }

  private func withCheckpoint(_ body: (Trainer, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var trainer = Trainer(epochs: 2, batches: BatchSampler(batchSize: 16))
      trainer.checkpoints = Checkpoints(path: folder + "/run.safetensors")
      try fit(trainer)
      trainer.epochs = 3
      try body(trainer, folder + "/run.safetensors")
    }
  }

  private func assertRefused(
    saying parts: [String], _ trainer: Trainer, _ model: SmallModel = SmallModel(), rule: some Optimizer = Adam(),
    rows: Int = 40, seed: UInt64 = 31, line: UInt = #line
  ) {
    let before = model.bits
    assertAssayError(.bundle, saying: parts + ["run.safetensors"], line: line) {
      try fit(trainer, model, rule: rule, rows: rows, seed: seed)
    }
    XCTAssertEqual(model.bits, before, line: line)
  }

  func testOtherSettingsAreNamed() throws {
    try withCheckpoint { trainer, _ in
      func changed(_ change: (inout Trainer) -> Void) -> Trainer {
        var copy = trainer
        change(&copy)
        return copy
      }
      assertRefused(saying: ["the batch size is 8 here and 16"], changed { $0.batches.batchSize = 8 })
      assertRefused(saying: ["the schedule is"], changed { $0.schedule = .exponential(factor: 0.9) })
      assertRefused(saying: ["the batches per step is 2 here and 1"], changed { $0.accumulation = 2 })
      assertRefused(saying: ["the order of rows is given"], changed { $0.batches.order = .given })
      assertRefused(saying: ["the clipping of gradients"], changed { $0.clipping = .norm(1) })
      assertRefused(saying: ["the decay of averaged weights is 0.5 here"], changed { $0.averagingDecay = 0.5 })
      assertRefused(saying: ["bfloat16 is true here"], changed { $0.usesBFloat16 = true })
      assertRefused(saying: ["early stopping"], changed { $0.earlyStopping = EarlyStopping() })
      assertRefused(saying: ["the number of training rows is 41 here and 40"], trainer, rows: 41)
      assertRefused(saying: ["the random key"], trainer, seed: 32)
      assertRefused(saying: ["learningRate is 0.5 here and 0.001"], trainer, rule: Adam(learningRate: 0.5))
      assertRefused(saying: ["the optimiser is", "SGD", "Adam"], trainer, rule: SGD(learningRate: 0.001))
    }
  }

  func testOtherModelsAreNamed() throws {
    struct Wider: Module { let first: Dense }
    try withCheckpoint { trainer, _ in
      assertRefused(
        saying: ["first.weight", "[2, 9] here", "[2, 8] in the checkpoint"], trainer, SmallModel(hidden: 9))
      let other = Wider(first: Dense(2, 8, key: key))
      let data = try trianglePoints(40, seed: 1)
      assertAssayError(.bundle, saying: ["runningMean is not in the model"]) {
        try trainer.fit(other, optimizer: Adam(), data: data, key: RandomKey(seed: 31)) {
          try .classification($0.first($1[0], $2), labels: $1[1])
        }
      }
    }
  }

  func testOtherFilesAreRefused() throws {
    try withCheckpoint { trainer, path in
      try SafeTensors.write(["x": Tensor.ones([2])], to: path)
      assertRefused(saying: ["no checkpoint"], trainer)
      let metadata = ["assay.checkpoint": "{\"version\":2}", "assay.checkpoint.digest": ""]
      try SafeTensors.write([:], metadata: metadata, to: path)
      assertRefused(saying: ["version 2"], trainer)
      try AtomicFile.write("", to: path)
      assertAssayError(.format, saying: ["empty"]) { try fit(trainer) }
    }
  }

  func testDamagedFilesAreRefused() throws {
    try withCheckpoint { trainer, path in
      let bytes = try FileAccess.read(path)
      let model = SmallModel()
      let before = model.bits
      for seed in checkSeeds {
        for copy in mutations(of: bytes, count: 300, key: RandomKey(seed: seed)) where copy != bytes {
          try AtomicFile.write(copy, to: path)
          do {
            let checkpoint = try Checkpoint(opening: path)
            // Only what no digest need cover is left: white space, the order of names.
            XCTAssertEqual(checkpoint.epoch, 2)
            XCTAssertEqual(checkpoint.weights.count, before.count)
          } catch let error as AssayError {
            XCTAssertTrue([.format, .bundle].contains(error.kind), "\(error)")
          }
        }
      }
      var copy = bytes
      copy[copy.count - 3] ^= 4
      try AtomicFile.write(copy, to: path)
      assertRefused(saying: ["damaged"], trainer, model)
    }
  }

  func testAPlaceThatCannotBeWrittenTo() throws {
    try withTemporaryFolder { folder in
      var trainer = Trainer(epochs: 1)
      trainer.checkpoints = Checkpoints(path: folder + "/none/run")
      assertAssayError(.file, saying: ["no folder"]) { try fit(trainer) }
    }
  }
}
