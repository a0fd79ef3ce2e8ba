import Foundation

/// Where a window lies: the numbers before `origin` are known, those from it on are to be forecast.
struct Window: Sendable, Hashable {
  /// The position of the series in the panel.
  let series: Int
  /// The first step to forecast, counted in the series without its padding.
  let origin: Int
}

/// How a window was scaled: what takes a forecast back.
struct WindowScale: Sendable {
  var centre = 0.0
  var unit = 1.0
  /// Added to the scaled forecast, step by step in turn, beginning with the first; empty if nothing is.
  var profile: [Double] = []

  /// A scaled forecast in the series' own numbers, before logarithms are taken back.
  func restored(_ value: Double, step: Int) -> Double {
    centre + unit * (profile.isEmpty ? value : value + profile[step % profile.count])
  }
}

/// Reads scaled windows of a panel.
struct WindowReader: Sendable {
  let panel: WindowPanel
  let scaling: WindowScaling
  let seasons: [Int]
  let horizon: Int

  var lookBack: Int { panel.lookBack }

  /// Whether windows are brought to a common size.
  var isScaled: Bool { scaling.unit != .one }

  /// The longest season that a window holds some times; nil if there is none.
  private func season(times: Int) -> Int? { seasons.last { $0 > 1 && $0 * times <= lookBack } }

  /// Writes the window's numbers, and what is to be forecast if it is asked for.
  ///
  /// - Parameters:
  ///   - input: Room for `lookBack` numbers.
  ///   - target: Room for `horizon` numbers, zero where they are not known.
  ///   - weight: Room for `horizon` numbers: 1 where the target is known, else 0.
  /// - Returns: How the window was scaled, and the share of the targets that are known.
  @discardableResult
  func read(
    _ window: Window, input: UnsafeMutablePointer<Float>, target: UnsafeMutablePointer<Float>? = nil,
    weight: UnsafeMutablePointer<Float>? = nil
  ) -> (scale: WindowScale, known: Double) {
    let entry = panel.entries[window.series]
    return entry.values.withUnsafeBufferPointer { values in
      let past = UnsafeBufferPointer(rebasing: values[window.origin..<window.origin + lookBack])
      let scale = scale(past, smallest: entry.smallestUnit)
      let profile = scale.profile
      let inverse = 1 / scale.unit
      for step in 0..<lookBack { input[step] = Float((past[step] - scale.centre) * inverse) }
      if !profile.isEmpty {
        // The step before the origin has the profile's last position.
        var position = profile.count - 1
        for step in stride(from: lookBack - 1, through: 0, by: -1) {
          input[step] -= Float(profile[position])
          position = position == 0 ? profile.count - 1 : position - 1
        }
      }
      guard let target else { return (scale, 0) }
      var known = 0
      for step in 0..<horizon {
        let at = window.origin + step
        let isKnown = at < entry.count && (entry.observed.isEmpty || entry.observed[at])
        if isKnown { known += 1 }
        weight?[step] = isKnown ? 1 : 0
        var value = 0.0
        if at < entry.count {
          value = (values[at + lookBack] - scale.centre) * inverse
          if !profile.isEmpty { value -= profile[step % profile.count] }
        }
        target[step] = Float(value)
      }
      return (scale, Double(known) / Double(horizon))
    }
  }

  private func scale(_ past: UnsafeBufferPointer<Double>, smallest: Double) -> WindowScale {
    var result = WindowScale()
    let count = Double(past.count)
    var sum = 0.0
    for value in past { sum += value }
    let mean = sum / count
    switch scaling.centre {
    case .zero: break
    case .mean: result.centre = mean
    case .last: result.centre = past[past.count - 1]
    case .lastSeason:
      if let season = season(times: 1) {
        var sum = 0.0
        for step in past.count - season..<past.count { sum += past[step] }
        result.centre = sum / Double(season)
      } else {
        result.centre = mean
      }
    }
    result.unit = unit(scaling.unit, past, mean: mean, smallest: smallest)
    if scaling.removesProfile, let season = season(times: 2) {
      let cycles = past.count / season
      let start = past.count - cycles * season
      var profile = [Double](repeating: 0, count: season)
      for step in start..<past.count { profile[(step - start) % season] += past[step] }
      let mean = profile.reduce(0, +) / Double(season)
      result.profile = profile.map { ($0 - mean) / Double(cycles) / result.unit }
    }
    return result
  }

  /// The size of a window that numbers are divided by.
  private func unit(
    _ unit: WindowScaling.Unit, _ past: UnsafeBufferPointer<Double>, mean: Double, smallest: Double
  ) -> Double {
    let count = Double(past.count)
    var sum = 0.0
    switch unit {
    case .one: return 1
    case .deviation:
      for value in past { sum += (value - mean) * (value - mean) }
      return max((sum / count).squareRoot(), smallest)
    case .level:
      for value in past { sum += Swift.abs(value) }
      return max(sum / count, smallest)
    case .seasonalChange:
      let lag = min(seasons.first { $0 > 1 && 2 * $0 <= lookBack } ?? 1, past.count - 1)
      for step in lag..<past.count { sum += Swift.abs(past[step] - past[step - lag]) }
      return max(sum / Double(max(past.count - lag, 1)), smallest)
    }
  }

  /// How many of another unit a window's unit is, at most 100: the factor by which errors count where they are measured
  /// in the other one.
  func ratio(of window: Window, scale: WindowScale, to other: WindowScaling.Unit) -> Float {
    if other == scaling.unit { return 1 }
    let entry = panel.entries[window.series]
    return entry.values.withUnsafeBufferPointer { values in
      let past = UnsafeBufferPointer(rebasing: values[window.origin..<window.origin + lookBack])
      let mean = past.reduce(0, +) / Double(past.count)
      return Float(min(100, scale.unit / unit(other, past, mean: mean, smallest: entry.smallestUnit)))
    }
  }
}
