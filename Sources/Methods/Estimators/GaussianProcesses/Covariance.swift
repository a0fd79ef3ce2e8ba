import CKernels
import Foundation
import Kernels

/// The covariance of the labels of two rows: a Matern function of their scaled distance and a linear part.
struct Covariance: Sendable, Codable {
  /// The length scale of each coordinate, as a position in `logScales`.
  let groups: [Int]
  var logScales: [Double]
  /// Of the variances of the smooth part, the linear part and the noise, for labels of variance 1.
  var logSmooth = 0.0
  var logLinear = log(0.1)
  var logNoise = log(0.1)

  /// A start: scales at which rows that differ as usual are a little alike.
  init(groups: [Int]) {
    self.groups = groups
    let count = (groups.max() ?? -1) + 1
    logScales = Array(repeating: Covariance.usualLogScale(count), count: count)
  }

  /// The scale before anything is known: the distance of two rows grows with the root of the number of columns.
  static func usualLogScale(_ count: Int) -> Double { log(1.5 * Double(max(1, count)).squareRoot()) }

  var smooth: Double { exp(logSmooth) }
  var noise: Double { exp(logNoise) }
  /// The variance of the linear part per coordinate.
  var linear: Double { exp(logLinear) / Double(max(1, groups.count)) }

  /// Points with each coordinate divided by its length scale.
  func scaled(_ points: [Float]) -> [Float] {
    let width = groups.count
    if width == 0 { return [] }
    let factors = groups.map { Float(exp(-logScales[$0])) }
    var result = points
    result.withUnsafeMutableBufferPointer { result in
      for start in stride(from: 0, to: result.count, by: width) {
        for column in 0..<width { result[start + column] *= factors[column] }
      }
    }
    return result
  }
}

/// Rows to compare others with: their points as they are and scaled.
struct ComparedRows: Sendable, Codable {
  /// The working memory of a comparison with that many rows.
  struct Buffers {
    fileprivate(set) var covariances: [Double]
    fileprivate var products: [Double]
    fileprivate var decays: [Double]
    fileprivate var roots: [Double]

    init(count: Int) {
      covariances = Array(repeating: 0, count: count)
      (products, decays, roots) = (covariances, covariances, covariances)
    }
  }

  let covariance: Covariance
  let count: Int
  private let points: PackedNumbers
  private let scaledPoints: PackedNumbers

  init(_ points: [Float], count: Int, covariance: Covariance) {
    self.covariance = covariance
    self.count = count
    self.points = PackedNumbers(points)
    scaledPoints = PackedNumbers(covariance.scaled(points))
  }

  /// Writes the covariances, without noise, of a point with the first `limit` rows.
  func covariances(_ point: ArraySlice<Float>, limit: Int, _ buffers: inout Buffers) {
    let width = covariance.groups.count
    let plain = Array(point)
    let scaled = covariance.scaled(plain)
    points.values.withUnsafeBufferPointer { points in
      scaledPoints.values.withUnsafeBufferPointer { scaledPoints in
        plain.withUnsafeBufferPointer { plain in
          for row in 0..<limit where width > 0 {
            buffers.covariances[row] = Double(
              assay_squared_distance(scaled, scaledPoints.baseAddress! + row * width, width))
            var product: Float = 0
            let other = points.baseAddress! + row * width
            for column in 0..<width { product += plain[column] * other[column] }
            buffers.products[row] = Double(product)
          }
        }
      }
    }
    let (smooth, linear) = (covariance.smooth, covariance.linear)
    if width == 0 { for row in 0..<limit { (buffers.covariances[row], buffers.products[row]) = (0, 0) } }
    for row in 0..<limit { buffers.roots[row] = -(5 * buffers.covariances[row]).squareRoot() }
    assay_exp(buffers.roots, &buffers.decays, limit)
    for row in 0..<limit {
      let shape = 1 - buffers.roots[row] + 5 / 3 * buffers.covariances[row]
      buffers.covariances[row] = smooth * shape * buffers.decays[row] + linear * buffers.products[row]
    }
  }

  /// The covariances of all rows with each other, row-major, without noise.
  func matrix(threads: Int) -> [Float] {
    let width = covariance.groups.count
    let block = 64
    let parts = parallelMap((count + block - 1) / block, threads: threads) { part in
      var buffers = Buffers(count: count)
      var lines = [Float]()
      for row in part * block..<min(count, (part + 1) * block) {
        covariances(points.values[row * width..<(row + 1) * width], limit: count, &buffers)
        lines += buffers.covariances.map(Float.init)
      }
      return lines
    }
    return parts.flatMap { $0 }
  }
}
