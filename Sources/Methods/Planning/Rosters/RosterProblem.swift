import Basics

/// How many people to have on which shifts so that every interval has the people it needs, at the least cost.
public struct RosterProblem: Sendable, Hashable, Codable {
  /// The people needed by day and interval; all days have the same number of intervals.
  public var need: [[Double]]
  /// The shifts that are allowed.
  public var shiftTypes: [ShiftType]
  /// Whether the last day is followed by the first, so that late shifts go on in it; false by default: all shifts end
  /// before the last day does.
  public var isCyclic = false
  /// Cost per missing person and interval; nil, the default, where the need must be met.
  public var shortageCost: Double?
  /// The share of scheduled time that is lost to illness, training and the like, from 0 to below 1: that much more is
  /// scheduled.
  public var shrinkage = 0.0
  /// The greatest number of people in all; nil for no limit.
  public var mostStaff: Int?
  /// The greatest share of people that are part-time; nil for no limit.
  public var mostPartTime: Double?
  /// Minutes per interval, for names and hours; 30 by default.
  public var minutes = 30
  /// Minutes after midnight at which the day's first interval starts, for names.
  public var firstMinute = 0
  /// The names of the days, for messages; "day 1" and so on where there are none.
  public var dayNames: [String] = []

  /// Creates a problem; what has a default is set as a property.
  ///
  /// - Parameter need: By day and interval; one day is `[needs]`.
  public init(need: [[Double]], shiftTypes: [ShiftType]) {
    self.need = need
    self.shiftTypes = shiftTypes
  }

  /// The number of days.
  public var dayCount: Int { need.count }
  /// The number of intervals of a day.
  public var intervalCount: Int { need.first?.count ?? 0 }
  /// Hours per interval.
  var hours: Double { Double(minutes) / 60 }

  /// The scheduled people that an interval needs.
  func scheduledNeed(_ day: Int, _ interval: Int) -> Double { need[day][interval] / (1 - shrinkage) }

  /// "day 2 at 08:30", or with the day's name in place of "day 2".
  public func name(day: Int, interval: Int) -> String {
    let minute = (firstMinute + interval * minutes) % 1440
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let name = dayNames.indices.contains(day) ? dayNames[day] : "day \(day + 1)"
    return "\(name) at \(two(minute / 60)):\(two(minute % 60))"
  }

  func check() throws(AssayError) {
    guard dayCount > 0, intervalCount > 0, need.allSatisfy({ $0.count == intervalCount }) else {
      throw AssayError(
        .configuration, "the need is not given for days of the same number of intervals", at: "roster")
    }
    for (day, needs) in need.enumerated() {
      if let interval = needs.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
        throw AssayError(
          .configuration, "the need is \(needs[interval])", at: name(day: day, interval: interval),
          remedy: "give a number from 0 on")
      }
    }
    guard shrinkage >= 0, shrinkage < 1, minutes > 0, firstMinute >= 0, shortageCost ?? 0 >= 0,
      (shortageCost ?? 0).isFinite, mostStaff ?? 0 >= 0, (0...1).contains(mostPartTime ?? 0)
    else {
      throw AssayError(.configuration, "the shrinkage, a limit or a cost is out of range", at: "roster")
    }
    guard !shiftTypes.isEmpty else {
      throw AssayError(.configuration, "no type of shift is allowed", at: "roster", remedy: "add one")
    }
    for type in shiftTypes { try type.check(days: dayCount, intervals: intervalCount) }
  }
}
