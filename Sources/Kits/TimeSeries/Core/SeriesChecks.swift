import Basics

extension Series {
  /// Refuses a series without any number or with infinite ones.
  ///
  /// - Throws: `data`, with the name of the series.
  public func check() throws {
    var found = false
    for (step, value) in values.enumerated() {
      if value.isInfinite {
        throw AssayError(
          .data, "the value of step \(step + 1) is infinite", at: "series \(name)",
          remedy: "leave it empty if it is unknown")
      }
      if !value.isNaN { found = true }
    }
    if !found {
      throw AssayError(
        .data, values.isEmpty ? "it has no steps" : "every value is missing", at: "series \(name)",
        remedy: "leave the series out")
    }
  }

  /// The values with missing ones put on the straight line between their neighbours; before the first and after the last
  /// number that number is repeated. Empty if there is no number.
  public var interpolated: [Double] {
    var result = values
    var last: Int?
    for step in result.indices where !result[step].isNaN {
      if let last {
        if step - last > 1 {
          let slope = (result[step] - result[last]) / Double(step - last)
          for gap in last + 1..<step { result[gap] = result[last] + slope * Double(gap - last) }
        }
      } else {
        for gap in 0..<step { result[gap] = result[step] }
      }
      last = step
    }
    guard let last else { return [] }
    for gap in last + 1..<max(last + 1, result.count) { result[gap] = result[last] }
    return result
  }
}

extension ForecastRequest {
  /// Refuses a horizon below 1, seasons below 2 or not ascending, levels outside of 0 to 1 or not ascending.
  ///
  /// - Throws: `configuration`.
  public func check() throws {
    guard horizon >= 1 else {
      throw AssayError(.configuration, "the horizon \(horizon) is below 1", remedy: "ask for at least one step")
    }
    guard seasons.allSatisfy({ $0 >= 2 }), zip(seasons, seasons.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw AssayError(
        .configuration, "the seasons \(seasons) are not ascending numbers from 2 on",
        remedy: "give each season's length in steps, the shortest first; none for data without seasons")
    }
    guard levels.allSatisfy({ $0 > 0 && $0 < 1 }), zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw AssayError(
        .configuration, "the levels \(levels) are not ascending numbers between 0 and 1",
        remedy: "give probabilities such as 0.05, 0.5, 0.95")
    }
  }

  /// The longest season of which a series of that many steps holds two whole ones; 1 if there is none.
  func longestSeason(within count: Int) -> Int { seasons.last { 2 * $0 <= count } ?? 1 }

  /// The shortest season of which a series of that many steps holds two whole ones; 1 if there is none.
  func shortestSeason(within count: Int) -> Int { seasons.first { 2 * $0 <= count } ?? 1 }
}
