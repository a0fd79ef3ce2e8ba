import Basics
import Checks
import Kernels
import Networks
import Tensors
import XCTest

/// Data sets, and how their rows are dealt out into batches.
final class TrainingDataTests: XCTestCase {
  private let key = RandomKey(seed: 4)

  func testRowsOfTensors() throws {
    let x = Tensor((0..<12).map { Float($0) }, shape: [4, 3])
    let data = try TensorDataset(x, Tensor([Int32(0), 1, 2, 3]))
    XCTAssertEqual(data.count, 4)
    let batch = data.batch(at: [3, 0, 3], key: key)
    XCTAssertEqual(batch[0].doubles, [9, 10, 11, 0, 1, 2, 9, 10, 11])
    XCTAssertEqual(batch[0].shape, [3, 3])
    XCTAssertEqual(batch[1].doubles, [3, 0, 3])
    XCTAssertEqual(data.batch(at: [1, 2], key: key)[0].doubles, [3, 4, 5, 6, 7, 8])
  }

  func testRowsOfArrays() throws {
    let data = try TensorDataset([[1, 2], [3, 4], [5, 6]], targets: [7, 8, 9])
    XCTAssertEqual(data.batch(at: [2, 1], key: key).map(\.doubles), [[5, 6, 3, 4], [9, 8]])
    assertAssayError(.data, saying: ["row 1", "1 numbers", "2"]) {
      try TensorDataset([[1, 2], [3]], targets: [1, 2])
    }
    assertAssayError(.data, saying: ["3", "2 rows", "tensor 1"]) {
      try TensorDataset([[1], [2], [3]], targets: [1, 2])
    }
    assertAssayError(.data, saying: ["no rows"]) { try TensorDataset([], targets: []) }
    assertAssayError(.data, saying: ["no tensors"]) { try TensorDataset([Tensor]()) }
    assertAssayError(.data, saying: ["single number"]) { try TensorDataset(Tensor(Float(1))) }
  }

  func testLabelsOutOfRangeAreNamed() throws {
    assertAssayError(.data, saying: ["the value 3", "0 and 2", "labels, row 1"]) {
      try TensorDataset([[1], [2]], labels: [0, 3], classes: 3)
    }
    assertAssayError(.data, saying: ["32 bits"]) { try TensorDataset([[1]], labels: [1 << 40], classes: 3) }
    let tokens = Tensor([Int64(1), 2, -1, 4], shape: [2, 2])
    assertAssayError(.data, saying: ["the value -1", "tokens, row 1"]) {
      try checkIndices(tokens, below: 5, name: "tokens")
    }
    XCTAssertNoThrow(try checkIndices(tokens, below: 5, ignoring: -1, name: "tokens"))
    assertAssayError(.data, saying: ["1.5"]) { try checkIndices(Tensor([Float(1.5)]), below: 5, name: "tokens") }
    XCTAssertNoThrow(try TensorDataset(tokens).verifyIndices(in: 0, below: 5, ignoring: -1))
  }

  func testSequencesAreFilledUpToTheLongestOfTheBatch() throws {
    let data = try SequenceDataset(
      tokens: [[1], [2, 3, 4], [5, 6]], vocabulary: 7, companions: [Tensor([Float(10), 20, 30])], filling: 0)
    let batch = data.batch(at: [2, 0], key: key)
    XCTAssertEqual(batch[0].shape, [2, 2])
    XCTAssertEqual(batch[0].doubles, [5, 6, 1, 0])
    XCTAssertEqual(batch[1].doubles, [2, 1])
    XCTAssertEqual(batch[2].doubles, [30, 10])
    let vectors = try SequenceDataset([Tensor.ones([1, 2]), Tensor.ones([2, 2])], filling: -1)
    XCTAssertEqual(vectors.batch(at: [0, 1], key: key)[0].doubles, [1, 1, -1, -1, 1, 1, 1, 1])
    assertAssayError(.data, saying: ["row 1", "token 9"]) { try SequenceDataset(tokens: [[1], [9]], vocabulary: 7) }
    assertAssayError(.data, saying: ["row 1", "empty"]) { try SequenceDataset(tokens: [[1], []], vocabulary: 7) }
    assertAssayError(.data, saying: ["row 1", "[3]"]) {
      try SequenceDataset([Tensor.ones([1, 2]), Tensor.ones([1, 3])])
    }
    assertAssayError(.data, saying: ["no rows"]) { try SequenceDataset(tokens: [], vocabulary: 7) }
    assertAssayError(.data, saying: ["companion 0"]) {
      try SequenceDataset(tokens: [[1]], vocabulary: 7, companions: [Tensor([Float(1), 2])])
    }
  }

  private func sequences(_ count: Int, seed: UInt64) throws -> SequenceDataset {
    var random = RandomKey(seed: seed).stream()
    return try SequenceDataset(
      tokens: (0..<count).map { _ in Array(repeating: 1, count: 1 + random.integer(below: 60)) }, vocabulary: 2)
  }

  func testEveryOrderTakesEveryRowOnce() throws {
    for seed in checkSeeds {
      for count in [1, 7, 64, 333] {
        let data = try sequences(count, seed: seed)
        for order in [BatchSampler.Order.given, .shuffled, .bucketed(pool: 4), .bucketed(pool: 1)] {
          let sampler = BatchSampler(batchSize: 8, order: order)
          let batches = try sampler.batches(of: data, key: RandomKey(seed: seed)[count])
          XCTAssertEqual(batches.flatMap { $0 }.sorted(), Array(0..<count), "\(order)")
          XCTAssertEqual(batches.count, sampler.batchCount(rows: count))
          XCTAssertTrue(batches.allSatisfy { !$0.isEmpty && $0.count <= 8 })
          guard count >= 8 else { continue }
          let whole = try BatchSampler(batchSize: 8, order: order, dropsLast: true).batches(
            of: data, key: RandomKey(seed: seed)[count])
          XCTAssertEqual(whole.count, count / 8)
          XCTAssertTrue(whole.allSatisfy { $0.count == 8 })
          XCTAssertEqual(Set(whole.flatMap { $0 }).count, count / 8 * 8)
        }
      }
    }
  }

