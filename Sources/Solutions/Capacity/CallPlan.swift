import Basics
import Foundation
import Planning
import Projects
import TimeSeries

/// How many people must answer calls in each interval, and the shifts that cover it.
struct CallPlan {
  /// The people needed by step of the horizon.
  let need: [Int]
  /// The expected performance of each step with them.
  let answered: [Double]
  /// The rosters of the days planned, in order.
  let rosters: [(day: Int, intervals: [Int], roster: Roster)]
  /// The minutes of a step.
  let minutes: Int
  /// The people a plan on the mean forecast alone would have.
  let needOnMean: [Int]

  init(
    _ project: Project, total: Forecast, panel: DemandPanel, interruption: Interruption
  ) throws {
    guard case .seconds(let length) = panel.timeline.step, length <= 3_600, 86_400 % length == 0 else {
      throw AssayError(
        .configuration, "calls are planned by steps of an hour or less, not by the \(panel.step)",
        at: "\(project.folder)/\(Project.fileName), step",
        remedy: "set step to half hour, and give the calls by the minute or half hour")
    }
    let amounts = project.amounts
    minutes = length / 60
    let target = StaffingTarget(serviceLevel: amounts.number("answered"), threshold: amounts.number("within"))
    let (handling, patience) = (amounts.number("handling time"), amounts.number("patience"))
    var (need, answered, onMean) = ([Int](), [Double](), [Int]())
    for step in total.point.indices {
      try interruption.check()
      // An interval in which hardly anybody calls is closed.
      guard total.point[step] >= 0.5 else {
        need.append(0)
        onMean.append(0)
        answered.append(1)
        continue
      }
      let arrivals = try DemandDistribution.quantiles(
        levels: total.levels, values: total.quantiles.map { $0[step] })
      let queue = try UncertainQueue(arrivals: arrivals, per: Double(length), serviceTime: handling, patience: patience)
      let staff = try queue.staffNeeded(target)
      need.append(staff)
      answered.append(try queue.performance(servers: staff, threshold: target.threshold).serviceLevel)
      let plain = CallQueue(arrivalRate: total.point[step] / Double(length), serviceTime: handling, patience: patience)
      onMean.append(try plain.staffNeeded(target))
    }
    self.need = need
    self.answered = answered
    needOnMean = onMean
    rosters = try Self.rosters(need, panel, length, project, interruption)
  }

  /// The cheapest shifts of each whole day.
  private static func rosters(
    _ need: [Int], _ panel: DemandPanel, _ length: Int, _ project: Project, _ interruption: Interruption
  ) throws -> [(day: Int, intervals: [Int], roster: Roster)] {
    let perHour = 3_600 / length
    let listed = (project.amounts.text("shifts") ?? "").split(separator: ",")
      .compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard !listed.isEmpty, listed.allSatisfy({ $0 > 0 && $0 <= 24 }) else {
      throw AssayError(
        .configuration, "shifts are lengths in hours", at: "\(project.folder)/\(Project.fileName), shifts",
        remedy: "write for example 4, 6, 8")
    }
    let wage = project.amounts.number("wage") / Double(perHour)
    var days: [Int: [Int]] = [:]
    for step in need.indices {
      let moment = panel.timeline.moment(panel.count + step)
      days[CalendarDate.floorDivision(moment, by: 86_400).quotient, default: []].append(step)
    }
    var found: [(day: Int, intervals: [Int], roster: Roster)] = []
    for day in days.keys.sorted() {
      let steps = days[day] ?? []
      guard let first = steps.firstIndex(where: { need[$0] > 0 }), let last = steps.lastIndex(where: { need[$0] > 0 })
      else { continue }
      let open = Array(steps[first...last])
      let lengths = listed.map { max(1, Int(($0 * Double(perHour)).rounded())) }.filter { $0 <= open.count }
      let types = (lengths.isEmpty ? [open.count] : lengths).map { span in
        var type = ShiftType(
          name: "\(Words.number(Double(span) / Double(perHour))) h", starts: Array(0...(open.count - span)),
          lengths: [span],
          costPerInterval: wage)
        // A break of half an hour where six hours or more are worked.
        if span >= 6 * perHour {
          type.breakLength = max(1, perHour / 2)
          type.leastBeforeBreak = 2 * perHour
          type.leastAfterBreak = 2 * perHour
        }
        return type
      }
      var problem = RosterProblem(need: [open.map { Double(need[$0]) }], shiftTypes: types)
      problem.minutes = length / 60
      problem.firstMinute = (panel.timeline.moment(panel.count + open[0]) % 86_400) / 60
      found.append((day, open, try problem.roster(interruption: interruption)))
      if found.count == 7 { break }
    }
    return found
  }
}
