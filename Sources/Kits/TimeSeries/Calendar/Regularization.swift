import Basics

/// From recorded moments and values to a series of equal steps; refuses what it was not told to mend.
public struct Regularization: Sendable, Codable, Hashable {
  /// What happens to several values of one moment.
  public enum Duplicates: String, Sendable, Codable, CaseIterable {
    /// An error.
    case refuse
    /// They are added up: counts and amounts.
    case sum
    /// Their mean: levels and temperatures.
    case mean
    /// The last one recorded: corrections.
    case last
  }

  /// What happens to steps without a record.
  public enum Gaps: String, Sendable, Codable, CaseIterable {
    /// An error.
    case refuse
    /// They become missing values.
    case missing
    /// They become 0: no record means that nothing happened.
    case zero
  }

  /// The distance between steps; by default the most frequent one in the records.
  public var step: Timeline.Step?
  /// What happens to several values of one moment.
  public var duplicates: Duplicates
  /// What happens to steps without a record.
  public var gaps: Gaps
  /// Whether records are put in order of time instead of being refused.
  public var sorts: Bool
  /// Whether moments between steps are moved to the step before them instead of being refused.
  public var floors: Bool

  /// Creates the rules; by default everything irregular but missing stretches is refused.
  public init(
    step: Timeline.Step? = nil, duplicates: Duplicates = .refuse, gaps: Gaps = .missing, sorts: Bool = false,
    floors: Bool = false
  ) {
    self.step = step
    self.duplicates = duplicates
    self.gaps = gaps
    self.sorts = sorts
    self.floors = floors
  }

  /// The most steps that a series may have: a wrong unit of time would ask for more memory than there is.
  public static let mostSteps = 50_000_000

  /// Lays records on equal steps.
  ///
  /// - Parameters:
  ///   - name: The name of the series, used in errors.
  ///   - moments: Seconds since 1970-01-01 00:00.
  ///   - values: One value per moment; not-a-number is missing.
  /// - Throws: `data` for no records, and for time going backwards, moments that occur twice, irregular steps and gaps
  ///   where they are to be refused, with the record's number (from 1) and its moment.
  public func series(_ name: String, moments: [Int], values: [Double]) throws -> (timeline: Timeline, series: Series) {
    require(moments.count == values.count, "Regularization", "\(moments.count) moments, \(values.count) values")
    guard !moments.isEmpty else {
      throw AssayError(.data, "there are no records", at: "series \(name)", remedy: "leave the series out")
    }
    let order = try ordered(name, moments)
    let timeline = try timeline(name, order.map { moments[$0] })
    let last = moments[order[order.count - 1]]
    let count = try index(of: last, timeline, name, record: order[order.count - 1]) + 1
    guard count <= Regularization.mostSteps else {
      throw AssayError(
        .data, "\(count) steps of \(Regularization.text(timeline.step)) lie between the first and the last record",
        at: "series \(name)", remedy: "check the unit of the moments, or give a longer step")
    }
    var result = [Double](repeating: 0, count: count)
    var records = [Int](repeating: 0, count: count)
    var present = [Int](repeating: 0, count: count)
    for record in order {
      let step = try index(of: moments[record], timeline, name, record: record)
      let value = values[record]
      if records[step] > 0 && duplicates == .refuse {
        throw AssayError(
          .data, "the moment \(Timeline.text(timeline.moment(step))) occurs twice",
          at: "series \(name), record \(record + 1)",
          remedy: "choose what to do with duplicates: sum, mean or last; or name the column that tells series apart")
      }
      records[step] += 1
      if duplicates == .last {
        (result[step], present[step]) = value.isNaN ? (0, 0) : (value, 1)
      } else if !value.isNaN {
        result[step] += value
        present[step] += 1
      }
    }
    for step in 0..<count {
      if records[step] == 0 {
        if gaps == .refuse {
          throw AssayError(
            .data, "there is no record of \(Timeline.text(timeline.moment(step)))", at: "series \(name)",
            remedy: "let gaps be missing values or zeros")
        }
        result[step] = gaps == .zero ? 0 : .nan
      } else if present[step] == 0 {
        result[step] = .nan
      } else if duplicates == .mean {
        result[step] /= Double(present[step])
      }
    }
    return (timeline, Series(name, values: result))
  }

