import Basics
import Checks
import Kernels
import Networks
import Tensors
import XCTest

/// What a pool of memory has handed out since a moment.
enum MemoryPoolProbe {
  nonisolated(unsafe) private static var start = 0

  static func reset() {
    MemoryPool.shared.resetPeak()
    start = MemoryPool.shared.usage.inUse
  }

  static var peak: Double { Double(MemoryPool.shared.usage.peak - start) }
}

/// What is told about a run while it goes on.
final class TrainingProgressTests: XCTestCase {
  private func progress(width: Int) throws -> (told: [TrainingProgress], line: String) {
    var told: [TrainingProgress] = []
    let data = try trianglePoints(40, seed: 1)
    try Trainer(epochs: 2, batches: BatchSampler(batchSize: 8)).fit(
      SmallModel(), optimizer: Adam(learningRate: 0.01), data: data, validation: data, key: RandomKey(seed: 1),
      progress: { told.append($0) }, step: classify)
    return (told, TerminalProgress.line(told[6], width: width))
  }

  func testEveryStepAndEpochIsTold() throws {
    let told = try progress(width: 200).told
    XCTAssertEqual(
      told.map { "\($0.moment)" }.joined(separator: " "),
      "step step step step step epoch step step step step step epoch end")
    XCTAssertEqual(told.map(\.step), [1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 10, 10])
    XCTAssertEqual(told.map(\.epoch), [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2])
    XCTAssertEqual(told.map(\.steps), Array(repeating: 10, count: 13))
    XCTAssertEqual(told[4].share, 0.5)
    XCTAssertEqual(told.last?.losses.count, 10)
    XCTAssertNil(told[4].validation)
    XCTAssertNotNil(told[5].validation?["accuracy"])
    XCTAssertTrue(told.allSatisfy { $0.gradientNorm > 0 && $0.learningRate == 0.01 && $0.secondsLeft != nil })
    XCTAssertEqual(told.last?.secondsLeft, 0)
  }

  func testTheLine() throws {
    let line = try progress(width: 200).line
    for part in ["epoch 2/2 ███████░░░░░ 60 %", " s left", "training loss ", "accuracy ", "validation loss ", "█"] {
      XCTAssertTrue(line.contains(part), "\"\(line)\" lacks \"\(part)\"")
    }
    for width in [5, 20, 40, 60, 90] {
      let narrow = try progress(width: width).line
      XCTAssertLessThanOrEqual(narrow.count, width)
      XCTAssertTrue(narrow.hasPrefix("epoc"))
    }
  }

  func testSparklines() {
    XCTAssertEqual(TerminalProgress.sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█")
    XCTAssertEqual(TerminalProgress.sparkline([3, 3]), "▁▁")
    XCTAssertEqual(TerminalProgress.sparkline([]), "")
    XCTAssertEqual(TerminalProgress.sparkline([1, .nan, 0]), "█ ▁")
    XCTAssertEqual(TerminalProgress.sparkline([.nan]), "")
    XCTAssertEqual(TerminalProgress.sparkline([8, 8, 1, 1], most: 2), "█▁")
    XCTAssertEqual(TerminalProgress.sparkline((0..<1000).map(Double.init)).count, 16)
  }

  func testTheCourseOfTheLossStaysShort() throws {
    var longest = 0
    var last: [Double] = []
    try Trainer(epochs: 50, batches: BatchSampler(batchSize: 8)).fit(
      SmallModel(), optimizer: SGD(learningRate: 0.05), data: trianglePoints(60, seed: 1), key: RandomKey(seed: 1),
      progress: {
        longest = max(longest, $0.losses.count)
        last = $0.losses
      }, step: classify)
    XCTAssertLessThanOrEqual(longest, 64)
    XCTAssertGreaterThanOrEqual(last.count, 32)
    XCTAssertLessThan(last[last.count - 1], last[0])
  }
}
