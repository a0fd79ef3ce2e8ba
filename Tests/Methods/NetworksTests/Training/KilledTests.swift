import Basics
import Checks
import Foundation
import Networks
import Tensors
import XCTest

/// Programs that train and are killed without warning go on from their checkpoint to the same bits.
final class KilledTrainingTests: XCTestCase {
  private static let variable = "ASSAY_TEST_TRAINING_FOLDER"

  func testKilledProcessesGoOnToTheSameBits() throws {
    try withTemporaryFolder { folder in
      let whole = try Self.start(folder + "/whole")
      whole.waitUntilExit()
      XCTAssertEqual(whole.terminationStatus, 0)
      var step = 0
      for _ in 0..<3 {
        let process = try Self.start(folder + "/cut")
        while process.isRunning, step >= (try? Checkpoint(opening: folder + "/cut/run").step) ?? 0 { sched_yield() }
        XCTAssertTrue(process.isRunning, "the run ended before it could be killed")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .uncaughtSignal)
        XCTAssertFalse(FileAccess.exists(folder + "/cut/weights.safetensors"))
        let checkpoint = try Checkpoint(opening: folder + "/cut/run")
        XCTAssertGreaterThan(checkpoint.step, step)
        step = checkpoint.step + 10
      }
      let last = try Self.start(folder + "/cut")
      last.waitUntilExit()
      XCTAssertEqual(last.terminationStatus, 0)
      XCTAssertEqual(
        try SafeTensors(opening: folder + "/cut/weights.safetensors").tensors().mapValues(\.doubles),
        try SafeTensors(opening: folder + "/whole/weights.safetensors").tensors().mapValues(\.doubles))
    }
  }

  /// Not a check of its own: what the other processes do, when this test is run by `start`.
  func testRunOfAnotherProcess() throws {
    guard let folder = ProcessInfo.processInfo.environment[Self.variable] else { return }
    var trainer = Trainer(epochs: 25, batches: BatchSampler(batchSize: 8), schedule: .cosine(steps: 200))
    trainer.averagingDecay = 0.9
    trainer.checkpoints = Checkpoints(path: folder + "/run", everySteps: 1)
    let model = SmallModel()
    try trainer.fit(
      model, optimizer: AdamW(learningRate: 0.02), data: trianglePoints(64, seed: 1),
      validation: trianglePoints(20, seed: 2), key: RandomKey(seed: 8), step: classify)
    try model.save(to: folder + "/weights.safetensors")
  }

  private static func start(_ folder: String) throws -> Process {
    try FileAccess.createFolder(folder)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["NetworksTests.KilledTrainingTests/testRunOfAnotherProcess"]
    process.environment = ProcessInfo.processInfo.environment.merging([variable: folder]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
