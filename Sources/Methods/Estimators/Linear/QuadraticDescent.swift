import CKernels

/// The steps of a quadratic problem with an elastic-net penalty, the last one that of the intercept.
struct QuadraticSolution {
  var steps: [Double]
  /// The largest curvature times squared step.
  var change: Double
}

/// max(|value| - bound, 0) with the sign of `value`.
@inline(__always)
func softThreshold(_ value: Double, _ bound: Double) -> Double {
  value > bound ? value - bound : value < -bound ? value + bound : 0
}

/// Minimises `gradient . d + d' gram d / 2 + sum(l1 |b + d| + l2 / 2 (b + d)^2)` over the steps d by coordinate
/// descent.
///
/// - Parameters:
///   - gram: `(p + 1) x (p + 1)` numbers, row-major; the last row and column belong to the intercept.
///   - gradient: `p + 1` numbers.
///   - coefficients: The `p` coefficients b; the intercept has no penalty.
///   - tolerance: It ends when no step moves the quadratic by more.
func solveQuadratic(
  gram: [Double], gradient: [Double], coefficients: [Double], l1: Double, l2: Double, tolerance: Double
) -> QuadraticSolution {
  let width = gradient.count
  let columns = width - 1
  var slope = gradient
  var steps = [Double](repeating: 0, count: width)
  gram.withUnsafeBufferPointer { gram in
    slope.withUnsafeMutableBufferPointer { slope in
      steps.withUnsafeMutableBufferPointer { steps in
        /// Moves one coordinate to its minimum; the curvature times squared move.
        func improve(_ index: Int) -> Double {
          let curvature = gram[index * width + index]
          let move: Double
          if index == columns {
            guard curvature > 0 else { return 0 }
            move = -slope[index] / curvature
          } else {
            guard curvature + l2 > 0 else { return 0 }
            let old = coefficients[index] + steps[index]
            move = softThreshold(curvature * old - slope[index], l1) / (curvature + l2) - old
          }
          if move == 0 { return 0 }
          steps[index] += move
          assay_add(move, gram.baseAddress! + index * width, slope.baseAddress!, width)
          return curvature * move * move
        }
        var active: [Int] = []
        for _ in 0..<100 {
          var moved = 0.0
          for index in 0..<width { moved = max(moved, improve(index)) }
          if moved < tolerance { return }
          active = (0..<width).filter { $0 == columns || coefficients[$0] + steps[$0] != 0 }
          for _ in 0..<500 {
            var moved = 0.0
            for index in active { moved = max(moved, improve(index)) }
            if moved < tolerance { break }
          }
        }
      }
    }
  }
  var change = 0.0
  for index in 0..<width { change = max(change, gram[index * width + index] * steps[index] * steps[index]) }
  return QuadraticSolution(steps: steps, change: change)
}
