import Foundation

/// What covariates do to a series, learned beside its trend and its season, to be taken out of the past and put into the
/// forecast: the adjustment by regression that precedes the adjustment for seasons at statistical offices (Findley,
/// Monsell, Bell, Otto and Chen, "New capabilities and methods of the X-12-ARIMA seasonal-adjustment program", Journal of
/// Business and Economic Statistics 16, 1998).
///
/// Least squares on the covariates, on the phases of the longest season that fits three times, and on a trend of straight
/// pieces; on logarithms where nothing is negative and zeros are rare, so that effects are factors. An effect b of
/// standard error s, widened for errors that go together from step to step, shrinks to b max(0, 1 - s^2 / b^2): what is
/// not seen clearly is left out.
struct CovariateEffects: Sendable {
  /// By step of the series and of what follows: factors, or amounts where `isFactor` is false.
  let effects: [Double]
  /// Whether effects multiply.
  let isFactor: Bool
  /// How many covariates are left.
  let used: Int

  /// Learns the effects; nil where there are too few steps, zeros are many, or nothing is seen.
  ///
  /// - Parameter covariates: They cover at least the steps of the series.
  init?(_ values: [Double], covariates: Covariates, seasons: [Int]) {
    let count = values.count
    let known = values.filter { !$0.isNaN }
    let zeros = known.count { $0 == 0 }
    isFactor = known.allSatisfy { $0 >= 0 }
    guard !covariates.names.isEmpty, known.count >= 20, !isFactor || zeros * 10 <= known.count else { return nil }
    let isFactor = isFactor
    // A zero among positive numbers is another thing than a low number: it says nothing of factors.
    let rows = values.indices.filter { !values[$0].isNaN && (!isFactor || values[$0] > 0) }
    let own = covariates.names.count
    let pieces = max(4 * (seasons.first ?? 1), count / 20, 10)
    let knots = max(1, (count - 1) / pieces)
    let season = seasons.last { 3 * $0 <= rows.count } ?? 1
    let size = own + knots
    guard rows.count >= 2 * size + season + 8 || rows.count >= 3 * season + 2 * size else { return nil }
    // The covariates, then hats whose sum with the first, which is left out, is the constant that the phases have.
    var columns = covariates.columns.map { column in rows.map { column[$0] } }
    for knot in stride(from: 1, through: knots, by: 1) {
      columns.append(rows.map { max(0, 1 - abs(Double($0) / Double(pieces) - Double(knot))) })
    }
    var target = rows.map { isFactor ? log(values[$0]) : values[$0] }
    let means = covariates.columns.map { column in rows.reduce(0) { $0 + column[$1] } / Double(rows.count) }
    // Residuals on the phases of everything give the same slopes as dummies beside them (Frisch and Waugh 1933).
    Self.leaveOutPhases(&target, rows, season)
    for index in columns.indices { Self.leaveOutPhases(&columns[index], rows, season) }
    guard let slopes = Self.slopes(target, columns, own: own, freedom: rows.count - size - season, rows) else {
      return nil
    }
    used = slopes.count { $0 != 0 }
    guard used > 0 else { return nil }
    effects = (0..<covariates.count).map { step in
      var sum = 0.0
      for index in 0..<own where slopes[index] != 0 {
        sum += slopes[index] * (covariates.columns[index][step] - means[index])
      }
      // A covariate far outside of what was seen must not carry the forecast away.
      return isFactor ? exp(min(3, max(-3, sum))) : sum
    }
  }

  private static func leaveOutPhases(_ column: inout [Double], _ rows: [Int], _ season: Int) {
    var sums = [Double](repeating: 0, count: season)
    var counts = sums
    for (place, row) in rows.enumerated() {
      sums[row % season] += column[place]
      counts[row % season] += 1
    }
    for (place, row) in rows.enumerated() { column[place] -= sums[row % season] / counts[row % season] }
  }

  /// The shrunken slopes of the first columns; nil where the columns cannot be told apart.
  private static func slopes(
    _ target: [Double], _ columns: [[Double]], own: Int, freedom: Int, _ rows: [Int]
  ) -> [Double]? {
    let size = columns.count
    var normal = [Double](repeating: 0, count: size * size)
    var slopes = [Double](repeating: 0, count: size)
    for a in 0..<size {
      for b in 0...a { normal[a * size + b] = zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 * $1.1 } }
      slopes[a] = zip(columns[a], target).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let largest = (0..<size).map { normal[$0 * size + $0] }.max() ?? 0
    for a in 0..<size { normal[a * size + a] += max(1e-7 * normal[a * size + a], 1e-10 * largest, 1e-300) }
    let constant = (0..<own).map { normal[$0 * size + $0] <= 1e-9 * largest }
    guard SymmetricSystem.factor(&normal, size: size) else { return nil }
    SymmetricSystem.substitute(normal, size: size, &slopes)
    var errors = target
    for index in columns.indices where slopes[index] != 0 {
      for place in errors.indices { errors[place] -= slopes[index] * columns[index][place] }
    }
    let sum = errors.reduce(0) { $0 + $1 * $1 }
    guard sum > 0 else { return Array(slopes.prefix(own)) }
    var together = 0.0
    for place in errors.indices.dropFirst() where rows[place] == rows[place - 1] + 1 {
      together += errors[place] * errors[place - 1]
    }
    let correlation = min(0.9, max(0, together / sum))
    let variance = sum / Double(max(1, freedom)) * (1 + correlation) / (1 - correlation)
    return (0..<own).map { index in
      if constant[index] { return 0 }
      var unit = [Double](repeating: 0, count: size)
      unit[index] = 1
      SymmetricSystem.substitute(normal, size: size, &unit)
      let square = slopes[index] * slopes[index]
      return square > 0 ? slopes[index] * max(0, 1 - variance * unit[index] / square) : 0
    }
  }

  /// The series as if the covariates had been at their means.
  func adjusted(_ series: Series) -> Series {
    Series(
      series.name,
      values: series.values.indices.map { isFactor ? series.values[$0] / effects[$0] : series.values[$0] - effects[$0] }
    )
  }

  /// A forecast of the adjusted series with the effects of its steps put in.
  func restored(_ forecast: Forecast, after count: Int) -> Forecast {
    let ahead = Array(effects[count..<count + forecast.horizon])
    return isFactor ? forecast.multiplied(by: ahead) : forecast.raised(by: ahead)
  }
}
