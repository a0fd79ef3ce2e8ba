import Foundation
import Kernels
import Tables

/// TF-IDF: the weight of a term in a row is its count c, or 1 + ln c, times ln((1 + n) / (1 + d)) + 1, where n is the
/// number of training rows and d the number of those with the term; rows may be divided by their Euclidean length.
struct TermWeights: Sendable, Codable {
  let vocabulary: TermVocabulary
  private let rarities: [Double]
  private let sublinear: Bool
  private let normalised: Bool

  init(_ vocabulary: TermVocabulary, documents: [Int], rowCount: Int, sublinear: Bool, normalised: Bool) {
    self.vocabulary = vocabulary
    rarities = documents.map { log((1 + Double(rowCount)) / (1 + Double($0))) + 1 }
    self.sublinear = sublinear
    self.normalised = normalised
  }

  func rows(_ texts: TextValues, threads: Int) -> [TermRows] {
    var chunks = vocabulary.count(texts, threads: threads)
    for chunk in chunks.indices {
      for position in chunks[chunk].terms.indices {
        let count = Double(chunks[chunk].weights[position])
        let frequency = sublinear && count > 1 ? 1 + log(count) : count
        chunks[chunk].weights[position] = Float(frequency * rarities[Int(chunks[chunk].terms[position])])
      }
      if normalised { chunks[chunk].normalise() }
    }
    return chunks
  }
}

/// Feature hashing (Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009): each term is
/// added to one of 2^bits features, with a sign, both by its hash. Features that no training row touches are left out.
struct TermHashing: Sendable, Codable {
  /// The hashed features that are kept, ascending.
  let buckets: [Int32]
  private let settings: FeaturePlan.Texts

  /// Learns which features the training rows touch.
  static func fit(_ texts: TextValues, settings: FeaturePlan.Texts, threads: Int) -> (TermHashing, [TermRows]) {
    var rows = hash(texts, settings: settings, threads: threads)
    var isUsed = [Bool](repeating: false, count: 1 << settings.hashBits)
    for chunk in rows { for term in chunk.terms { isUsed[Int(term)] = true } }
    let hashing = TermHashing(
      buckets: isUsed.indices.filter { isUsed[$0] }.map(Int32.init), settings: settings)
    hashing.renumber(&rows)
    return (hashing, rows)
  }

  func rows(_ texts: TextValues, threads: Int) -> [TermRows] {
    var rows = TermHashing.hash(texts, settings: settings, threads: threads)
    renumber(&rows)
    return rows
  }

  /// From buckets to positions among the kept ones; what is not kept is dropped.
  private func renumber(_ chunks: inout [TermRows]) {
    var position = [Int32](repeating: -1, count: 1 << settings.hashBits)
    for (index, bucket) in buckets.enumerated() { position[Int(bucket)] = Int32(index) }
    for chunk in chunks.indices {
      var kept = TermRows()
      for row in chunks[chunk].ends.indices {
        for place in chunks[chunk].range(row) {
          let term = position[Int(chunks[chunk].terms[place])]
          guard term >= 0 else { continue }
          kept.terms.append(term)
          kept.weights.append(chunks[chunk].weights[place])
        }
        kept.ends.append(kept.terms.count)
      }
      chunks[chunk] = kept
    }
  }

  private static func hash(_ texts: TextValues, settings: FeaturePlan.Texts, threads: Int) -> [TermRows] {
    texts.mapChunks(threads: threads) { bytes, rows in
      var result = TermRows()
      var splitter = WordSplitter()
      var scratch: [UInt8] = []
      var words: [UInt64] = []
      var terms: [UInt64] = []
      for row in rows {
        words.removeAll(keepingCapacity: true)
        terms.removeAll(keepingCapacity: true)
        splitter.split(UnsafeBufferPointer(rebasing: bytes[texts.span(row)])) { word in
          words.append(stableHash(word))
          guard let lengths = settings.characterRuns else { return }
          forEachCharacterRun(of: word, lengths: lengths, scratch: &scratch) { terms.append(stableHash($0)) }
        }
        for start in words.indices {
          var hash = words[start]
          terms.append(hash)
          for next in words[(start + 1)...].prefix(settings.longestWordRun - 1) {
            hash = (hash &* 0x9E37_79B9_7F4A_7C15) ^ next
            terms.append(hash)
          }
        }
        terms.sort()
        result.appendHashed(terms, bits: settings.hashBits, sublinear: settings.sublinear)
      }
      if settings.normalised { result.normalise() }
      return result
    }
  }
}

extension TermRows {
  /// Adds a row from the sorted hashes of its terms.
  fileprivate mutating func appendHashed(_ hashes: [UInt64], bits: Int, sublinear: Bool) {
    var found: [(bucket: Int32, weight: Double)] = []
    var start = 0
    while start < hashes.count {
      var end = start + 1
      while end < hashes.count, hashes[end] == hashes[start] { end += 1 }
      let count = Double(end - start)
      let weight = sublinear ? 1 + log(count) : count
      found.append((Int32(hashes[start] >> UInt64(64 - bits)), hashes[start] & 1 == 0 ? weight : -weight))
      start = end
    }
    // Sorted by hash means sorted by bucket, for a bucket is the leading bits.
    let first = terms.count
    for (bucket, weight) in found {
      if terms.count > first, terms[terms.count - 1] == bucket {
        weights[weights.count - 1] += Float(weight)
      } else {
        terms.append(bucket)
        weights.append(Float(weight))
      }
    }
    ends.append(terms.count)
  }
}
