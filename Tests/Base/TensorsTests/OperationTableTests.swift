import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// What holds for every operation: float32 agrees with float64, gradients with differences, results do not depend on the
/// number of threads, and not-a-number is not lost.
final class OperationTableTests: XCTestCase {
  /// Float32 has rounding errors of 6e-8 per operation; the longest compositions here round about ten times, on terms that
  /// are a few times larger than their sum.
  private let floatTolerance = 4e-6
  /// bfloat16 keeps 8 bits: operands and result are rounded by 2^-9 each, and slopes of up to 8 amplify the former.
  private let briefTolerance = 0.1

  private func check(
    _ narrow: Tensor, _ wide: Tensor, _ tolerance: Double, _ name: String, _ shapes: [[Int]]
  ) {
    XCTAssertEqual(narrow.shape, wide.shape, "\(name) of \(shapes)")
    for (a, b) in zip(narrow.doubles, wide.doubles) {
      XCTAssertEqual(a, b, accuracy: tolerance * (1 + Swift.abs(b)), "\(name) of \(shapes)")
    }
  }

  /// Values and gradients in a narrow type against float64, both from the numbers as rounded to the narrow type.
  private func compare(
    _ type: ElementType, _ tolerance: Double, _ name: String, _ operands: [Tensor], _ function: ([Tensor]) -> Tensor
  ) {
    let narrow = operands.map { $0.cast(to: type) }
    let wide = narrow.map { $0.cast(to: .float64) }
    let (a, b) = (function(narrow), function(wide))
    XCTAssertEqual(a.type, type, name)
    check(a, b, tolerance, name, operands.map(\.shape))
    guard type == .float32 else { return }
    let weights = random(b.shape, seed: 5).cast(to: .float32)
    let (_, narrowGradients) = valueWithGradients(at: narrow) { (function($0) * weights).sum() }
    let (_, wideGradients) = valueWithGradients(at: wide) { (function($0) * weights.cast(to: .float64)).sum() }
    for (a, b) in zip(narrowGradients, wideGradients) {
      check(a, b, 10 * tolerance, "gradient of \(name)", operands.map(\.shape))
    }
  }

  func testSinglePrecisionAgreesWithDouble() {
    for item in OperationTable.all {
      for shape in SmallShapes.all where item.fits(shape) {
        compare(.float32, floatTolerance, item.name, item.operands(shape, seed: 3), item.function)
      }
    }
    for item in PairCase.all {
      for shapes in SmallShapes.pairs {
        compare(.float32, floatTolerance, item.name, item.operands(shapes, seed: 3)) { item.function($0[0], $0[1]) }
      }
    }
  }

  func testBrainFloatsAgreeWithDouble() {
    for item in OperationTable.all {
      for shape in [[], [3], [2, 3], [3, 1, 2]] where item.fits(shape) {
        compare(.bfloat16, briefTolerance, item.name, item.operands(shape, seed: 4), item.function)
      }
    }
  }

  func testGradientsAgreeWithDifferences() {
    for item in OperationTable.all {
      for shape in SmallShapes.few where item.fits(shape) {
        checkGradients(item.name, at: item.operands(shape, seed: 2), order: item.order, item.function)
      }
    }
  }

  func testGradientsOfPairsAgreeWithDifferences() {
    for item in PairCase.all {
      for shapes in SmallShapes.fewPairs {
        checkGradients(item.name, at: item.operands(shapes, seed: 2), order: item.order) { item.function($0[0], $0[1]) }
      }
    }
  }

  func testResultsDoNotDependOnThreads() {
    let large = [[50_003], [3, 20_001], [40_001, 3], [29, 31, 37]]
    for item in OperationTable.all {
      // Outer products and diagonals of these would be too large.
      for shape in large where item.fits(shape) && item.name != "einsum, diagonal" {
        let elements = item.shapes(shape).map { $0.reduce(1, *) }.max() ?? 0
        if elements > 2_000_000 { continue }
        for type in shape.count == 1 ? [ElementType.float32, .float64] : [.float32] {
          let operands = item.operands(shape, seed: 6).map { $0.cast(to: type) }
          var first: [[UInt64]]?
          for threads in 1...4 {
            let bits = Compute.$threads.withValue(threads) { () -> [[UInt64]] in
              let (value, gradients) = valueWithGradients(at: operands) { item.function($0).sum() }
              return ([item.function(operands), value] + gradients).map { $0.doubles.map(\.bitPattern) }
            }
            if let first { XCTAssertEqual(first, bits, "\(item.name) of \(shape), \(threads) threads") }
            first = first ?? bits
          }
        }
      }
    }
  }

  func testNotANumberPassesThrough() {
    for item in OperationTable.all where item.passesNaN {
      for shape in [[], [1], [3], [2, 3], [3, 1, 2]] where item.fits(shape) {
        for type in [ElementType.float32, .float64] {
          let sizes = item.shapes(shape).map { $0.reduce(1, *) }
          let operands = item.operands(shape, seed: 8).enumerated().map { index, x -> Tensor in
            if index > 0 { return x.cast(to: type) }
            let values = [Double.nan] + x.doubles.dropFirst()
            return Tensor(values, shape: x.shape).cast(to: type)
          }
          XCTAssertGreaterThan(sizes[0], 0)
          XCTAssertTrue(
            item.function(operands).doubles.contains { $0.isNaN }, "\(item.name) of \(type) \(shape) loses not-a-number"
          )
        }
      }
    }
  }

  func testInfinitiesAgreeWithDouble() {
    let special = Tensor([Float.infinity, -.infinity, 0, -0.0, 1e30, -1e30, 1e-30, 100, -100])
    let wide = special.cast(to: .float64)
    let cases: [(String, @Sendable (Tensor) -> Tensor)] = [
      ("negate", { -$0 }), ("abs", { abs($0) }), ("relu", { relu($0) }), ("exp", { exp($0) }), ("tanh", { tanh($0) }),
      ("sigmoid", { sigmoid($0) }), ("softplus", { softplus($0) }), ("sqrt", { sqrt($0) }), ("log", { log($0) }),
      ("reciprocal", { reciprocal($0) }), ("erf", { erf($0) }), ("square", { square($0) }), ("floor", { floor($0) }),
      ("cumulativeSum", { $0.cumulativeSum() }), ("max", { $0.max() }), ("min", { $0.min() }), ("sum", { $0.sum() }),
      ("logSumExp", { $0.logSumExp() }), ("sorted", { $0.sorted().values }), ("gelu", { gelu($0) }),
      ("silu", { silu($0) }),
    ]
    for (name, function) in cases {
      let expected = function(wide).cast(to: .float32).doubles
      for (index, (a, b)) in zip(function(special).doubles, expected).enumerated() {
        if b.isNaN {
          XCTAssertTrue(a.isNaN, "\(name), element \(index): \(a)")
        } else if b.isInfinite || a.isInfinite {
          XCTAssertEqual(a, b, "\(name), element \(index)")
        } else {
          // Numbers below the smallest normal float32 may become 0.
          XCTAssertEqual(a, b, accuracy: floatTolerance * Swift.abs(b) + 1.2e-38, "\(name), element \(index)")
        }
      }
    }
  }
}
