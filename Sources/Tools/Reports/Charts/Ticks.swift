import Foundation

/// Where an axis gets its marks: numbers that people count in.
public enum Ticks {
  /// The step of 1, 2 or 5 times a power of ten that gives about `count` ticks over a span.
  public static func step(span: Double, count: Int) -> Double {
    guard span.isFinite, span > 0 else { return 1 }
    let rough = span / Double(max(1, count))
    let power = pow(10, floor(log10(rough)))
    let multiple = rough / power
    // The borders are the geometric means between neighbours, so that the count is missed by at most the factor 1.6.
    return power * (multiple < 1.414 ? 1 : multiple < 3.162 ? 2 : multiple < 7.071 ? 5 : 10)
  }

  /// The multiples of `step` inside a range.
  public static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
    guard step > 0, step.isFinite else { return [] }
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first.isFinite, last >= first, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { multiple in
      // A step below one is a division by a whole number, which keeps 0.3 from becoming 0.30000000000000004.
      let value = step < 1 ? multiple / (1 / step).rounded(toPlaces: 6) : multiple * step
      return min(max(value == 0 ? 0 : value, range.lowerBound), range.upperBound)
    }
  }

  /// About `count` ticks inside a linear range.
  public static func linear(in range: ClosedRange<Double>, count: Int) -> [Double] {
    multiples(of: step(span: range.upperBound - range.lowerBound, count: count), in: range)
  }

  /// The range grown outwards to the next ticks.
  public static func nice(_ range: ClosedRange<Double>, count: Int) -> ClosedRange<Double> {
    let step = step(span: range.upperBound - range.lowerBound, count: count)
    let lower = (range.lowerBound / step + 1e-9).rounded(.down) * step
    let upper = (range.upperBound / step - 1e-9).rounded(.up) * step
    return min(lower, range.lowerBound)...max(upper, range.upperBound)
  }

  /// Ticks inside a range of positive numbers on a logarithmic axis: powers of ten, thinned where there are many; with
  /// their double and fivefold where there are few; linear ticks where not even these give two.
  public static func logarithmic(in range: ClosedRange<Double>, count: Int) -> [Double] {
    guard range.lowerBound > 0, range.upperBound.isFinite else { return [] }
    let first = Int(floor(log10(range.lowerBound) - 1e-9))
    let last = Int(ceil(log10(range.upperBound) + 1e-9))
    let inside = { (value: Double) in
      value >= range.lowerBound * (1 - 1e-12) && value <= range.upperBound * (1 + 1e-12)
    }
    let powers = (first...last).map { pow(10, Double($0)) }.filter(inside)
    if powers.count > count {
      let stride = (powers.count + count - 1) / max(1, count)
      return powers.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    }
    let fine = (first...last).flatMap { exponent in [1, 2, 5].map { $0 * pow(10, Double(exponent)) } }.filter(inside)
    if powers.count < 3, fine.count <= 2 * count, fine.count >= 2 { return fine }
    return powers.count >= 2 ? powers : linear(in: range, count: count)
  }

  /// Ticks inside a range of seconds since 1970, on whole minutes, hours, days, Mondays, months or years in UTC, with
  /// their typical distance in seconds.
  public static func dates(in range: ClosedRange<Double>, count: Int) -> (ticks: [Double], step: Double) {
    let day = 86_400.0
    let rough = (range.upperBound - range.lowerBound) / Double(max(1, count))
    let seconds = [1.0, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, day, 2 * day]
    if let step = seconds.first(where: { $0 >= rough }) { return (multiples(of: step, in: range), step) }
    if let step = [7 * day, 14 * day].first(where: { $0 >= rough }) {
      // 1970-01-05 was a Monday.
      let shift = 4 * day
      let shifted = range.lowerBound - shift...range.upperBound - shift
      return (multiples(of: step, in: shifted).map { $0 + shift }, step)
    }
    guard let start = DateText.parts(range.lowerBound)?.date, let end = DateText.parts(range.upperBound)?.date
    else { return (linear(in: range, count: count), 365.25 * day) }
    if let months = [1, 3, 6].first(where: { Double($0) * 30.44 * day >= rough }) {
      let first = (start.year * 12 + start.month - 1) / months * months
      let last = end.year * 12 + end.month
      let ticks = stride(from: first, through: last, by: months).map {
        DateText.start(year: $0 / 12, month: $0 % 12 + 1)
      }
      return (ticks.filter(range.contains), Double(months) * 30.44 * day)
    }
    let years = max(1, step(span: rough / (365.25 * day), count: 1))
    let ticks = multiples(of: years, in: Double(start.year)...Double(end.year)).map {
      DateText.start(year: Int($0), month: 1)
    }
    return (ticks.filter(range.contains), years * 365.25 * day)
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let scale = pow(10, Double(places))
    let scaled = (self * scale).rounded()
    return abs(scaled) < 1e15 ? scaled / scale : self
  }
}
