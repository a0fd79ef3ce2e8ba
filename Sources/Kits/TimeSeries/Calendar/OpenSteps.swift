import Basics

/// The steps at which anything can happen at all, such as the opening hours of a week: the others are left out of series
/// before they are learned from, and put in again as zeros.
///
/// A method that sees nights and weekends as numbers must learn that they are always zero, and what comes on Monday from
/// the zeros before; without them Monday follows Friday, and each season is as long as the hours that are open.
public struct OpenSteps: Sendable, Codable, Hashable {
  /// The steps after which the pattern comes again, such as 336 half hours of a week.
  public let period: Int
  /// The phases of the period that are open, ascending.
  public let phases: [Int]

  /// A pattern.
  ///
  /// - Parameters:
  ///   - period: At least 1.
  ///   - phases: The open phases, different numbers from 0 to below the period, at least one; put in order here.
  public init(period: Int, phases: [Int]) {
    require(
      period >= 1 && !phases.isEmpty && phases.allSatisfy { (0..<period).contains($0) }
        && Set(phases).count == phases.count, "OpenSteps", "\(phases.count) phases of a period of \(period)")
    self.period = period
    self.phases = phases.sorted()
  }

  /// Finds the phases that are closed: all numbers of all series are zero or missing there. Nil where fewer than three
  /// periods are known, or less than a tenth of the phases is closed.
  public static func found(in panel: [Series], period: Int) -> OpenSteps? {
    guard period > 1, (panel.map(\.count).max() ?? 0) >= 3 * period else { return nil }
    var isOpen = [Bool](repeating: false, count: period)
    for series in panel {
      for (step, value) in series.values.enumerated() where !value.isNaN && value != 0 { isOpen[step % period] = true }
    }
    let phases = isOpen.indices.filter { isOpen[$0] }
    guard !phases.isEmpty, (period - phases.count) * 10 >= period else { return nil }
    return OpenSteps(period: period, phases: phases)
  }

  /// The number of open steps before a step.
  public func count(before step: Int) -> Int {
    let (periods, rest) = step.quotientAndRemainder(dividingBy: period)
    return periods * phases.count + phases.count { $0 < rest }
  }

  /// The step of an open one, counted from 0 among the open ones.
  public func step(_ open: Int) -> Int {
    let (periods, rest) = CalendarDate.floorDivision(open, by: phases.count)
    return periods * period + phases[rest]
  }

  /// The open steps of values from step 0 on.
  public func kept(_ values: [Double]) -> [Double] {
    (0..<count(before: values.count)).map { values[step($0)] }
  }

  /// The seasons in open steps: that of the period, shorter ones that it holds whole and that have the same number of open
  /// steps wherever they have some, and multiples of the period. The others are left out.
  public func seasons(_ seasons: [Int]) -> [Int] {
    var found: Set<Int> = []
    for season in seasons {
      if season % period == 0 {
        found.insert(season / period * phases.count)
      } else if period % season == 0 {
        let blocks = Dictionary(grouping: phases) { $0 / season }.values.map { $0.map { $0 % season } }
        if let first = blocks.first, blocks.allSatisfy({ $0 == first }) { found.insert(first.count) }
      }
    }
    return found.filter { $0 > 1 }.sorted()
  }
}
