import Foundation
import Kernels

/// The components of a Gaussian mixture and the two steps of its fit.
struct MixtureComponents: Sendable, Codable {
  let count: Int
  let width: Int
  let isFull: Bool
  let shares: [Double]
  /// `width` numbers per component.
  let means: [Double]
  /// Cholesky factors (row-major, lower) of the covariances; for a diagonal one the deviations.
  let factors: [[Double]]
  /// Of the log of the density, what does not depend on the point.
  private let constants: [Double]
  var logLikelihood = -Double.infinity

  private static let shardRows = 1024

  /// Components from the probabilities of each row, `[row * count + component]`.
  init(_ points: CentrePoints, _ responsibilities: [Double], count: Int, isFull: Bool, regularization: Double) {
    let width = points.width
    let size = MixtureComponents.shardRows
    let shards = (points.rowCount + size - 1) / size
    func sum(_ entries: Int, _ body: @Sendable (Int, inout [Double]) -> Void) -> [Double] {
      let parts = parallelMap(shards, threads: points.threads) { shard in
        var part = [Double](repeating: 0, count: entries)
        for row in shard * size..<min(points.rowCount, (shard + 1) * size) { body(row, &part) }
        return part
      }
      return parts.reduce(into: Array(repeating: 0, count: entries)) { total, part in
        for index in part.indices { total[index] += part[index] }
      }
    }
    let first = sum(count * (width + 1)) { row, part in
      for k in 0..<count {
        let r = responsibilities[row * count + k]
        if r == 0 { continue }
        part[k * (width + 1) + width] += r
        for column in 0..<width { part[k * (width + 1) + column] += r * Double(points.values[row * width + column]) }
      }
    }
    let weights = (0..<count).map { max(first[$0 * (width + 1) + width], 1e-10) }
    let means = (0..<count).flatMap { k in
      first[k * (width + 1)..<k * (width + 1) + width].map { $0 / weights[k] }
    }
    let entries = isFull ? width * width : width
    let second = sum(count * entries) { row, part in
      var difference = [Double](repeating: 0, count: width)
      for k in 0..<count {
        let r = responsibilities[row * count + k]
        if r == 0 { continue }
        for column in 0..<width {
          difference[column] = Double(points.values[row * width + column]) - means[k * width + column]
        }
        if isFull {
          for i in 0..<width {
            let scaled = r * difference[i]
            for j in 0...i { part[k * entries + i * width + j] += scaled * difference[j] }
          }
        } else {
          for i in 0..<width { part[k * entries + i] += r * difference[i] * difference[i] }
        }
      }
    }
    factors = (0..<count).map { k in
      var covariance = second[k * entries..<(k + 1) * entries].map { $0 / weights[k] }
      guard isFull else { return covariance.map { ($0 + regularization).squareRoot() } }
      for i in 0..<width { covariance[i * width + i] += regularization }
      // Rounding can leave an almost flat covariance indefinite; more on the diagonal mends it.
      var extra = regularization
      while true {
        if let factor = choleskyFactor(covariance, size: width) { return factor }
        for i in 0..<width { covariance[i * width + i] += extra }
        extra *= 10
      }
    }
    let total = weights.reduce(0, +)
    let shares = weights.map { $0 / total }
    constants = factors.indices.map { [factors] k in
      var logDeterminant = 0.0
      for i in 0..<width { logDeterminant += log(factors[k][isFull ? i * width + i : i]) }
      return log(shares[k]) - logDeterminant - 0.5 * Double(width) * log(2 * Double.pi)
    }
    self.count = count
    self.width = width
    self.isFull = isFull
    self.shares = shares
    self.means = means
  }

  /// The Bayesian information criterion.
  func criterion(rows: Int) -> Double {
    let covariances = isFull ? width * (width + 1) / 2 : width
    let parameters = count * (width + covariances) + count - 1
    return Double(parameters) * log(Double(rows)) - 2 * Double(rows) * logLikelihood
  }

  /// The probability of each component for each row, and the mean log likelihood.
  func responsibilities(_ points: CentrePoints) -> (values: [Double], logLikelihood: Double) {
    let size = MixtureComponents.shardRows
    let parts = parallelMap((points.rowCount + size - 1) / size, threads: points.threads) { shard in
      let rows = shard * size..<min(points.rowCount, (shard + 1) * size)
      var values = [Double](repeating: 0, count: rows.count * count)
      var difference = [Double](repeating: 0, count: width)
      var total = 0.0
      for row in 0..<rows.count {
        var highest = -Double.infinity
        for k in 0..<count {
          for column in 0..<width {
            difference[column] =
              Double(points.values[(rows.lowerBound + row) * width + column]) - means[k * width + column]
          }
          let density = constants[k] - 0.5 * min(squaredLength(&difference, k), 1e300)
          values[row * count + k] = density
          highest = max(highest, density)
        }
        var sum = 0.0
        for k in 0..<count {
          values[row * count + k] = exp(values[row * count + k] - highest)
          sum += values[row * count + k]
        }
        for k in 0..<count { values[row * count + k] /= sum }
        total += highest + log(sum)
      }
      return (values, total)
    }
    let total = parts.reduce(0) { $0 + $1.1 }
    return (parts.flatMap(\.0), total / Double(max(points.rowCount, 1)))
  }

  /// The squared Mahalanobis length of a difference to a mean; the difference is overwritten.
  private func squaredLength(_ difference: inout [Double], _ k: Int) -> Double {
    var sum = 0.0
    if isFull {
      solveLower(factors[k], size: width, &difference)
      for value in difference { sum += value * value }
    } else {
      for i in 0..<width { sum += (difference[i] / factors[k][i]) * (difference[i] / factors[k][i]) }
    }
    return sum
  }
}
