import Basics
import Kernels
import Tables

/// Finds texts that nearly equal others by their sets of words: MinHash signatures, compared where a band of four
/// agrees (Broder 1997; locality-sensitive hashing as in Leskovec, Rajaraman and Ullman 2014, chapter 3).
struct NearTexts: Sendable {
  private static let bands = 6
  private static let perBand = 4
  let key: RandomKey
  let threads: Int

  /// The share of test texts that share four words of five with a training text; nil where texts are alike by chance:
  /// unless most have eight words or more, and two drawn at random share few.
  func shareAlike(_ training: TextValues, _ test: TextValues) -> Double? {
    let lengths = (0..<min(500, training.count)).map { words(training, $0).count }
    guard test.count > 0, lengths.count > 0, 2 * lengths.count(where: { $0 >= 8 }) > lengths.count else { return nil }
    let known = signatures(training)
    let asked = signatures(test)
    let width = Self.bands * Self.perBand
    func equalParts(_ row: Int, _ other: Int) -> Int {
      (0..<width).count { known[other * width + $0] == asked[row * width + $0] }
    }
    let atRandom = (0..<min(1000, test.count)).map { equalParts($0, ($0 &* 7919) % training.count) }
    guard 5 * atRandom.reduce(0, +) < width * atRandom.count else { return nil }
    var found = [Bool](repeating: false, count: test.count)
    for band in 0..<Self.bands {
      var first = [UInt64: Int32](minimumCapacity: training.count)
      for row in 0..<training.count {
        guard let hash = self.band(known, row, band), first[hash] == nil else { continue }
        first[hash] = Int32(row)
      }
      for row in 0..<test.count where !found[row] {
        guard let hash = self.band(asked, row, band), let other = first[hash] else { continue }
        found[row] = 5 * equalParts(row, Int(other)) >= 4 * width
      }
    }
    return Double(found.count { $0 }) / Double(test.count)
  }

  /// The hash of a band of a row's signature; nil for rows without words.
  private func band(_ signatures: [UInt64], _ row: Int, _ band: Int) -> UInt64? {
    let start = row * Self.bands * Self.perBand + band * Self.perBand
    if signatures[start] == .max { return nil }
    return (0..<Self.perBand).reduce(UInt64(band)) { RandomKey.mix($0 &+ signatures[start + $1]) }
  }

  /// For each row, the least hash of its words under each of the hash functions; all ones without words.
  private func signatures(_ texts: TextValues) -> [UInt64] {
    let width = Self.bands * Self.perBand
    let chunk = 4096
    return parallelMap((texts.count + chunk - 1) / chunk, threads: threads) { part in
      var result: [UInt64] = []
      for row in part * chunk..<min(texts.count, (part + 1) * chunk) {
        var least = [UInt64](repeating: .max, count: width)
        for word in words(texts, row) {
          for i in 0..<width { least[i] = min(least[i], RandomKey.mix(word ^ key.word(at: UInt64(i)))) }
        }
        result += least
      }
      return result
    }.flatMap { $0 }
  }

  /// The hashes of a text's words: runs of letters and digits, ASCII letters in lower case.
  private func words(_ texts: TextValues, _ row: Int) -> [UInt64] {
    var result: [UInt64] = []
    var hash: UInt64 = 0
    for byte in texts.utf8(row) {
      let isUpper = byte >= 65 && byte <= 90
      let isWord = isUpper || (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte >= 128
      if isWord {
        hash =
          ((hash == 0 ? 0xCBF2_9CE4_8422_2325 : hash) ^ UInt64(isUpper ? byte + 32 : byte)) &* 0x0000_0100_0000_01B3
      } else if hash != 0 {
        result.append(hash)
        hash = 0
      }
    }
    return hash == 0 ? result : result + [hash]
  }
}
