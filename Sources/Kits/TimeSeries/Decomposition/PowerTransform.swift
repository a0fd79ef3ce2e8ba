import Foundation

/// A change of scale that makes the size of errors depend less on the level (Box and Cox 1964).
public enum PowerTransform: Sendable, Codable, Hashable {
  /// As it is.
  case none
  /// The logarithm.
  case log
  /// (y^lambda - 1) / lambda, the logarithm for 0.
  case power(Double)
  /// The power between 0 and 1 for which the spread of a season depends least on its level (Guerrero, "Time-series
  /// analysis supported by power transformations", Journal of Forecasting 12, 1993).
  case automatic

  /// The power for a series; nil to leave it as it is, which a number of zero or below demands.
  ///
  /// - Parameters:
  ///   - values: The series; missing values are left out.
  ///   - season: The steps that are one block for the automatic choice, at least 2.
  public func power(for values: [Double], season: Int) -> Double? {
    let present = values.filter { !$0.isNaN }
    guard let smallest = present.min(), smallest > 0 else { return nil }
    switch self {
    case .none: return nil
    case .log: return 0
    case .power(let lambda): return lambda
    case .automatic: return PowerTransform.guerrero(present, block: max(2, season))
    }
  }

  /// The transformed value.
  @inlinable
  public static func apply(_ value: Double, power: Double) -> Double {
    abs(power) < 1e-9 ? Foundation.log(value) : (pow(value, power) - 1) / power
  }

  /// The value back on its own scale; 0 for what no value transforms to.
  @inlinable
  public static func invert(_ value: Double, power: Double) -> Double {
    if abs(power) < 1e-9 { return exp(value) }
    let base = power * value + 1
    return base <= 0 ? 0 : pow(base, 1 / power)
  }

  private static func guerrero(_ values: [Double], block: Int) -> Double {
    let blocks = values.count / block
    guard blocks >= 3 else { return 1 }
    let start = values.count - blocks * block
    let moments = (0..<blocks).map { k -> (mean: Double, deviation: Double) in
      let part = values[start + k * block..<start + (k + 1) * block]
      let mean = part.reduce(0, +) / Double(block)
      return (mean, (part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(block - 1)).squareRoot())
    }
    func variation(_ power: Double) -> Double {
      let ratios = moments.map { $0.deviation / pow($0.mean, 1 - power) }
      let mean = ratios.reduce(0, +) / Double(blocks)
      guard mean > 0 else { return 0 }
      return (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(blocks - 1)).squareRoot() / mean
    }
    // The function is smooth with one minimum in practice: a grid, then a finer one around the best.
    var best = (power: 1.0, value: variation(1))
    for width in [0.1, 0.01] {
      let centre = best.power
      for k in -10...10 {
        let power = width == 0.1 ? (Double(k) + 10) / 20 : centre + Double(k) * width / 2
        guard (0...1).contains(power) else { continue }
        let value = variation(power)
        if value < best.value { best = (power, value) }
      }
    }
    return best.power
  }
}
