import Basics
import Solvers

/// Usual shifts in a few words: lengths in hours, starts at every interval, a break of half an hour in long ones.
public struct ShiftRules: Sendable, Hashable, Codable {
  /// The lengths in hours, the break included, each above 0.
  public var hours: [Double]
  /// The minutes of an interval, from 1 to 60.
  public var minutes: Int
  /// Cost of a paid hour.
  public var wage: Double
  /// The length from which on a shift has a break of half an hour that is not paid, in hours; 6 by default.
  public var breakFrom = 6.0
  /// The greatest number of people on a day; nil for no limit.
  public var mostPeople: Int?
  /// Cost of a missing person and hour; nil where the need must be met.
  public var shortage: Double?

  /// Creates rules.
  public init(hours: [Double], minutes: Int, wage: Double) {
    self.hours = hours
    self.minutes = minutes
    self.wage = wage
  }

  /// The cheapest shifts of one day.
  ///
  /// Lengths that are longer than the day is open are left out; where all are, one shift spans the day.
  ///
  /// - Parameters:
  ///   - need: The people needed in each interval from the first to the last that is open.
  ///   - firstMinute: The minutes after midnight at which the first interval begins.
  ///   - day: The name of the day, for messages: "Monday 27 October".
  /// - Throws: `configuration` for lengths or costs out of range, and where no shifts meet the need, with the intervals
  ///   and the rules that contradict each other; `cancelled`.
  public func roster(
    need: [Int], firstMinute: Int, day: String, options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4),
    interruption: Interruption? = nil
  ) throws(AssayError) -> Roster {
    try problem(need: need, firstMinute: firstMinute, day: day).roster(options: options, interruption: interruption)
  }

  /// The problem that `roster(need:firstMinute:day:)` solves.
  public func problem(need: [Int], firstMinute: Int, day: String) throws(AssayError) -> RosterProblem {
    guard !hours.isEmpty, hours.allSatisfy({ $0 > 0 && $0 <= 24 }), (1...60).contains(minutes) else {
      throw AssayError(
        .configuration, "shifts of \(hours) hours in intervals of \(minutes) minutes", at: "shifts",
        remedy: "give lengths above 0 and up to 24 hours")
    }
    let perHour = 60 / Double(minutes)
    let spans = Set(hours.map { max(1, Int(($0 * perHour).rounded())) }).filter { $0 <= need.count }.sorted()
    let types = (spans.isEmpty ? [need.count] : spans).map { span in
      var type = ShiftType(
        name: "\(shortText(Double(span) / perHour)) h", starts: Array(0...(need.count - span)), lengths: [span],
        costPerInterval: wage / perHour)
      let work = Int((2 * perHour).rounded())
      let pause = max(1, Int((0.5 * perHour).rounded()))
      if Double(span) >= breakFrom * perHour, span >= 2 * work + pause {
        type.breakLength = pause
        type.leastBeforeBreak = work
        type.leastAfterBreak = work
      }
      return type
    }
    var problem = RosterProblem(need: [need.map(Double.init)], shiftTypes: types)
    problem.minutes = minutes
    problem.firstMinute = firstMinute
    problem.dayNames = [day]
    problem.mostStaff = mostPeople
    problem.shortageCost = shortage.map { $0 / perHour }
    return problem
  }
}
