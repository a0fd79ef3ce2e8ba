import Foundation

/// The point w, not negative and of sum 1, with the least w' Q w, for a positive semidefinite Q; nil if Q is zero or not
/// finite.
///
/// Weight is moved between two members at a time, always to the least of the form along that line and from the member
/// with the steepest ascent to the one with the steepest descent (the method of sequential minimal optimisation, Platt
/// 1998). A hundred-thousandth of the mean diagonal is added to Q's diagonal, which makes the least unique.
func simplexMinimum(of matrix: [Double], count: Int) -> [Double]? {
  let mean = (0..<count).reduce(0) { $0 + matrix[$1 * count + $1] } / Double(max(1, count))
  guard mean > 0, mean.isFinite, matrix.allSatisfy(\.isFinite) else { return nil }
  var form = matrix
  for i in 0..<count { form[i * count + i] += 1e-5 * mean }
  var weights = [Double](repeating: 1 / Double(count), count: count)
  var gradient = (0..<count).map { i in (0..<count).reduce(0) { $0 + form[i * count + $1] * weights[$1] } }
  for _ in 0..<20_000 {
    var low = 0
    var high = -1
    for i in 0..<count {
      if gradient[i] < gradient[low] { low = i }
      if weights[i] > 0, high < 0 || gradient[i] > gradient[high] { high = i }
    }
    if high < 0 || high == low || gradient[high] - gradient[low] < 1e-10 * mean { break }
    let curvature = form[low * count + low] + form[high * count + high] - 2 * form[low * count + high]
    let step = min(weights[high], (gradient[high] - gradient[low]) / max(curvature, 1e-12 * mean))
    weights[low] += step
    weights[high] = step == weights[high] ? 0 : weights[high] - step
    for i in 0..<count { gradient[i] += step * (form[i * count + low] - form[i * count + high]) }
  }
  return weights
}

/// x to the power -p, for positive x.
func inversePower(_ x: Double, _ power: Double) -> Double { pow(x, -power) }
