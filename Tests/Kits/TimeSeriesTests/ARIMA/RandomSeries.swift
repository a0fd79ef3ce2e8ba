import Basics
import Foundation
import TimeSeries

/// Simulated series for tests.
enum RandomSeries {
  static func stream(_ seed: UInt64) -> RandomStream { RandomKey(seed: seed)["series"].stream() }

  /// An ARMA(1,1) process with a level.
  static func arma(_ seed: UInt64, count: Int, phi: Double, theta: Double, level: Double = 0) -> [Double] {
    var stream = RandomSeries.stream(seed)
    var (value, shock) = (0.0, stream.normal())
    var result: [Double] = []
    for t in 0..<count + 100 {
      let next = stream.normal()
      value = phi * value + next + theta * shock
      shock = next
      if t >= 100 { result.append(level + value) }
    }
    return result
  }

  /// A monthly series with trend, season and noise around a random walk.
  static func monthly(_ seed: UInt64, count: Int) -> [Double] {
    var stream = RandomSeries.stream(seed)
    let height = 5 + 10 * stream.uniform()
    let slope = stream.uniform() - 0.3
    var level = 100.0
    return (0..<count).map { t in
      level += slope + 2 * stream.normal()
      return level + height * sin(2 * .pi * Double(t) / 12) + 2 * stream.normal()
    }
  }
}
