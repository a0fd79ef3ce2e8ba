import Basics
import Solvers

/// A roster problem as a mixed-integer program of covering.
///
/// One integer per shift and pattern of days says how many people work so; where the break can be at several places, one
/// integer per day, shift and place says how many have it there. Papers: Dantzig, "A comment on Edie's traffic delays at
/// toll booths", Operations Research 2 (1954), for the covering; Bechtold and Jacobs, "Implicit modeling of flexible break
/// assignments in optimal shift scheduling", Management Science 36 (1990), for breaks apart from shifts.
struct RosterProgram {
  /// A start and a length of a type.
  struct Form {
    let type: Int
    let start: Int
    let length: Int
  }

  struct Tour {
    let form: Int
    let days: [Int]
    let people: Variable
  }

  struct DayShift {
    let form: Int
    let day: Int
    let breakPlace: Int?
    /// The people: one variable, or the sum over the tours of the day.
    let people: LinearExpression
  }

  let problem: RosterProblem
  private(set) var program = LinearProgram()
  private(set) var forms: [Form] = []
  private(set) var tours: [Tour] = []
  private(set) var dayShifts: [DayShift] = []

  init(_ problem: RosterProblem) throws(AssayError) {
    self.problem = problem
    let days = problem.dayCount
    for (number, type) in problem.shiftTypes.enumerated() {
      let patterns = type.workPatterns.isEmpty ? (0..<days).map { [$0] } : type.workPatterns
      var people = LinearExpression()
      for start in type.starts {
        for length in type.lengths {
          let form = forms.count
          forms.append(Form(type: number, start: start, length: length))
          var byDay = [LinearExpression](repeating: LinearExpression(), count: days)
          for pattern in patterns where fits(start, length, pattern) {
            let count = program.integer("\(type.name) from \(start) on days \(pattern)")
            tours.append(Tour(form: form, days: pattern, people: count))
            people.add(1, count)
            for day in pattern { byDay[day].add(1, count) }
            program.objective.add(Double(pattern.count) * cost(type, length), count)
          }
          addDayShifts(form, type, length, byDay)
        }
      }
      if type.leastStaff > 0 {
        program.add(people >= Double(type.leastStaff), "at least \(type.leastStaff) people of \(type.name)")
      }
      if let most = type.mostStaff { program.add(people <= Double(most), "at most \(most) people of \(type.name)") }
    }
    guard !tours.isEmpty else {
      throw AssayError(
        .configuration, "no shift ends before the last day does", at: "roster",
        remedy: "allow earlier starts or shorter shifts, or make the roster cyclic")
    }
    addLimits()
    try addNeeds()
  }

  private func fits(_ start: Int, _ length: Int, _ pattern: [Int]) -> Bool {
    let end = problem.dayCount * problem.intervalCount
    return problem.isCyclic || pattern.allSatisfy { $0 * problem.intervalCount + start + length <= end }
  }

  private func cost(_ type: ShiftType, _ length: Int) -> Double {
    let overtime = Double(type.overtimeIntervals(length: length))
    let regular = Double(type.paidIntervals(length: length)) - overtime
    return type.costPerShift + type.costPerInterval * (regular + type.overtimeFactor * overtime)
  }

  private mutating func addDayShifts(_ form: Int, _ type: ShiftType, _ length: Int, _ byDay: [LinearExpression]) {
    let breaks = type.breaks(length: length)
    for (day, people) in byDay.enumerated() where !people.terms.isEmpty {
      if breaks.count == 1 {
        dayShifts.append(DayShift(form: form, day: day, breakPlace: breaks[0], people: people))
        continue
      }
      let parts = breaks.map { place in
        let part = program.integer("\(type.name) on day \(day + 1), break after \(place ?? 0)")
        dayShifts.append(DayShift(form: form, day: day, breakPlace: place, people: part.expression))
        return part
      }
      program.add(sum(parts) == people, "each \(type.name) of day \(day + 1) has one break")
    }
  }

  private mutating func addLimits() {
    if let most = problem.mostStaff { program.add(sum(tours.map(\.people)) <= Double(most), "at most \(most) people") }
    if let share = problem.mostPartTime {
      var difference = LinearExpression()
      for tour in tours {
        difference.add((problem.shiftTypes[forms[tour.form].type].isPartTime ? 1 : 0) - share, tour.people)
      }
      program.add(difference <= 0, "at most \(shortText(share * 100)) percent part-time people")
    }
  }

  /// The intervals that a shift of a day works in, counted from the first day's start; the cycle closed.
  func work(_ shift: DayShift) -> [Int] {
    let form = forms[shift.form]
    let all = problem.dayCount * problem.intervalCount
    let first = shift.day * problem.intervalCount + form.start
    let pause = shift.breakPlace.map { $0..<$0 + problem.shiftTypes[form.type].breakLength } ?? 0..<0
    return (0..<form.length).filter { !pause.contains($0) }.map { (first + $0) % all }
  }

  private mutating func addNeeds() throws(AssayError) {
    var cover = [LinearExpression](repeating: LinearExpression(), count: problem.dayCount * problem.intervalCount)
    for shift in dayShifts { for place in work(shift) { cover[place].add(1, shift.people) } }
    for (place, people) in cover.enumerated() {
      let (day, interval) = place.quotientAndRemainder(dividingBy: problem.intervalCount)
      let need = problem.scheduledNeed(day, interval)
      if need == 0 { continue }
      let name = "the need of \(shortText(need)) on \(problem.name(day: day, interval: interval))"
      if let price = problem.shortageCost {
        let missing = program.variable("missing")
        program.objective.add(price, missing)
        program.add(people + missing >= need, name)
      } else if people.terms.isEmpty {
        throw AssayError(
          .configuration, "\(name) cannot be met: no allowed shift works then", at: "roster",
          remedy: "allow starts, lengths or breaks that do, or give a cost of shortage")
      } else {
        // People are whole, so the next whole number is needed anyway; it is the tighter constraint.
        program.add(people >= (need - 1e-9).rounded(.up), name)
      }
    }
  }
}