  /// The records in order of time.
  private func ordered(_ name: String, _ moments: [Int]) throws -> [Int] {
    let order = Array(moments.indices)
    guard let bad = order.dropFirst().first(where: { moments[$0] < moments[$0 - 1] }) else { return order }
    guard sorts else {
      throw AssayError(
        .data, "time goes backwards from \(Timeline.text(moments[bad - 1])) to \(Timeline.text(moments[bad]))",
        at: "series \(name), record \(bad + 1)",
        remedy: "sort the records, or check whether several series are mixed or the day and month are exchanged")
    }
    return order.sorted { (moments[$0], $0) < (moments[$1], $1) }
  }

  private func timeline(_ name: String, _ sorted: [Int]) throws -> Timeline {
    if let step { return Timeline(start: sorted[0], step: step) }
    let distances = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }
    guard !distances.isEmpty else {
      guard sorted.count == 1 || duplicates != .refuse else {
        throw AssayError(
          .data, "all records have the moment \(Timeline.text(sorted[0]))", at: "series \(name)",
          remedy: "check the column of the time")
      }
      return Timeline(start: sorted[0], step: .seconds(Timeline.day))
    }
    if let months = Regularization.months(sorted) { return Timeline(start: sorted[0], step: .months(months)) }
    let counts = Dictionary(distances.map { ($0, 1) }, uniquingKeysWith: +)
    let common = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    return Timeline(start: sorted[0], step: .seconds(common?.key ?? Timeline.day))
  }

  /// The months between records that all lie on one day of the month and have no shorter distance than 28 days.
  private static func months(_ sorted: [Int]) -> Int? {
    var marks: [Int] = []
    var place: (day: Int, time: Int)?
    for moment in sorted {
      let (days, time) = CalendarDate.floorDivision(moment, by: Timeline.day)
      let date = CalendarDate(daysSince1970: days)
      // The last day of a month counts as day 31: ends of months.
      let isLast = CalendarDate(daysSince1970: days + 1).day == 1
      let day = isLast && date.day >= 28 && (place?.day ?? 31) >= 28 ? 31 : date.day
      if let place, place.day != day || place.time != time { return nil }
      place = (day, time)
      marks.append(date.year * 12 + date.month)
    }
    let distances = zip(marks.dropFirst(), marks).map { $0 - $1 }.filter { $0 > 0 }
    guard let shortest = distances.min(), distances.allSatisfy({ $0 % shortest == 0 }) else { return nil }
    return shortest
  }

  /// The step of a moment.
  private func index(of moment: Int, _ timeline: Timeline, _ name: String, record: Int) throws -> Int {
    var index: Int
    switch timeline.step {
    case .seconds(let count): index = (moment - timeline.start) / count
    case .months(let count):
      let first = timeline.date(0)
      let date = CalendarDate(daysSince1970: CalendarDate.floorDivision(moment, by: Timeline.day).quotient)
      index = ((date.year - first.year) * 12 + date.month - first.month) / count
      if timeline.moment(index) > moment { index = max(0, index - 1) }
    }
    if timeline.moment(index) != moment && !floors {
      throw AssayError(
        .data,
        "the moment \(Timeline.text(moment)) lies between the steps of \(Regularization.text(timeline.step)) from "
          + Timeline.text(timeline.start), at: "series \(name), record \(record + 1)",
        remedy: "give the step, or let moments be moved to the step before")
    }
    return index
  }

  private static func text(_ step: Timeline.Step) -> String {
    switch step {
    case .seconds(let count): "\(count) seconds"
    case .months(let count): "\(count) months"
    }
  }
}
