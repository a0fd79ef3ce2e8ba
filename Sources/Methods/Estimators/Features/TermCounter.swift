import Basics
import Kernels
import Tables

/// Counts in how many training rows each term occurs, and chooses a vocabulary.
struct TermCounter {
  /// What was found in a chunk of rows, words numbered as in the chunk.
  private struct Chunk: Sendable {
    var table = WordTable()
    var words: [Int32] = []
    var wordEnds: [Int] = []
    var pieces: [Int32] = []
    var pieceEnds: [Int] = []
  }

  private let settings: FeaturePlan.Texts
  private let rowCount: Int
  private var words = WordTable()
  private var runs = PairTable()
  /// The rows in which each node occurs, words first.
  private var documents: [Int32] = []
  /// The sum over those rows of each output of the target, node after node; empty if not asked for.
  private var targetSums: [Double] = []
  private let outputs: [TargetContext.Output]
  /// The mean and variance of each output.
  private let moments: [(mean: Double, variance: Double)]

  /// Counts the terms of the training rows; `context` is given when informative terms are to be chosen.
  init(_ texts: TextValues, settings: FeaturePlan.Texts, context: TargetContext?, threads: Int) {
    self.settings = settings
    rowCount = texts.count
    let rows = Double(texts.count)
    outputs = context?.outputs ?? []
    moments = outputs.map { output in
      let mean = output.values.reduce(0, +) / rows
      return (mean, output.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / rows)
    }
    let chunks = TermCounter.read(texts, settings: settings, threads: threads)
    let numbers = chunks.map { chunk in
      (0..<chunk.table.count).map { chunk.table.withWord($0) { words.insert($0) } }
    }
    documents = Array(repeating: 0, count: words.count)
    targetSums = Array(repeating: 0, count: words.count * outputs.count)
    countNodes(chunks) { chunk, row, add in
      for position in TermCounter.range(chunks[chunk].wordEnds, row) {
        add(numbers[chunk][Int(chunks[chunk].words[position])])
      }
      for position in TermCounter.range(chunks[chunk].pieceEnds, row) {
        add(numbers[chunk][Int(chunks[chunk].pieces[position])])
      }
    }
    guard settings.longestWordRun > 1 else { return }
    // A run is in no more rows than its first words: what is too rare is not continued.
    let minimum = Int32(settings.minimumDocuments)
    var prefixes = chunks.indices.map { chunk in chunks[chunk].words.map { numbers[chunk][Int($0)] } }
    for length in 2...settings.longestWordRun {
      let wordCount = Int32(words.count)
      for chunk in chunks.indices {
        for row in chunks[chunk].wordEnds.indices {
          let range = TermCounter.range(chunks[chunk].wordEnds, row)
          for position in range {
            let next = position + length - 1
            let prefix = prefixes[chunk][position]
            prefixes[chunk][position] = -1
            guard prefix >= 0, next < range.upperBound, documents[Int(prefix)] >= minimum else { continue }
            let word = numbers[chunk][Int(chunks[chunk].words[next])]
            if documents[Int(word)] >= minimum { prefixes[chunk][position] = wordCount + runs.insert(prefix, word) }
          }
        }
      }
      let nodes = words.count + runs.count
      documents += Array(repeating: 0, count: nodes - documents.count)
      targetSums += Array(repeating: 0, count: nodes * outputs.count - targetSums.count)
      countNodes(chunks) { chunk, row, add in
        for position in TermCounter.range(chunks[chunk].wordEnds, row) where prefixes[chunk][position] >= 0 {
          add(prefixes[chunk][position])
        }
      }
    }
  }

  /// The most frequent terms, `limit` at most; of these the `informative` ones that tell most about the target. Returns
  /// the vocabulary, the texts of the terms in order, and the rows each is in.
  func vocabulary(limit: Int, informative: Int?) -> (vocabulary: TermVocabulary, texts: [String], documents: [Int]) {
    let maximum = settings.maximumDocumentShare * Double(rowCount)
    var candidates = documents.indices.filter {
      Int(documents[$0]) >= settings.minimumDocuments && Double(documents[$0]) <= maximum
    }
    candidates = largest(limit, of: candidates) { Double(documents[$0]) }
    if let informative { candidates = largest(informative, of: candidates, by: information) }
    let named = candidates.map { (text: text($0), node: $0) }.sorted { $0.text < $1.text }
    return (vocabulary(of: named.map(\.node)), named.map(\.text), named.map { Int(documents[$0.node]) })
  }

