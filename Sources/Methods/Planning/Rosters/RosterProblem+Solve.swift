import Basics
import Solvers

extension RosterProblem {
  /// The cheapest roster.
  ///
  /// A person keeps start and length over the days of the pattern; the break may move from day to day.
  ///
  /// - Parameter options: By default the best roster found in 60 seconds, or one within 0.01 percent of the least cost.
  /// - Throws: a `configuration` error for numbers out of range, or if no roster meets every rule, with the rules and the
  ///   intervals that contradict each other; a `cancelled` error if a limit ended the search without a roster.
  public func roster(
    options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4), interruption: Interruption? = nil
  ) throws(AssayError) -> Roster {
    try check()
    let model = try RosterProgram(self)
    let solution: Solution
    do throws(AssayError) {
      solution = try model.program.optimum(options, interruption: interruption)
    } catch  where error.kind == .configuration {
      throw AssayError(
        .configuration, "no roster meets every rule: \(error.problem)", at: "roster",
        remedy: "allow more people or other shifts, or give a cost of shortage")
    }
    return roster(model, solution)
  }

  private func roster(_ model: RosterProgram, _ solution: Solution) -> Roster {
    var (regular, overtime, fixed, paid) = (0.0, 0.0, 0.0, 0.0)
    var groups: [Roster.Group] = []
    for tour in model.tours {
      let count = Int(solution[tour.people].rounded())
      guard count > 0 else { continue }
      let form = model.forms[tour.form]
      let type = shiftTypes[form.type]
      let days = Double(count * tour.days.count)
      let over = Double(type.overtimeIntervals(length: form.length))
      let all = Double(type.paidIntervals(length: form.length))
      regular += days * type.costPerInterval * (all - over)
      overtime += days * type.costPerInterval * type.overtimeFactor * over
      fixed += days * type.costPerShift
      paid += days * all * hours
      groups.append(
        Roster.Group(type: type.name, start: form.start, length: form.length, days: tour.days, count: count))
    }
    var places = [Int](repeating: 0, count: dayCount * intervalCount)
    var shifts: [Roster.Shift] = []
    for shift in model.dayShifts {
      let count = Int(solution.value(of: shift.people).rounded())
      guard count > 0 else { continue }
      let form = model.forms[shift.form]
      for place in model.work(shift) { places[place] += count }
      shifts.append(
        Roster.Shift(
          day: shift.day, type: shiftTypes[form.type].name, start: form.start, length: form.length,
          breakStart: shift.breakPlace.map { form.start + $0 }, count: count))
    }
    shifts.sort {
      ($0.day, $0.start, $0.length, $0.breakStart ?? 0) < ($1.day, $1.start, $1.length, $1.breakStart ?? 0)
    }
    let cover = (0..<dayCount).map { day in Array(places[day * intervalCount..<(day + 1) * intervalCount]) }
    var (idle, missing) = (0.0, 0.0)
    let shortage = (0..<dayCount).map { day in
      (0..<intervalCount).map { interval in
        let spare = Double(cover[day][interval]) - scheduledNeed(day, interval)
        idle += max(0, spare)
        missing += max(0, -spare)
        return max(0, -spare)
      }
    }
    return Roster(
      groups: groups, shifts: shifts,
      cost: Roster.Cost(
        regular: regular, overtime: overtime, shifts: fixed, shortage: (shortageCost ?? 0) * missing),
      cover: cover, shortage: shortage, idleHours: idle * hours, shortageHours: missing * hours, paidHours: paid,
      relativeGap: solution.relativeGap)
  }
}
