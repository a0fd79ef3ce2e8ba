import Basics
import Kernels

/// Rows of a table, one for each index.
///
/// Its gradient adds each row's to the table's in the order of the indices, the same for any number of threads.
///
/// - Parameters:
///   - indices: Whole numbers of any shape, each a row of the table; another one stops the program, naming it.
///   - table: `[rows, width]`.
/// - Returns: The indices' shape and a last axis of `width`.
public func embedding(_ indices: Tensor, table: Tensor) -> Tensor {
  require(table.rank == 2, "embedding", "a table has two axes, not shape \(table.shape)")
  return table.gathered(at: indices)
}

/// How a bag of rows becomes one row.
public enum EmbeddingBagMode: String, Sendable, Codable, CaseIterable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// The largest of each column.
  case max
}

/// For each bag of indices the sum, mean or maximum of their rows of a table; zeros for an empty bag.
///
/// - Parameters:
///   - indices: Whole numbers, the bags one behind the other: `[indices]`.
///   - offsets: Where each bag begins, ascending, the first at 0: `[bags]`.
///   - table: `[rows, width]`.
///   - mode: The sum unless given.
/// - Returns: `[bags, width]`.
public func embeddingBag(
  _ indices: Tensor, offsets: Tensor, table: Tensor, mode: EmbeddingBagMode = .sum
) -> Tensor {
  require(
    table.rank == 2 && indices.rank == 1 && offsets.rank == 1, "embeddingBag",
    "indices of shape \(indices.shape), offsets of shape \(offsets.shape) and a table of shape \(table.shape)")
  if mode == .max {
    let segments = bagNumbers(offsets, count: indices.count)
    return segmentMax(embedding(indices, table: table), segments: segments, count: offsets.count)
  }
  return apply(one: EmbeddingBag(isMean: mode == .mean), table, indices, offsets)
}

/// Sums or means of bags of rows, without the rows in memory.
struct EmbeddingBag: Operation {
  let isMean: Bool
  var name: String { "embeddingBag" }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (table, offsets) = (inputs[0], inputs[2].cast(to: .int64))
    require(table.type == .float32, name, "there is no \(name) of \(table.type)")
    let indices = inputs[1].checkedIndices(below: table.shape[0], name)
    checkOffsets(offsets, count: indices.count)
    let (bags, width) = (offsets.count, table.shape[1])
    let result = Tensor(uninitialized: [bags, width], .float32, for: name)
    let (places, starts) = (indices.pointer(Int64.self), offsets.pointer(Int64.self))
    let (source, target) = (table.floats, result.floats)
    withExtendedLifetime((indices, offsets)) {
      forEachPart(of: bags, grain: max(1, 16_384 / max(1, width * (indices.count / max(1, bags) + 1)))) { part in
        for bag in part {
          let sum = target + bag * width
          let end = bag + 1 < bags ? Int(starts[bag + 1]) : indices.count
          sum.update(repeating: 0, count: width)
          for index in Int(starts[bag])..<end {
            let row = source + Int(places[index]) * width
            for i in 0..<width { sum[i] += row[i] }
          }
          guard isMean else { continue }
          let share = 1 / Float(max(1, end - Int(starts[bag])))
          for i in 0..<width { sum[i] *= share }
        }
      }
    }
    return [result]
  }

  func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let segments = bagNumbers(inputs[2], count: inputs[1].count)
    let rows = embedding(inputs[1], table: inputs[0])
    return [
      isMean
        ? segmentMean(rows, segments: segments, count: inputs[2].count)
        : segmentSum(rows, segments: segments, count: inputs[2].count)
    ]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0], call.needs[0] else { return [nil, nil, nil] }
    let segments = bagNumbers(call.inputs[2], count: call.inputs[1].count)
    var rows = g
    if isMean {
      let sizes = segmentSum(.ones([segments.count]), segments: segments, count: g.shape[0])
      rows = g / maximum(sizes, 1).expanded(axis: 1)
    }
    let scatter = ScatterAdd(axis: 0, size: call.inputs[0].shape[0])
    return [apply(one: scatter, rows.gathered(at: segments), call.inputs[1]), nil, nil]
  }
}

private func checkOffsets(_ offsets: Tensor, count: Int) {
  var last: Int64 = 0
  for (bag, start) in offsets.values(Int64.self).enumerated() {
    require(
      start >= last && start <= count && (bag > 0 || start == 0), "embeddingBag",
      "bag \(bag) cannot begin at \(start): offsets ascend from 0 to at most the \(count) indices")
    last = start
  }
  require(offsets.count > 0 || count == 0, "embeddingBag", "there are \(count) indices but no bags")
}

/// The bag of each index.
private func bagNumbers(_ offsets: Tensor, count: Int) -> Tensor {
  apply(one: BagNumbers(count: count), offsets)
}

/// The bag of each index, from where the bags begin.
struct BagNumbers: Operation {
  /// The indices in all bags.
  let count: Int
  var name: String { "bagNumbers" }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let offsets = inputs[0].cast(to: .int64)
    checkOffsets(offsets, count: count)
    let starts = offsets.values(Int64.self)
    var numbers: [Int64] = []
    numbers.reserveCapacity(count)
    for bag in starts.indices {
      let end = bag + 1 < starts.count ? starts[bag + 1] : Int64(count)
      numbers.append(contentsOf: repeatElement(Int64(bag), count: Int(end - starts[bag])))
    }
    return [Tensor(numbers)]
  }
}
