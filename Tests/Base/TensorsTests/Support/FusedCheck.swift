import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// What a fused operation in float32 may differ from its composition in float64 by, relative to 1 and the size of the
/// number: rounding errors of 6e-8 in each of some ten steps, on sums whose terms are a few times larger than they are.
let fusedTolerance = 4e-6

/// The same for gradients, which pass through twice as many steps.
let fusedGradientTolerance = 2e-5

/// Compares values and gradients of an operation in float32 with those in float64 from the same numbers, and float32
/// results over numbers of threads, bit by bit.
///
/// Gradients are those of a random projection of all outputs.
///
/// - Parameters:
///   - inputs: Float64 tensors.
///   - function: Gives tensors of the type that it is given.
func checkFused(
  _ name: String, at inputs: [Tensor], tolerance: Double = fusedTolerance,
  gradientTolerance: Double = fusedGradientTolerance, file: StaticString = #filePath, line: UInt = #line,
  _ function: ([Tensor]) -> [Tensor]
) {
  let title = "\(name) at \(inputs.map(\.shape))"
  let narrow = inputs.map { $0.cast(to: .float32) }
  let wide = narrow.map { $0.cast(to: .float64) }
  let weights = function(wide).enumerated().map { index, output in
    random(output.shape, in: -1..<1, seed: 11 + UInt64(index)).cast(to: .float32)
  }
  func scalar(_ x: [Tensor]) -> Tensor {
    let terms = zip(function(x), weights).map { ($0 * $1.cast(to: $0.type)).sum() }
    return terms.dropFirst().reduce(terms[0], +)
  }
  compareAll("value of \(title)", function(narrow), function(wide), tolerance, file, line)
  let (_, gradients) = valueWithGradients(at: narrow, scalar)
  let (_, expected) = valueWithGradients(at: wide, scalar)
  compareAll("gradients of \(title)", gradients, expected, gradientTolerance, file, line)

  // Gradients of gradients go through the composition, also in float32.
  if narrow.map(\.count).reduce(0, +) <= 300 {
    func second(_ x: [Tensor]) -> Tensor {
      let (_, gradients) = valueWithGradients(at: x, scalar)
      return gradients.map { ($0 * $0).sum() }.reduce(Tensor(0.0).cast(to: x[0].type), +)
    }
    let (_, gradients) = valueWithGradients(at: narrow, second)
    let (_, expected) = valueWithGradients(at: wide, second)
    compareAll("second gradients of \(title)", gradients, expected, 10 * gradientTolerance, file, line)
  }

  var first: [[UInt64]]?
  for threads in 1...4 {
    let bits = Compute.$threads.withValue(threads) { () -> [[UInt64]] in
      (function(narrow) + valueWithGradients(at: narrow, scalar).gradients).map { $0.doubles.map(\.bitPattern) }
    }
    first = first ?? bits
    XCTAssertTrue(first == bits, "\(title): other bits with \(threads) threads", file: file, line: line)
  }
}

private func compareAll(
  _ title: String, _ narrow: [Tensor], _ wide: [Tensor], _ tolerance: Double, _ file: StaticString, _ line: UInt
) {
  XCTAssertEqual(narrow.count, wide.count, title, file: file, line: line)
  for (index, (a, b)) in zip(narrow, wide).enumerated() {
    XCTAssertEqual(a.shape, b.shape, "\(title), \(index)", file: file, line: line)
    XCTAssertEqual(a.type, .float32, "\(title), \(index)", file: file, line: line)
    expectClose(a, b, tolerance, "\(title), \(index)", file: file, line: line)
  }
}

/// Compares numbers relative to 1 and their size; infinities must be equal.
func expectClose(
  _ a: Tensor, _ b: Tensor, _ tolerance: Double, _ title: String, file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(a.shape, b.shape, title, file: file, line: line)
  for (place, (x, y)) in zip(a.doubles, b.doubles).enumerated() {
    let isClose = x == y || (x.isFinite && y.isFinite && Swift.abs(x - y) <= tolerance * (1 + Swift.abs(y)))
    if !isClose {
      XCTFail("\(title), element \(place): \(x), not \(y)", file: file, line: line)
      return
    }
  }
}
