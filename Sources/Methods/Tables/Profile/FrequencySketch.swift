/// The most frequent values of a stream in little memory.
///
/// Each value that occurs in more than one of `capacity` rows is kept; its count is too low by at most that share of
/// the rows. Up to `capacity` distinct values the counts are exact. After Misra and Gries, "Finding repeated elements"
/// (1982).
struct FrequencySketch: Sendable {
  private static let capacity = 4096
  private var counts: [UInt64: (count: Int, text: String, rank: Int)] = [:]
  private var nextRank = 0

  /// Adds a number of occurrences of the value with that hash; its text is asked for only when it is new.
  mutating func insert(_ hash: UInt64, count: Int = 1, text: () -> String) {
    if let index = counts.index(forKey: hash) {
      counts.values[index].count += count
      return
    }
    if counts.count >= FrequencySketch.capacity {
      let least = min(count, counts.values.reduce(Int.max) { min($0, $1.count) })
      for key in counts.keys { counts[key]?.count -= least }
      counts = counts.filter { $0.value.count > 0 }
      if count == least { return }
      add(hash, count - least, text())
      return
    }
    add(hash, count, text())
  }

  private mutating func add(_ hash: UInt64, _ count: Int, _ text: String) {
    counts[hash] = (count, text, nextRank)
    nextRank += 1
  }

  /// The values that are kept, in the order in which they came.
  var texts: [String] { counts.values.sorted { $0.rank < $1.rank }.map(\.text) }

  /// The most frequent values that occur more than once, or all if there are few; earlier ones first among equals.
  func top(_ count: Int) -> [ColumnProfile.Frequency] {
    counts.values.filter { $0.count > 1 || counts.count <= count }
      .sorted { ($1.count, $0.rank) < ($0.count, $1.rank) }.prefix(count)
      .map { ColumnProfile.Frequency(value: $0.text, count: $0.count) }
  }
}
