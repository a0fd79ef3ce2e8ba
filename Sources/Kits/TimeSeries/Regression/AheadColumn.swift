/// Whether what a forecast leans on can be known when the forecast is made: the guard against columns whose future nobody
/// has.
public enum AheadKnowledge: Sendable, Hashable, Codable {
  /// Every step of the horizon has a number.
  case known
  /// No step after the last one of the series has a number: only what is a horizon old may be used.
  case past
  /// Some steps of the horizon have a number; the first that has none is named, from 1.
  case partly(firstMissing: Int)

  /// What a column says of the steps ahead.
  ///
  /// - Parameters:
  ///   - column: The column from the first step of the series on; it may end with the series.
  ///   - count: The steps of the series.
  ///   - horizon: The steps to look ahead.
  public init(_ column: [Double], count: Int, horizon: Int) {
    let ahead = (count..<count + horizon).map { $0 < column.count && column[$0].isFinite }
    if ahead.allSatisfy({ $0 }) {
      self = .known
    } else if !ahead.contains(true) {
      self = .past
    } else {
      self = .partly(firstMissing: (ahead.firstIndex(of: false) ?? 0) + 1)
    }
  }
}

extension Covariates {
  /// A column made whole: a missing number is the one before it, the first ones are the first that is there, zero where
  /// there is none at all; cut or continued to a number of steps.
  public static func carried(_ column: [Double], count: Int) -> [Double] {
    var last = column.first { $0.isFinite } ?? 0
    return (0..<count).map { step in
      if step < column.count, column[step].isFinite { last = column[step] }
      return last
    }
  }

  /// A column moved so many steps later (or earlier where negative); what has no number then repeats the nearest.
  public static func shifted(_ column: [Double], by steps: Int) -> [Double] {
    column.indices.map { column[min(max(0, $0 - steps), column.count - 1)] }
  }
}
