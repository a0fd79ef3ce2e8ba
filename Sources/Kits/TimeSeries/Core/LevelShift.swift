import Foundation

/// A step at which the level of a series becomes many times another and stays there: a change of the unit, such as
/// pieces instead of boxes, rather than of what was measured.
public struct LevelShift: Sendable, Hashable {
  /// The first step of the new level, from 0.
  public let step: Int
  /// The new level over the old one, above 0.
  public let ratio: Double

  /// Finds the largest shift of a series; nil where there is none.
  ///
  /// The levels are the medians of the numbers in the windows before and after a step. Both must keep to themselves: of
  /// the numbers before, at most a tenth may be nearer to the level after (on the scale of logarithms), and the other way
  /// round.
  ///
  /// - Parameters:
  ///   - values: The series; missing values are left out, and so are zeros and negative numbers.
  ///   - leastRatio: The least change of the level, up or down; 8 by default, which growth and seasons do not reach.
  ///   - window: The numbers before and after, at least 4; 21 by default.
  public static func largest(in values: [Double], leastRatio: Double = 8, window: Int = 21) -> LevelShift? {
    let places = values.indices.filter { values[$0] > 0 && values[$0].isFinite }
    let logs = places.map { log(values[$0]) }
    let width = min(max(4, window), logs.count / 2)
    guard width >= 4 else { return nil }
    func median(_ range: Range<Int>) -> Double {
      let sorted = logs[range].sorted()
      return interpolatedQuantile(ofSorted: sorted, 0.5)
    }
    var best: (place: Int, size: Double)?
    for place in width...(logs.count - width) {
      // Most steps are dismissed by the numbers beside them.
      guard abs(logs[place] - logs[place - 1]) > 0.5 * log(leastRatio) else { continue }
      let (before, after) = (median(place - width..<place), median(place..<place + width))
      let size = after - before
      guard abs(size) > log(leastRatio), abs(size) > abs(best?.size ?? 0) else { continue }
      let middle = (before + after) / 2
      let strayed =
        (place - width..<place).count { (logs[$0] - middle) * size > 0 }
        + (place..<place + width).count { (logs[$0] - middle) * size < 0 }
      if strayed * 10 <= 2 * width { best = (place, size) }
    }
    return best.map { LevelShift(step: places[$0.place], ratio: exp($0.size)) }
  }
}
