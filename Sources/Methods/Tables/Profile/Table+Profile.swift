import Basics
import Kernels

extension Table {
  /// What the table holds: each column by itself, rows that repeat, columns that equal each other.
  ///
  /// Quantiles interpolate linearly between the sorted values; they, mean and deviation are over finite values.
  /// Columns with at most one value are not compared. Cost: O(n log n) per column.
  ///
  /// - Parameters:
  ///   - time: the column by which rows are ordered to measure drift; nil for no drift.
  ///   - threads: at most this many threads work; the result does not depend on it.
  /// - Throws: a `schema` error if there is no such time column.
  public func profile(time: String? = nil, threads: Int = 1) throws -> TableProfile {
    let thirds = try time.map { try Drift.Thirds(column($0)) }
    let columns = columns
    let profiles = parallelMap(columns.count, threads: threads) { position in
      var profile = ColumnProfile(columns[position])
      if columns[position].name != time { profile.drift = thirds?.index(of: columns[position]) }
      return profile
    }
    let hashes = parallelMap(columns.count, threads: threads) { columns[$0].hash() }
    var rows = RowHashes()
    for column in columns { rows.mix(column) }
    return TableProfile(
      rowCount: rowCount, columns: profiles, repeatedRows: rowCount - Set(rows.hashes).count,
      duplicateColumns: TableProfile.duplicates(profiles, hashes))
  }
}

extension TableProfile {
  /// The pairs of columns with equal hashes, each with the first column of its group.
  static func duplicates(_ profiles: [ColumnProfile], _ hashes: [UInt64]) -> [[String]] {
    var first: [UInt64: String] = [:]
    var pairs: [[String]] = []
    for (profile, hash) in zip(profiles, hashes) where profile.distinct > 1 {
      if let earlier = first[hash] { pairs.append([earlier, profile.name]) } else { first[hash] = profile.name }
    }
    return pairs
  }
}

extension ColumnProfile {
  /// The probabilities of `quantiles`.
  static let probabilities = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
  /// The most values in `topValues`.
  static let topCount = 10

  /// Looks at all values of a column.
  init(_ column: Column) {
    self.init(name: column.name, kind: column.kind, missing: column.missingCount, distinct: 0)
    switch column.values {
    case .integer(let v): describe(numbers: column.numbers(), exact: v.filter { $0 != Column.missingInteger })
    case .dateTime(let v):
      describe(numbers: column.numbers(), exact: v.filter { $0 != Column.missingInteger })
      if let dates = column.dates, dates.isGuess { note = dates.words }
    case .float(let v): describe(numbers: v, exact: v.filter { !$0.isNaN })
    case .single(let v): describe(numbers: column.numbers(), exact: v.filter { !$0.isNaN })
    case .boolean(let v): count(codes: v.map(Int32.init)) { $0 == 1 ? "true" : "false" }
    case .category(let v):
      count(codes: v.codes) { v.levels[$0] }
      note = MixedValues.note(v.levels)
    case .text(let v):
      let (codes, dictionary) = ByteDictionary.coding(v)
      count(codes: codes) { dictionary.text($0) }
      note = MixedValues.note((0..<min(dictionary.count, MixedValues.sampleSize)).map { dictionary.text($0) })
    }
  }

  /// Fills in the numbers; `exact` are the present values in their own type, by which they are counted.
  private mutating func describe<Value: Comparable>(numbers: [Double], exact: [Value]) {
    let sorted = exact.sorted()
    var runs: [(start: Int, count: Int)] = []
    var start = 0
    for position in sorted.indices where position + 1 == sorted.count || sorted[position + 1] != sorted[position] {
      runs.append((start, position + 1 - start))
      start = position + 1
    }
    distinct = runs.count
    // The sort is by count, then by value, so that ties are in order.
    let top = runs.filter { $0.count > 1 || runs.count <= ColumnProfile.topCount }
      .sorted { ($1.count, $0.start) < ($0.count, $1.start) }.prefix(ColumnProfile.topCount)
    topValues = top.map { Frequency(value: text(sorted[$0.start]), count: $0.count) }
    let finite = numbers.filter(\.isFinite)
    let moments = Moments(finite)
    mean = moments.mean
    deviation = moments.deviation
    describe(sorted: finite.sorted(), infinite: numbers.count { $0.isInfinite })
  }

  private mutating func describe(sorted: [Double], infinite: Int) {
    guard !sorted.isEmpty else { return }
    func quantile(_ probability: Double) -> Double {
      let place = probability * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    describe(quantiles: ColumnProfile.probabilities.map(quantile)) { bound, isInclusive in
      sorted.firstPosition { isInclusive ? $0 > bound : $0 >= bound }
    }
    outliers = (outliers ?? 0) + infinite
  }

  /// Fills in quantiles, histogram and outliers from a count of values below a bound (or at it).
  mutating func describe(quantiles: [Double], below: (_ bound: Double, _ isInclusive: Bool) -> Int) {
    self.quantiles = quantiles
    let (low, high) = (quantiles[1], quantiles[7])
    if low < high {
      let bounds = (0...20).map { $0 == 20 ? high : low + (high - low) * Double($0) / 20 }
      histogram = (0..<20).map { below(bounds[$0 + 1], $0 == 19) - below(bounds[$0], false) }
    }
    let spread = quantiles[5] - quantiles[3]
    let total = below(.infinity, true)
    outliers = below(quantiles[3] - 3 * spread, false) + total - below(quantiles[5] + 3 * spread, true)
  }

  private func text<Value>(_ value: Value) -> String {
    switch value {
    case let moment as Int64 where kind == .dateTime: DateTime.text(moment)
    default: "\(value)"
    }
  }

  private mutating func count(codes: [Int32], text: (Int) -> String) {
    var counts = Array(repeating: 0, count: Int(codes.max() ?? -1) + 1)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    let present = counts.indices.filter { counts[$0] > 0 }
    distinct = present.count
    let top = present.filter { counts[$0] > 1 || present.count <= ColumnProfile.topCount }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(ColumnProfile.topCount)
    topValues = top.map { Frequency(value: text($0), count: counts[$0]) }
  }
}

/// The count, mean and spread of numbers, in one pass and mergeable.
///
/// The merging is that of Chan, Golub and LeVeque ("Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979).
struct Moments {
  private(set) var count = 0.0
  private var center = 0.0
  private var squares = 0.0

  init() {}

  init(_ numbers: [Double]) {
    guard !numbers.isEmpty else { return }
    count = Double(numbers.count)
    // Scaled first, so that the sum of very large numbers does not overflow.
    center = numbers.reduce(0) { $0 + $1 / count }
    squares = numbers.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  }

  mutating func merge(_ other: Moments) {
    if other.count == 0 { return }
    let total = count + other.count
    let shift = other.center - center
    squares += other.squares + shift * shift * count * other.count / total
    center += shift * other.count / total
    count = total
  }

  /// The mean; nil if there are no numbers or it is beyond what a number can hold.
  var mean: Double? { count > 0 && center.isFinite ? center : nil }

  /// The standard deviation of the sample; nil for fewer than two numbers.
  var deviation: Double? {
    let value = (squares / (count - 1)).squareRoot()
    return count > 1 && value.isFinite ? value : nil
  }
}

extension Array {
  /// The position of the first element that fulfils a condition that stays true once it is; `count` if there is none.
  func firstPosition(_ condition: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