  /// The nodes of the highest scores; equal scores are chosen between by hash, for the order of rows must not matter.
  private func largest(_ limit: Int, of nodes: [Int], by score: (Int) -> Double) -> [Int] {
    guard nodes.count > limit else { return nodes }
    let scored = nodes.map { (score: score($0), hash: hash($0), node: $0) }.sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.hash < $1.hash
    }
    return scored.prefix(limit).map(\.node)
  }

  private func hash(_ node: Int) -> UInt64 {
    guard node >= words.count else { return words.withWord(node) { stableHash($0) } }
    let (prefix, word) = runs.pair(node - words.count)
    return RandomKey.mix(hash(Int(prefix)) &* 3 &+ hash(Int(word)))
  }

  /// How far the mean of the target in the rows with a term is from the overall mean: the chi-square statistic with one
  /// degree of freedom, summed over outputs.
  private func information(_ node: Int) -> Double {
    let rows = Double(documents[node])
    let all = Double(rowCount)
    guard rows < all else { return 0 }
    var total = 0.0
    for (position, moment) in moments.enumerated() where moment.variance > 0 {
      let difference = targetSums[node * outputs.count + position] / rows - moment.mean
      total += difference * difference * rows / (moment.variance * (1 - rows / all))
    }
    return total
  }

  private func text(_ node: Int) -> String {
    if node >= words.count {
      let (prefix, word) = runs.pair(node - words.count)
      return text(Int(prefix)) + " " + text(Int(word))
    }
    let word = words.text(node)
    return word.utf8.first == 1 ? "\"" + word.dropFirst() + "\"" : word
  }

  /// Keeps the words and runs that these nodes need.
  private func vocabulary(of nodes: [Int]) -> TermVocabulary {
    var needed = Set<Int>()
    func need(_ node: Int) {
      guard needed.insert(node).inserted, node >= words.count else { return }
      let (prefix, word) = runs.pair(node - words.count)
      need(Int(prefix))
      need(Int(word))
    }
    nodes.forEach(need)
    let kept = needed.sorted()
    var keptWords = WordTable()
    var keptRuns = PairTable()
    var newNode: [Int: Int32] = [:]
    let keptWordCount = Int32(kept.prefix { $0 < words.count }.count)
    for node in kept {
      if node < words.count {
        newNode[node] = words.withWord(node) { keptWords.insert($0) }
      } else {
        let (prefix, word) = runs.pair(node - words.count)
        let run = keptRuns.insert(newNode[Int(prefix), default: -1], newNode[Int(word), default: -1])
        newNode[node] = keptWordCount + run
      }
    }
    var termOfNode = [Int32](repeating: -1, count: kept.count)
    for (term, node) in nodes.enumerated() { termOfNode[Int(newNode[node, default: 0])] = Int32(term) }
    return TermVocabulary(
      termCount: nodes.count, words: keptWords, runs: keptRuns, termOfNode: termOfNode,
      longestWordRun: settings.longestWordRun, characterRuns: settings.characterRuns)
  }

  /// Adds each row once to every node that `nodes` calls `add` with.
  private mutating func countNodes(
    _ chunks: [Chunk], _ nodes: (_ chunk: Int, _ row: Int, _ add: (Int32) -> Void) -> Void
  ) {
    var lastRow = [Int32](repeating: -1, count: documents.count)
    var row: Int32 = 0
    for chunk in chunks.indices {
      for rowInChunk in chunks[chunk].wordEnds.indices {
        nodes(chunk, rowInChunk) { node in
          let node = Int(node)
          if lastRow[node] == row { return }
          lastRow[node] = row
          documents[node] += 1
          for position in outputs.indices {
            targetSums[node * outputs.count + position] += outputs[position].values[Int(row)]
          }
        }
        row += 1
      }
    }
  }

  private static func range(_ ends: [Int], _ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  private static func read(_ texts: TextValues, settings: FeaturePlan.Texts, threads: Int) -> [Chunk] {
    texts.mapChunks(threads: threads) { bytes, rows in
      var chunk = Chunk()
      var splitter = WordSplitter()
      var scratch: [UInt8] = []
      for row in rows {
        splitter.split(UnsafeBufferPointer(rebasing: bytes[texts.span(row)])) { word in
          chunk.words.append(chunk.table.insert(word))
          guard let lengths = settings.characterRuns else { return }
          forEachCharacterRun(of: word, lengths: lengths, scratch: &scratch) {
            chunk.pieces.append(chunk.table.insert($0))
          }
        }
        chunk.wordEnds.append(chunk.words.count)
        chunk.pieceEnds.append(chunk.pieces.count)
      }
      return chunk
    }
  }
}
