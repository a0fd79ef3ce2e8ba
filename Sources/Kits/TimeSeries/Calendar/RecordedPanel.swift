import Basics

/// Records of several series laid on one timeline, with columns that belong to the same moments.
public struct RecordedPanel: Sendable, Hashable {
  /// The records of one series.
  public struct Records: Sendable, Hashable {
    /// The name of the series.
    public var name: String
    /// Seconds since 1970-01-01 00:00.
    public var moments: [Int]
    /// One number per moment; not-a-number is missing.
    public var values: [Double]
    /// Columns beside it, one number per moment each.
    public var columns: [[Double]]

    /// Creates records.
    public init(_ name: String, moments: [Int], values: [Double], columns: [[Double]] = []) {
      self.name = name
      self.moments = moments
      self.values = values
      self.columns = columns
    }
  }

  /// The moments of the steps; the first is that of the earliest record.
  public let timeline: Timeline
  /// The series, all of the same number of steps: before their first record and after their last one they are missing.
  public let series: [Series]
  /// By series and column, as long as the series: the mean of the records of each step.
  public let columns: [[[Double]]]

  /// Lays the records on one timeline.
  ///
  /// The step is the one that is given, else that of the series with the most records.
  ///
  /// - Throws: `data` without records, for what the rules refuse, and for a series whose steps lie between those of the
  ///   others.
  public init(_ records: [Records], rules: Regularization) throws {
    guard let longest = records.max(by: { $0.moments.count < $1.moments.count }) else {
      throw AssayError(.data, "there are no records", remedy: "give at least one series")
    }
    var rules = rules
    if rules.step == nil {
      rules.step = try rules.series(longest.name, moments: longest.moments, values: longest.values).timeline.step
    }
    let laid = try records.map { try rules.series($0.name, moments: $0.moments, values: $0.values) }
    let start = laid.map(\.timeline.start).min() ?? 0
    let timeline = Timeline(start: start, step: laid[0].timeline.step)
    let offsets = try laid.map { try Self.offset(of: $0.timeline, in: timeline, name: $0.series.name) }
    let count = zip(offsets, laid).map { $0 + $1.series.count }.max() ?? 0
    func placed(_ values: [Double], _ offset: Int) -> [Double] {
      [Double](repeating: .nan, count: offset) + values
        + [Double](repeating: .nan, count: count - offset - values.count)
    }
    var means = rules
    means.duplicates = .mean
    means.gaps = .missing
    series = zip(offsets, laid).map { Series($1.series.name, values: placed($1.series.values, $0)) }
    columns = try zip(records, offsets).map { records, offset in
      try records.columns.map { column in
        placed(try means.series(records.name, moments: records.moments, values: column).series.values, offset)
      }
    }
    self.timeline = timeline
  }

  private static func offset(of own: Timeline, in timeline: Timeline, name: String) throws -> Int {
    var offset = 0
    if case .seconds(let length) = timeline.step { offset = (own.start - timeline.start) / length }
    while timeline.moment(offset) < own.start { offset += 1 }
    guard timeline.moment(offset) == own.start else {
      throw AssayError(
        .data, "it begins at \(Timeline.text(own.start)), between two steps of the others", at: "series \(name)",
        remedy: "give the step: records within it become one")
    }
    return offset
  }
}
