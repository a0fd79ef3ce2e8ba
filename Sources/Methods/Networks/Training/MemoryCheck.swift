import Basics
import Kernels
import Tensors

/// What a step of training needs, from steps on one row and on some: a part that each row adds, and a part that is always
/// there.
struct StepMemory {
  /// The bytes of a step on one row, and of one on `rows`.
  let oneRow: Int
  let someRows: Int
  let rows: Int
  /// What is needed besides the step: the optimiser's memory, averaged and best weights.
  let besides: Int

  private var perRow: Double { Double(max(someRows - oneRow, 1)) / Double(max(rows - 1, 1)) }

  /// The bytes of a step on a batch of some rows.
  func bytes(rows: Int) -> Double { Double(besides) + Double(oneRow) + perRow * Double(max(rows - 1, 0)) }

  /// The largest batch that fits into a number of bytes; 0 if none does.
  func largestBatch(within limit: Int) -> Int {
    let room = Double(limit) - bytes(rows: 1)
    return room < 0 ? 0 : 1 + Int(min(room / perRow, 1e9))
  }
}

extension TrainingRun {
  /// Refuses a batch size whose step would take more memory than there is, before the first step.
  ///
  /// A step on one row says how many rows may be tried next: the more, the less the estimate is blurred by what does not
  /// depend on the rows. Rows of the greatest length are tried where rows have lengths. Other work in the process can make the measurement
  /// too large, never too small, so it is repeated before anything is refused.
  func checkMemory() throws {
    let rows = min(trainer.batches.batchSize, data.count)
    let limit = trainer.memoryLimit ?? availableMemory()
    let longest = longestRows()
    var least: StepMemory?
    for _ in 0..<3 {
      let measured = try measure(longest)
      if measured.bytes(rows: rows) < least?.bytes(rows: rows) ?? .infinity { least = measured }
      if measured.bytes(rows: rows) <= Double(limit) { return }
    }
    guard let least else { return }
    let largest = least.largestBatch(within: limit)
    throw AssayError(
      .resource,
      "a step on a batch of \(rows) rows would take about \(memoryText(least.bytes(rows: rows))) for tensors, "
        + "of which \(memoryText(Double(limit))) can be had (one row takes \(memoryText(Double(least.oneRow))), "
        + "\(least.rows) take \(memoryText(Double(least.someRows))), the weights' companions \(memoryText(Double(least.besides))))",
      at: "batch size",
      remedy: largest > 0
        ? "choose a batch size of at most \(largest), and accumulate gradients over several batches if you like"
        : "choose a smaller model, or shorter rows")
  }

  /// The bytes that tensors may take: the machine's, without what other parts of the process hold.
  private func availableMemory() -> Int {
    let usage = MemoryPool.shared.usage
    let resident = Int((ResourceUse.currentMemory ?? 0) * 1e6)
    return MachineMemory.limit - max(0, resident - usage.inUse - usage.cached) - usage.inUse
  }

  /// Some rows, the longest ones where rows have lengths.
  private func longestRows() -> [Int] {
    let count = min(64, trainer.batches.batchSize, data.count)
    guard data.length(of: 0) != nil else { return Array(0..<count) }
    let lengths = (0..<data.count).map { data.length(of: $0) ?? 0 }
    return Array(lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }.prefix(count))
  }

  private func measure(_ rows: [Int]) throws -> StepMemory {
    let statistics = untrainable()
    defer { restore(statistics) }
    func peak(_ count: Int) throws -> Int {
      MemoryPool.shared.resetPeak()
      let before = MemoryPool.shared.usage.inUse
      let batch = try data.batch(at: Array(rows.prefix(count)), key: key["memory"])
      try checkBatch(batch, rows: Array(rows.prefix(count)), "training data")
      // Batches that are prepared ahead lie there too.
      let ahead = batch.reduce(0) { $0 + $1.count * $1.type.byteCount } * trainer.prefetched
      // On one thread, because how much scratch several hold at one time is a matter of chance.
      _ = try Compute.$threads.withValue(1) { try gradients(batch, .training(key["memory"])) }
      return MemoryPool.shared.usage.peak - before + ahead
    }
    let first = try peak(1)
    let count = min(rows.count, max(2, availableMemory() / max(2 * first, 1)))
    let some = count > 1 ? try peak(count) : first
    let trained = parameters.reduce(0) { sum, named in
      let bytes = named.parameter.shape.reduce(1, *) * named.parameter.type.byteCount
      return sum + (named.parameter.isTrainable ? bytes : 0)
    }
    // Two tensors per weight for the optimiser, as for Adam.
    let companions = 2 + (average == nil ? 0 : 1) + (validation == nil || !trainer.restoresBest ? 0 : 1)
    return StepMemory(oneRow: first, someRows: some, rows: count, besides: companions * trained)
  }
}

/// Bytes as a reader likes them: "1.5 GB".
private func memoryText(_ bytes: Double) -> String {
  let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
  guard let (name, size) = units.first(where: { bytes >= $0.1 }) else { return "\(Int(bytes)) bytes" }
  return "\((bytes / size * 10).rounded() / 10) \(name)"
}