  func testBucketsHoldRowsOfLikeLengthsAndChangeFromEpochToEpoch() throws {
    for seed in checkSeeds {
      let data = try sequences(512, seed: seed)
      func filled(_ order: BatchSampler.Order) throws -> Int {
        try BatchSampler(batchSize: 16, order: order).batches(of: data, key: RandomKey(seed: seed)).reduce(0) {
          sum, rows in
          let lengths = rows.compactMap { data.length(of: $0) }
          return sum + rows.count * (lengths.max() ?? 0) - lengths.reduce(0, +)
        }
      }
      XCTAssertLessThan(try filled(.bucketed(pool: 16)) * 4, try filled(.shuffled))
      let sampler = BatchSampler(batchSize: 16, order: .bucketed(pool: 8))
      let epochs = try (0..<2).map { try sampler.batches(of: data, key: RandomKey(seed: seed)[$0]) }
      XCTAssertNotEqual(epochs[0], epochs[1])
      XCTAssertEqual(epochs[0], try sampler.batches(of: data, key: RandomKey(seed: seed)[0]))
    }
  }

  func testShufflingDependsOnTheKeyAlone() throws {
    let data = try sequences(100, seed: 1)
    let sampler = BatchSampler(batchSize: 9)
    XCTAssertEqual(try sampler.batches(of: data, key: key), try sampler.batches(of: data, key: key))
    XCTAssertNotEqual(try sampler.batches(of: data, key: key), try sampler.batches(of: data, key: key[1]))
  }

  func testSettingsThatGiveNoBatch() throws {
    let data = try TensorDataset([[1], [2]], targets: [1, 2])
    assertAssayError(.data, saying: ["2 rows", "4"]) {
      try BatchSampler(batchSize: 4, dropsLast: true).batches(of: data, key: key)
    }
    assertAssayError(.configuration, saying: ["0 rows"]) { try BatchSampler(batchSize: 0).batches(of: data, key: key) }
    assertAssayError(.configuration, saying: ["no lengths"]) {
      try BatchSampler(order: .bucketed(pool: 2)).batches(of: data, key: key)
    }
    assertAssayError(.data, saying: ["no rows"]) {
      try BatchSampler().batches(of: ComputedDataset(count: 0) { _, _ in [] }, key: key)
    }
  }

  func testSplitsAndSubsets() throws {
    let data = try TensorDataset(Tensor((0..<50).map { Float($0) }))
    for seed in checkSeeds {
      let (first, second) = try data.split(share: 0.2, key: RandomKey(seed: seed))
      XCTAssertEqual(second.count, 10)
      XCTAssertEqual((first.rows + second.rows).sorted(), Array(0..<50))
      XCTAssertEqual(
        try second.batch(at: [0, 9], key: key)[0].doubles, [Double(second.rows[0]), Double(second.rows[9])])
    }
    assertAssayError(.data, saying: ["1 rows"]) { try data.subset([3]).split(share: 0.5, key: key) }
    let doubled = data.mapped { batch, _ in [batch[0] * 2] }
    XCTAssertEqual(try doubled.batch(at: [7, 3], key: key)[0].doubles, [14, 6])
  }

  func testPreparingAheadGivesTheSameRun() async throws {
    let data = try trianglePoints(90, seed: 3)
    let noisy = data.mapped { batch, key in
      [batch[0] + Tensor.uniform(batch[0].shape, key: key["noise"]) * 0.1, batch[1]]
    }
    for ahead in [1, 2, 7] {
      var trainer = Trainer(epochs: 3, batches: BatchSampler(batchSize: 8))
      trainer.prefetched = ahead
      let (here, there) = (SmallModel(), SmallModel())
      let plain = try fitHere(trainer, here, noisy)
      let result = try await trainer.fit(there, optimizer: Adam(), data: noisy, key: key, step: classify)
      XCTAssertEqual(here.bits, there.bits)
      XCTAssertEqual(plain.history.map(\.training), result.history.map(\.training))
      XCTAssertEqual(result.stepCount, 36)
    }
  }

  private func fitHere(_ trainer: Trainer, _ model: SmallModel, _ data: some Dataset) throws -> TrainingResult {
    try trainer.fit(model, optimizer: Adam(), data: data, key: key, step: classify)
  }

  func testAnErrorAheadSurfacesInItsPlace() async throws {
    let points = try trianglePoints(64, seed: 3)
    let data = ComputedDataset(count: 64) { rows, key in
      if rows.contains(40) { throw AssayError(.file, "the file is damaged", at: "row 40") }
      return points.batch(at: rows, key: key)
    }
    var trainer = Trainer(epochs: 1, batches: BatchSampler(batchSize: 8, order: .given))
    trainer.prefetched = 4
    let models = (SmallModel(), SmallModel())
    assertAssayError(.file, saying: ["row 40"]) { try fitHere(trainer, models.0, data) }
    do {
      try await trainer.fit(models.1, optimizer: Adam(), data: data, key: key, step: classify)
      XCTFail("no error was thrown")
    } catch let error as AssayError {
      XCTAssertEqual(error.place, "row 40")
    }
    XCTAssertEqual(models.0.bits, models.1.bits)
    XCTAssertNotEqual(models.0.bits, SmallModel().bits)
  }
}
