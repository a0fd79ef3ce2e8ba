import Basics
import Kernels
import Tables

/// The terms that become features: words, runs of words, runs of characters.
///
/// Words and runs are nodes: a word is a node, and a node followed by a word is a node. A node may be a term.
struct TermVocabulary: Sendable, Codable {
  /// The number of terms.
  let termCount: Int
  let words: WordTable
  let runs: PairTable
  /// The term of each node (words first, then runs), -1 for none.
  let termOfNode: [Int32]
  let longestWordRun: Int
  let characterRuns: ClosedRange<Int>?

  /// Counts the terms of each row; a weight is a count.
  func count(_ texts: TextValues, threads: Int) -> [TermRows] {
    texts.mapChunks(threads: threads) { bytes, rows in
      var result = TermRows()
      var splitter = WordSplitter()
      var scratch: [UInt8] = []
      var counts = [Float](repeating: 0, count: termCount)
      var found: [Int32] = []
      var sequence: [Int32] = []
      for row in rows {
        let text = UnsafeBufferPointer(rebasing: bytes[texts.span(row)])
        found.removeAll(keepingCapacity: true)
        sequence.removeAll(keepingCapacity: true)
        splitter.split(text) { word in
          sequence.append(words.find(word))
          guard let characterRuns else { return }
          forEachCharacterRun(of: word, lengths: characterRuns, scratch: &scratch) { run in
            let node = words.find(run)
            if node >= 0, termOfNode[Int(node)] >= 0 { found.append(termOfNode[Int(node)]) }
          }
        }
        appendTerms(of: sequence, to: &found)
        result.append(found, counts: &counts)
      }
      return result
    }
  }

  @inline(__always)
  private func appendTerms(of sequence: [Int32], to found: inout [Int32]) {
    let wordCount = Int32(words.count)
    for start in sequence.indices {
      var node = sequence[start]
      var end = start + 1
      while node >= 0 {
        let term = termOfNode[Int(node)]
        if term >= 0 { found.append(term) }
        guard end < sequence.count, end - start < longestWordRun, sequence[end] >= 0 else { break }
        let run = runs.find(node, sequence[end])
        node = run < 0 ? -1 : wordCount + run
        end += 1
      }
    }
  }
}

extension TermRows {
  /// Adds a row from its terms with repetitions; `counts` is zero for every term before and after.
  fileprivate mutating func append(_ found: [Int32], counts: inout [Float]) {
    for term in found {
      if counts[Int(term)] == 0 { terms.append(term) }
      counts[Int(term)] += 1
    }
    for term in terms[(ends.last ?? 0)...] {
      weights.append(counts[Int(term)])
      counts[Int(term)] = 0
    }
    ends.append(terms.count)
  }
}
