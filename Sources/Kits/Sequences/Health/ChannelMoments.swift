/// Means and the covariance of channels, and the projections that follow from them.
struct ChannelMoments {
  let means: [Double]
  /// Row-major, channels x channels.
  let covariance: [Double]
  private let values: [[Float]]

  init(_ units: UnitSequences) {
    values = units.values
    let count = values.count
    let rows = Double(units.rowCount)
    let means = values.map { $0.reduce(0) { $0 + Double($1) } / rows }
    var covariance = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        var sum = 0.0
        for row in 0..<units.rowCount {
          sum += (Double(values[i][row]) - means[i]) * (Double(values[j][row]) - means[j])
        }
        covariance[i * count + j] = sum / rows
        covariance[j * count + i] = sum / rows
      }
    }
    self.means = means
    self.covariance = covariance
  }

  /// The coefficients of ridge regression over some rows, by Cholesky's decomposition.
  func regression(on labels: [Double], rows: [Int], ridge: Double) -> [Double] {
    let count = values.count
    let middle = rows.reduce(0) { $0 + labels[$1] } / Double(rows.count)
    var right = values.indices.map { channel in
      rows.reduce(0) { $0 + (Double(values[channel][$1]) - means[channel]) * (labels[$1] - middle) }
        / Double(rows.count)
    }
    var factor = covariance
    let largest = (0..<count).map { covariance[$0 * count + $0] }.max() ?? 0
    for i in 0..<count {
      // A little more than nothing keeps channels that say the same from breaking the decomposition.
      factor[i * count + i] += ridge + 1e-9 * largest
      for j in 0...i {
        var rest = factor[i * count + j]
        for k in 0..<j { rest -= factor[i * count + k] * factor[j * count + k] }
        factor[i * count + j] = i == j ? rest.squareRoot() : rest / factor[j * count + j]
      }
    }
    for i in 0..<count {
      for k in 0..<i { right[i] -= factor[i * count + k] * right[k] }
      right[i] /= factor[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in i + 1..<max(count, i + 1) { right[i] -= factor[k * count + i] * right[k] }
      right[i] /= factor[i * count + i]
    }
    return right
  }

  /// The direction of the largest variance, by power iteration, turned so that units fall along it.
  func principal(falling units: UnitSequences) -> [Double] {
    let count = values.count
    // Unlike numbers, so that the start is not at a right angle to the direction.
    var vector = (0..<count).map { 1 + 0.1 * Double($0 % 7) }
    for _ in 0..<500 {
      var next = [Double](repeating: 0, count: count)
      for i in 0..<count { for j in 0..<count { next[i] += covariance[i * count + j] * vector[j] } }
      let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return Array(repeating: 0, count: count) }
      vector = next.map { $0 / length }
    }
    var rise = 0.0
    for unit in units.units where unit.rows.count > 1 {
      for channel in 0..<count {
        rise +=
          vector[channel] * Double(values[channel][unit.rows.upperBound - 1] - values[channel][unit.rows.lowerBound])
      }
    }
    return rise > 0 ? vector.map { -$0 } : vector
  }
}
