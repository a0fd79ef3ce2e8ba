import Basics
import Foundation

extension Timeline {
  /// Six columns that are 1 on Tuesday to Sunday; Monday is what they are compared with.
  public func daysOfWeek(count: Int) -> Covariates {
    let names = ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    let days = (0..<count).map { date($0).weekday }
    return Covariates(names: names, columns: (2...7).map { day in days.map { $0 == day ? 1 : 0 } })
  }

  /// Eleven columns that are 1 in February to December.
  public func monthsOfYear(count: Int) -> Covariates {
    let names = [
      "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    let months = (0..<count).map { date($0).month }
    return Covariates(names: names, columns: (2...12).map { month in months.map { $0 == month ? 1 : 0 } })
  }

  /// Twenty-three columns that are 1 in the hours from 1 to 23.
  public func hoursOfDay(count: Int) -> Covariates {
    let hours = (0..<count).map { CalendarDate.floorDivision(moment($0), by: Timeline.day).remainder / 3600 }
    return Covariates(
      names: (1...23).map { "hour \($0)" }, columns: (1...23).map { hour in hours.map { $0 == hour ? 1 : 0 } })
  }

  /// One column with the days of each step that are Monday to Friday: 1 or 0 for days, up to 23 for months.
  public func workingDays(count: Int) -> Covariates {
    let column = (0..<count).map { index in
      Double(days(index).count { CalendarDate(daysSince1970: $0).weekday <= 5 })
    }
    return Covariates(names: ["working days"], columns: [column])
  }

  /// Waves of the year: a sine and a cosine per harmonic, by the true moment, so leap years do no harm.
  public func yearlyWaves(harmonics: Int, count: Int) -> Covariates {
    let year = 365.2425 * Double(Timeline.day)
    let positions = (0..<count).map { (Double(moment($0)) / year).truncatingRemainder(dividingBy: 1) }
    return Covariates.waves(named: "year", positions: positions, harmonics: harmonics)
  }

  /// One column per holiday, and one per day before and after it that the holiday reaches: the days of each step that
  /// are such days.
  public func holidays(_ holidays: [Holiday], count: Int) -> Covariates {
    var names: [String] = []
    var columns: [[Double]] = []
    guard count > 0 else { return Covariates(names: [], columns: []) }
    // A holiday of a neighbouring year may reach into the first or last days.
    let years = date(0).year - 1...date(count - 1).year + 1
    for holiday in holidays {
      let found = holiday.rule.days(in: years)
      for shift in -holiday.daysBefore...holiday.daysAfter {
        let shifted = Set(found.map { $0 + shift })
        names.append(shift == 0 ? holiday.name : "\(holiday.name) \(shift > 0 ? "+" : "")\(shift)")
        columns.append((0..<count).map { Double(days($0).count { shifted.contains($0) }) })
      }
    }
    return Covariates(names: names, columns: columns)
  }
}

extension Covariates {
  /// Sines and cosines of a season of any length in steps, also one that is no whole number (Fourier terms).
  ///
  /// - Parameters:
  ///   - period: The length of the season in steps.
  ///   - harmonics: The number of waves, at most half of the period.
  ///   - count: The steps to cover: those of the series and the horizon.
  public static func fourier(period: Double, harmonics: Int, count: Int) -> Covariates {
    require(period > 1, "Covariates.fourier", "a period of \(period) steps")
    let positions = (0..<count).map { (Double($0) / period).truncatingRemainder(dividingBy: 1) }
    let name = period.rounded() == period ? "\(Int(period))" : "\(period)"
    return waves(named: name, positions: positions, harmonics: min(harmonics, Int(period / 2)), period: period)
  }

  /// Waves over positions within a season, 0 ... 1.
  static func waves(named name: String, positions: [Double], harmonics: Int, period: Double = .infinity) -> Covariates {
    var names: [String] = []
    var columns: [[Double]] = []
    for k in stride(from: 1, through: harmonics, by: 1) {
      // The sine of the shortest wave is zero at every step.
      if 2 * Double(k) < period {
        names.append("sin \(k)/\(name)")
        columns.append(positions.map { sin(2 * .pi * Double(k) * $0) })
      }
      names.append("cos \(k)/\(name)")
      columns.append(positions.map { cos(2 * .pi * Double(k) * $0) })
    }
    return Covariates(names: names, columns: columns)
  }

  /// These columns followed by others of the same length.
  public func joined(with other: Covariates) -> Covariates {
    if names.isEmpty { return other }
    if other.names.isEmpty { return self }
    return Covariates(names: names + other.names, columns: columns + other.columns)
  }
}
