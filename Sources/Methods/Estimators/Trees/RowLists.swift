import CKernels
import Kernels

/// The rows of every leaf of a growing tree, next to each other in one list, in ascending order within a leaf.
final class RowLists: @unchecked Sendable {
  // Tasks write disjoint stretches of the buffers.
  let list: AlignedBuffer<UInt32>
  private let leftScratch: AlignedBuffer<UInt32>
  private let rightScratch: AlignedBuffer<UInt32>
  private static let chunk = 1 << 15

  init(capacity: Int) {
    list = AlignedBuffer(count: capacity)
    leftScratch = AlignedBuffer(count: capacity)
    rightScratch = AlignedBuffer(count: capacity)
  }

  /// Moves the rows of `start ..< start + count` whose bin is in the set to the front; returns their number.
  func partition(
    start: Int, count: Int, column: UnsafePointer<UInt8>, set: SIMD8<UInt32>, threads: Int
  ) -> Int {
    var words = [UInt32](repeating: 0, count: 8)
    for k in 0..<8 { words[k] = set[k] }
    let rows = list.pointer + start
    if threads == 1 || count < 2 * Self.chunk {
      let left = assay_partition(column, rows, count, words, rows, rightScratch.pointer + start)
      (rows + left).update(from: rightScratch.pointer + start, count: count - left)
      return left
    }
    return partitionInChunks(start: start, count: count, column: ColumnPointer(column), words: words, threads: threads)
  }

  private struct ColumnPointer: @unchecked Sendable {
    let pointer: UnsafePointer<UInt8>
    init(_ pointer: UnsafePointer<UInt8>) { self.pointer = pointer }
  }

  private func partitionInChunks(
    start: Int, count: Int, column: ColumnPointer, words: [UInt32], threads: Int
  ) -> Int {
    let chunk = Self.chunk
    let chunks = (count + chunk - 1) / chunk
    let lefts = AlignedBuffer<Int>(count: chunks)
    let size: @Sendable (Int) -> Int = { min(chunk, count - $0 * chunk) }
    parallel(chunks, threads: threads) { [self] index in
      let at = start + index * chunk
      lefts[index] = assay_partition(
        column.pointer, list.pointer + start + index * chunk, size(index), words, leftScratch.pointer + at,
        rightScratch.pointer + at)
    }
    let leftCount = lefts.values.reduce(0, +)
    var leftStarts: [Int] = []
    var rightStarts: [Int] = []
    var left = start
    var right = start + leftCount
    for index in 0..<chunks {
      leftStarts.append(left)
      rightStarts.append(right)
      left += lefts[index]
      right += size(index) - lefts[index]
    }
    let (toLeft, toRight) = (leftStarts, rightStarts)
    parallel(chunks, threads: threads) { [self] index in
      let at = start + index * chunk
      (list.pointer + toLeft[index]).update(from: leftScratch.pointer + at, count: lefts[index])
      (list.pointer + toRight[index]).update(from: rightScratch.pointer + at, count: size(index) - lefts[index])
    }
    return leftCount
  }
}
