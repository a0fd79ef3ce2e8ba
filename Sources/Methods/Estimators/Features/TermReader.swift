import Basics
import Kernels
import Tables

/// The rows that a task of text work takes at a time; results do not depend on threads because it is fixed.
let textChunkRows = 4_096

/// The terms of a chunk of rows with their weights, row after row.
struct TermRows: Sendable {
  /// The end of each row in `terms` and `weights`.
  var ends: [Int] = []
  var terms: [Int32] = []
  var weights: [Float] = []

  /// The positions of a row.
  func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  /// Divides the weights of each row by their Euclidean length.
  mutating func normalise() {
    for row in ends.indices {
      let range = range(row)
      var squares = 0.0
      for position in range { squares += Double(weights[position]) * Double(weights[position]) }
      if squares > 0 {
        let scale = Float(1 / squares.squareRoot())
        for position in range { weights[position] *= scale }
      }
    }
  }

  /// Chunks of rows, turned into one column per term; terms within a row are distinct.
  static func columns(_ chunks: [TermRows], termCount: Int, sparse: Bool) -> [FeatureValues] {
    let rowCount = chunks.reduce(0) { $0 + $1.ends.count }
    if !sparse {
      var columns = [[Float]](repeating: Array(repeating: 0, count: rowCount), count: termCount)
      forEach(chunks) { row, term, weight in columns[term][row] = weight }
      return columns.map { .dense($0) }
    }
    var ends = [Int](repeating: 0, count: termCount + 1)
    for chunk in chunks { for term in chunk.terms { ends[Int(term) + 1] += 1 } }
    for term in 0..<termCount { ends[term + 1] += ends[term] }
    let starts = ends
    var rows = [Int32](repeating: 0, count: ends[termCount])
    var values = [Float](repeating: 0, count: ends[termCount])
    forEach(chunks) { row, term, weight in
      rows[ends[term]] = Int32(row)
      values[ends[term]] = weight
      ends[term] += 1
    }
    return (0..<termCount).map { term in
      let range = starts[term]..<starts[term + 1]
      if range.isEmpty { return .sparse(rows: [], values: []) }
      return .sparse(rows: Array(rows[range]), values: Array(values[range]))
    }
  }

  @inline(__always)
  static func forEach(_ chunks: [TermRows], _ body: (_ row: Int, _ term: Int, _ weight: Float) -> Void) {
    var first = 0
    for chunk in chunks {
      for row in chunk.ends.indices {
        for position in chunk.range(row) { body(first + row, Int(chunk.terms[position]), chunk.weights[position]) }
      }
      first += chunk.ends.count
    }
  }
}

extension TextValues {
  /// Runs `body` on fixed chunks of rows and returns the results in order.
  func mapChunks<Value: Sendable>(
    threads: Int, _ body: @Sendable (_ bytes: UnsafeBufferPointer<UInt8>, _ rows: Range<Int>) -> Value
  ) -> [Value] {
    let chunks = (count + textChunkRows - 1) / textChunkRows
    return parallelMap(chunks, threads: threads) { chunk in
      bytes.withUnsafeBufferPointer { body($0, chunk * textChunkRows..<Swift.min(count, (chunk + 1) * textChunkRows)) }
    }
  }

  /// The bytes of a row within the bytes of all rows; empty if missing.
  @inline(__always)
  func span(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row &- 1])..<ends[row] }
}

/// Calls `body` with the runs of characters of a word within a space at each end, marked by a first byte that no word
/// has.
func forEachCharacterRun(
  of word: UnsafeBufferPointer<UInt8>, lengths: ClosedRange<Int>, scratch: inout [UInt8],
  _ body: (UnsafeBufferPointer<UInt8>) -> Void
) {
  var padded: [UInt8] = [32]
  padded.append(contentsOf: word)
  padded.append(32)
  // The starts of the scalars, and the end.
  let starts = padded.indices.filter { padded[$0] & 0xC0 != 0x80 } + [padded.count]
  for length in lengths {
    guard starts.count > length else { break }
    for first in 0..<(starts.count - length) {
      scratch.removeAll(keepingCapacity: true)
      scratch.append(1)
      scratch.append(contentsOf: padded[starts[first]..<starts[first + length]])
      scratch.withUnsafeBufferPointer(body)
    }
  }
}
