import Basics
import Kernels

extension TableReader {
  /// What a source holds, read piece by piece in memory that does not grow with it.
  ///
  /// Kinds, counts, means, deviations and equal columns are exact. Up to 4,096 distinct values per column the most
  /// frequent ones are, too. Distinct values and rows that repeat are estimated within about 1 % (HyperLogLog),
  /// quantiles, histograms and outliers within about 0.1 % of the rows. Drift is not measured.
  public static func profile(
    _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1
  ) throws -> TableProfile {
    let chunks = try chunks(source, options: options, threads: threads)
    var sketch = ProfileSketch(chunks.schema)
    while let table = try chunks.next() { sketch.add(table, threads: threads) }
    return sketch.profile()
  }
}

/// The profile of a table of which one piece after the other is seen; how exact it is says `TableReader.profile`.
public struct ProfileSketch: Sendable {
  private var columns: [ColumnSketch]
  private var rows = DistinctSketch()
  private var rowCount = 0

  /// A sketch of no rows yet.
  public init(_ schema: Schema) {
    columns = schema.fields.map { ColumnSketch(name: $0.name, kind: $0.kind) }
  }

  /// Adds the next rows; the table has the columns of the schema.
  public mutating func add(_ table: Table, threads: Int) {
    let before = columns
    columns = parallelMap(columns.count, threads: threads) { position in
      var column = before[position]
      column.add(table.columns[position])
      return column
    }
    var hashes = RowHashes()
    for column in table.columns { hashes.mix(column) }
    for hash in hashes.hashes { rows.insert(hash) }
    rowCount += table.rowCount
  }

  /// What was seen so far.
  public func profile() -> TableProfile {
    // Fewer repeated rows than three standard errors cannot be told from none.
    let repeated = rowCount - rows.count
    let profiles = columns.map { $0.profile() }
    return TableProfile(
      rowCount: rowCount, columns: profiles, repeatedRows: Double(repeated) > 0.025 * Double(rowCount) ? repeated : 0,
      duplicateColumns: TableProfile.duplicates(profiles, columns.map(\.hash)))
  }
}

/// The profile of a column of which one piece after the other is seen.
struct ColumnSketch: Sendable {
  private let name: String
  private let kind: ColumnKind
  private var missing = 0
  private var infinite = 0
  private var distinct = DistinctSketch()
  private var frequencies = FrequencySketch()
  private var quantiles = QuantileSketch()
  private var moments = Moments()
  private var order = OrderedHash()
  private var dates: DateReading?

  init(name: String, kind: ColumnKind) {
    self.name = name
    self.kind = kind
  }

  /// A hash of all values in their order.
  var hash: UInt64 { order.value }

  /// Adds the next rows.
  mutating func add(_ column: Column) {
    dates = column.dates
    let hashes = column.valueHashes()
    order.update(hashes)
    if case .category(let values) = column.values {
      addLevels(column, values, hashes)
    } else {
      for row in 0..<column.count {
        if column.isMissing(row) {
          missing += 1
        } else {
          distinct.insert(hashes[row])
          frequencies.insert(hashes[row]) { column.text(at: row) ?? "" }
        }
      }
    }
    guard column.kind == .integer || column.kind == .float || column.kind == .dateTime else { return }
    let numbers = column.numbers()
    let finite = numbers.filter(\.isFinite)
    infinite += numbers.count { $0.isInfinite }
    moments.merge(Moments(finite))
    for number in finite { quantiles.insert(number) }
  }

  private mutating func addLevels(_ column: Column, _ values: CategoryValues, _ hashes: [UInt64]) {
    var counts = Array(repeating: 0, count: values.levels.count)
    var rows = counts
    for (row, code) in values.codes.enumerated() {
      if code < 0 {
        missing += 1
      } else {
        counts[Int(code)] += 1
        rows[Int(code)] = row
      }
    }
    for code in counts.indices where counts[code] > 0 {
      let hash = hashes[rows[code]]
      distinct.insert(hash)
      frequencies.insert(hash, count: counts[code]) { values.levels[code] }
    }
  }

  /// What was seen so far.
  func profile() -> ColumnProfile {
    var profile = ColumnProfile(name: name, kind: kind, missing: missing, distinct: distinct.count)
    profile.topValues = frequencies.top(ColumnProfile.topCount)
    if kind == .text || kind == .category { profile.note = MixedValues.note(frequencies.texts) }
    if let dates, dates.isGuess { profile.note = dates.words }
    profile.mean = moments.mean
    profile.deviation = moments.deviation
    if quantiles.count > 0 {
      let summary = quantiles.summary()
      profile.describe(quantiles: ColumnProfile.probabilities.map(summary.quantile)) { bound, isInclusive in
        summary.count(below: bound, isInclusive: isInclusive)
      }
      profile.outliers = (profile.outliers ?? 0) + infinite
    }
    return profile
  }
}
