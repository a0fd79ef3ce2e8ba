import Basics
import Checks
import Tensors
import XCTest

/// Sorting and the largest elements.
final class SortTests: XCTestCase {
  /// The stable order of numbers, not-a-number above everything.
  private func order(_ values: [Double], descending: Bool) -> [Int64] {
    func isLess(_ a: Double, _ b: Double) -> Bool { a < b || (b.isNaN && !a.isNaN) }
    return values.indices.sorted { a, b in
      let (x, y) = descending ? (values[b], values[a]) : (values[a], values[b])
      return isLess(x, y) || (!isLess(y, x) && a < b)
    }.map(Int64.init)
  }

  private func check(_ values: Tensor, _ line: UInt = #line) {
    let numbers = values.doubles
    for descending in [false, true] {
      let expected = order(numbers, descending: descending)
      let (sorted, indices) = values.sorted(descending: descending)
      XCTAssertEqual(indices.values(Int64.self), expected, line: line)
      XCTAssertEqual(sorted.type, values.type, line: line)
      for (a, index) in zip(sorted.doubles, expected) {
        XCTAssertTrue(a == numbers[Int(index)] || (a.isNaN && numbers[Int(index)].isNaN), line: line)
      }
    }
    for count in Set([0, 1, values.count / 10, values.count]) where count <= values.count {
      let expected = Array(order(numbers, descending: true).prefix(count))
      XCTAssertEqual(values.top(count).indices.values(Int64.self), expected, "\(count)", line: line)
    }
  }

  func testOrderOfEveryType() {
    for count in [0, 1, 2, 7, 100, 511, 512, 5_000] {
      for seed in checkSeeds {
        let x = random([count], in: -100..<100, seed: seed)
        check(x)
        check(x.cast(to: .float32))
        check(x.cast(to: .bfloat16))
        check(x.cast(to: .int32))
        check(x.cast(to: .int64))
        check((x + 100).cast(to: .uint8))
      }
    }
  }

  func testSpecialNumbers() {
    let values: [Double] = [
      0, -0.0, .nan, -.infinity, .infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, -.nan, 0, 5,
    ]
    check(Tensor(values))
    check(Tensor(values.map(Float.init)))
    check(Tensor([Int64.min, .max, 0, -1, 1]))
    check(Tensor([Int32.min, .max, 0, -1, 1]))
  }

  func testOtherAxes() {
    let x = Tensor([3.0, 1, 2, 0, 5, 2], shape: [3, 2])
    XCTAssertEqual(x.sorted(axis: 0).values.doubles, [2, 0, 3, 1, 5, 2])
    XCTAssertEqual(x.sorted(axis: 0).indices.values(Int64.self), [1, 1, 0, 0, 2, 2])
    XCTAssertEqual(x.top(2, axis: 0).values.doubles, [5, 2, 3, 1])
    XCTAssertEqual(x.top(1, axis: 1).indices.values(Int64.self), [0, 0, 0])
    XCTAssertEqual(Tensor.zeros([0, 3]).sorted().values.shape, [0, 3])
    XCTAssertEqual(Tensor.zeros([2, 0]).sorted().values.shape, [2, 0])
  }

  func testGradientsGoBackToTheirPlaces() {
    let (_, gradients) = valueWithGradients(at: [Tensor([3.0, 1, 2])]) {
      ($0[0].sorted().values * Tensor([1.0, 10, 100])).sum()
    }
    XCTAssertEqual(gradients[0].doubles, [100, 1, 10])
    let (_, top) = valueWithGradients(at: [Tensor([3.0, 1, 2])]) { ($0[0].top(2).values * Tensor([1.0, 10])).sum() }
    XCTAssertEqual(top[0].doubles, [1, 0, 10])
  }
}
