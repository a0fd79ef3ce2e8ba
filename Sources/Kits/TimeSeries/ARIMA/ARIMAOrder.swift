/// The orders of a seasonal ARIMA model, (p,d,q)(P,D,Q)m with or without a constant.
///
/// The model of the differenced series `w = (1-B)^d (1-B^m)^D y` is `phi(B) Phi(B^m) (w - c) = theta(B) Theta(B^m) e`,
/// with `phi(B) = 1 - phi1 B - ...` and `theta(B) = 1 + theta1 B + ...` (Box and Jenkins).
public struct ARIMAOrder: Sendable, Codable, Hashable {
  /// The number of autoregressive terms.
  public var p: Int
  /// The number of differences.
  public var d: Int
  /// The number of moving-average terms.
  public var q: Int
  /// The number of seasonal autoregressive terms.
  public var seasonalP: Int
  /// The number of seasonal differences.
  public var seasonalD: Int
  /// The number of seasonal moving-average terms.
  public var seasonalQ: Int
  /// The length of the season in steps; 1 for none.
  public var season: Int
  /// Whether the differenced series has a mean to learn: a level without differences, a drift with one.
  public var hasConstant: Bool

  /// Creates orders; without a season the seasonal orders are not used.
  public init(
    _ p: Int, _ d: Int, _ q: Int, seasonal: (p: Int, d: Int, q: Int) = (0, 0, 0), season: Int = 1,
    hasConstant: Bool = false
  ) {
    self.p = p
    self.d = d
    self.q = q
    self.season = max(season, 1)
    seasonalP = season > 1 ? seasonal.p : 0
    seasonalD = season > 1 ? seasonal.d : 0
    seasonalQ = season > 1 ? seasonal.q : 0
    self.hasConstant = hasConstant
  }

  /// The coefficients to learn besides the constant: p + q + P + Q.
  public var coefficientCount: Int { p + q + seasonalP + seasonalQ }

  /// The steps that differencing takes from the start of a series: d + D m.
  public var lostSteps: Int { d + seasonalD * season }

  /// The longest autoregressive lag.
  var longestAR: Int { p + seasonalP * season }

  /// The longest moving-average lag.
  var longestMA: Int { q + seasonalQ * season }

  /// The size of the state of the differenced series.
  var stateSize: Int { max(longestAR, longestMA + 1) }

  /// The coefficients `delta` of `y[t] = w[t] + sum of delta[k] y[t-1-k]`.
  var differencing: [Double] {
    var polynomial = [1.0]
    func multiply(lag: Int) {
      var product = polynomial + [Double](repeating: 0, count: lag)
      for (i, value) in polynomial.enumerated() { product[i + lag] -= value }
      polynomial = product
    }
    for _ in 0..<d { multiply(lag: 1) }
    for _ in 0..<seasonalD { multiply(lag: season) }
    return polynomial.dropFirst().map { -$0 }
  }

  /// The values after all differences, `lostSteps` fewer.
  func differenced(_ values: [Double]) -> [Double] {
    var result = values
    for _ in 0..<seasonalD { result = ARIMAOrder.difference(result, lag: season) }
    for _ in 0..<d { result = ARIMAOrder.difference(result, lag: 1) }
    return result
  }

  static func difference(_ values: [Double], lag: Int) -> [Double] {
    guard values.count > lag else { return [] }
    return (lag..<values.count).map { values[$0] - values[$0 - lag] }
  }
}

extension ARIMAOrder: CustomStringConvertible {
  /// "ARIMA(1,1,1)(0,1,1)12 with drift".
  public var description: String {
    let seasonal = season > 1 ? "(\(seasonalP),\(seasonalD),\(seasonalQ))\(season)" : ""
    let constant = !hasConstant ? "" : d + seasonalD == 0 ? " with mean" : " with drift"
    return "ARIMA(\(p),\(d),\(q))" + seasonal + constant
  }
}
