import Basics
import TimeSeries

/// What forecasts may lean on because it is known in advance: holidays, prices, campaigns.
public struct DemandDrivers: Sendable {
  /// The names of the columns.
  public private(set) var names: [String] = []
  /// By series and column, over the steps of the series and the horizon.
  private var columns: [[[Double]]] = []
  /// The drivers whose future nobody gave: only what is a horizon old is used.
  public private(set) var lagged: [String] = []
  /// Why holidays that the data mark are not used; nil where they are, or there are none.
  public private(set) var refusal: String?

  /// Whether there is nothing.
  public var isEmpty: Bool { names.isEmpty }

  /// Finds what is known in advance.
  ///
  /// - Throws: `data` for a driver that covers only a part of the horizon; `configuration` for holidays that cannot be read.
  init(_ records: DemandRecords, _ recorded: RecordedPanel, count: Int, _ settings: DemandSettings) throws {
    let horizon = settings.horizon
    let end = count + horizon
    columns = recorded.series.map { _ in [] }
    let active = recorded.series.indices.filter { series in
      (recorded.series[series].values.lastIndex { !$0.isNaN } ?? -1) >= count - max(horizon, 1)
    }
    let timeline = recorded.timeline
    // Steps to the same day a week ago, for the days after a campaign; one step where steps are longer.
    var (day, after) = (0, 1)
    if case .seconds(let length) = timeline.step, 86_400 % length == 0 {
      (day, after) = (86_400 / length, 7 * 86_400 / length)
    }
    for (place, name) in records.drivers.enumerated() {
      let knowledge = active.map { AheadKnowledge(recorded.columns[$0][place], count: count, horizon: horizon) }
      let isKnown = knowledge.allSatisfy { $0 == .known }
      guard isKnown || knowledge.allSatisfy({ $0 == .past }) else {
        let bad = active[knowledge.firstIndex { $0 != .known } ?? 0]
        throw AssayError(
          .data, "the driver \"\(name)\" is known for some of the \(horizon) steps ahead and not for others",
          at: "series \(recorded.series[bad].name)",
          remedy: "add rows with an empty demand and its values up to \(Timeline.text(timeline.moment(end - 1))), "
            + "shorten the horizon, or take the driver out")
      }
      let full = recorded.columns.map { Covariates.carried($0[place], count: end) }
      if isKnown {
        add(name, full)
        add("\(name), after", full.map { Covariates.shifted($0, by: after) })
      } else {
        lagged.append(name)
        add("\(name), \(horizon) steps ago", full.map { Covariates.shifted($0, by: horizon) })
      }
    }
    var holidays = [Double](repeating: 0, count: end)
    let listed = try ListedHolidays(settings).holidays
    for column in timeline.holidays(listed, count: end).columns {
      for step in holidays.indices { holidays[step] = max(holidays[step], column[step]) }
    }
    var marked = recorded.series.map { _ in holidays }
    if records.hasHolidays {
      let place = records.drivers.count
      if active.allSatisfy({ AheadKnowledge(recorded.columns[$0][place], count: count, horizon: horizon) == .known }) {
        for series in marked.indices {
          let own = Covariates.carried(recorded.columns[series][place], count: end)
          for step in 0..<end { marked[series][step] = max(marked[series][step], own[step]) }
        }
      } else if listed.isEmpty {
        refusal = "the column of holidays does not say which of the \(horizon) steps ahead are holidays: it is not used"
      }
    }
    guard marked.contains(where: { $0.contains { $0 != 0 } }) else { return }
    add("holiday", marked)
    if day > 0 {
      add("day before a holiday", marked.map { Covariates.shifted($0, by: -day) })
      add("day after a holiday", marked.map { Covariates.shifted($0, by: day) })
    }
  }

  private mutating func add(_ name: String, _ values: [[Double]]) {
    names.append(name)
    for series in columns.indices { columns[series].append(values[series]) }
  }

  /// Those of the open steps.
  func kept(_ open: OpenSteps) -> DemandDrivers {
    var result = self
    result.columns = columns.map { $0.map(open.kept) }
    return result
  }

  /// The covariates of a sum of series, weighed by what each series had on average; nil without any.
  ///
  /// - Parameters:
  ///   - members: The numbers of the series.
  ///   - past: The series as far as they are known.
  ///   - steps: The steps covered: those of the past and the horizon.
  func covariates(of members: [Int], past: [Series], steps: Range<Int>) -> Covariates? {
    guard !isEmpty else { return nil }
    var weights = members.map { member in
      let known = past[member].values.suffix(400).filter { !$0.isNaN }
      return known.isEmpty ? 0 : max(0, known.reduce(0, +) / Double(known.count))
    }
    let sum = weights.reduce(0, +)
    weights = weights.map { sum > 0 ? $0 / sum : 1 / Double(members.count) }
    return Covariates(
      names: names,
      columns: names.indices.map { column in
        steps.map { step in
          zip(members, weights).reduce(0) { $0 + $1.1 * columns[$1.0][column][step] }
        }
      })
  }
}
