import Basics
import Checks
import Tensors
import XCTest

/// Operations that move elements, against loops over places.
final class StructureTests: XCTestCase {
  /// The result that takes, for each place, the element of `x` at the place that `source` gives, or a number for nil.
  private func expect(
    _ result: Tensor, _ x: Tensor, shape: [Int], _ name: String, filler: Double = 0, line: UInt = #line,
    _ source: ([Int]) -> [Int]?
  ) {
    XCTAssertEqual(result.shape, shape, "\(name) of \(x.shape)", line: line)
    XCTAssertEqual(result.type, x.type, line: line)
    let elements = x.doubles
    let expected = places(shape).map { place in source(place).map { elements[number(of: $0, in: x.shape)] } ?? filler }
    XCTAssertEqual(result.doubles, expected, "\(name) of \(x.shape)", line: line)
  }

  private func orders(_ rank: Int) -> [[Int]] {
    (0..<rank).reduce([[]]) { orders, _ in
      orders.flatMap { order in (0..<rank).filter { !order.contains($0) }.map { order + [$0] } }
    }
  }

  func testTransposition() {
    for shape in SmallShapes.all + [[2, 3, 4, 5], [2, 1, 3, 2, 2]] {
      for order in orders(shape.count) {
        let x = counting(shape)
        expect(x.transposed(axes: order), x, shape: order.map { shape[$0] }, "transposed(\(order))") { place in
          var source = place
          for (new, old) in order.enumerated() { source[old] = place[new] }
          return source
        }
      }
    }
  }

  func testTranspositionOfLargeMatrices() {
    for shape in [
      [16, 16], [64, 64], [67, 131], [1, 500], [500, 3], [3, 5_000], [130, 257], [3, 33, 50], [40, 7, 90],
    ] {
      for type in [ElementType.float32, .float64, .bfloat16, .uint8, .int64] {
        let x = counting(shape, type: type)
        let rank = shape.count
        expect(x.transposed(), x, shape: shape.dropLast(2) + [shape[rank - 1], shape[rank - 2]], "transposed") {
          $0.dropLast(2) + [$0[rank - 1], $0[rank - 2]]
        }
        guard rank == 3 else { continue }
        for order in orders(3) {
          expect(x.transposed(axes: order), x, shape: order.map { shape[$0] }, "transposed(\(order))") { place in
            var source = place
            for (new, old) in order.enumerated() { source[old] = place[new] }
            return source
          }
        }
      }
    }
  }

  func testAxesCountFromTheLast() {
    let x = counting([2, 3, 4])
    XCTAssertEqual(x.transposed(axes: [-1, 0, -2]).doubles, x.transposed(axes: [2, 0, 1]).doubles)
    XCTAssertEqual(x.expanded(axis: -1).shape, [2, 3, 4, 1])
    XCTAssertEqual(x.expanded(axis: 1).shape, [2, 1, 3, 4])
    XCTAssertEqual(x.expanded(axis: 1).squeezed(axes: [-3]).shape, [2, 3, 4])
    XCTAssertEqual(counting([1, 2, 1]).squeezed().shape, [2])
  }

  func testSlices() {
    for shape in SmallShapes.all where !shape.isEmpty {
      let x = counting(shape)
      for axis in shape.indices {
        for low in 0...shape[axis] {
          for high in low...shape[axis] {
            for step in 1...2 {
              var sliced = shape
              sliced[axis] = (high - low + step - 1) / step
              expect(
                x.sliced(axis: axis, low..<high, step: step), x, shape: sliced,
                "sliced(\(axis), \(low)..<\(high), \(step))"
              ) { place in
                var source = place
                source[axis] = low + place[axis] * step
                return source
              }
            }
          }
        }
      }
    }
  }

  func testSubscripts() {
    let x = counting([3, 2])
    XCTAssertEqual(x[1].doubles, [2, 3])
    XCTAssertEqual(x[-1].doubles, [4, 5])
    XCTAssertEqual(x[1][0].shape, [])
    XCTAssertEqual(x[1][0].scalar, 2)
    XCTAssertEqual(x[0..<2].doubles, [0, 1, 2, 3])
    XCTAssertEqual(x[1...].doubles, [2, 3, 4, 5])
    XCTAssertEqual(x[..<1].doubles, [0, 1])
    XCTAssertEqual(x[1...1].doubles, [2, 3])
    XCTAssertEqual(x[3...].shape, [0, 2])
  }

  func testFlips() {
    for shape in SmallShapes.all {
      let x = counting(shape, type: .int32)
      for axes in axisSubsets(shape.count) {
        expect(x.flipped(axes: axes), x, shape: shape, "flipped(\(axes))") { place in
          place.indices.map { axes.contains($0) ? shape[$0] - 1 - place[$0] : place[$0] }
        }
      }
    }
  }

  func testPadding() {
    for shape in SmallShapes.all {
      let x = counting(shape, type: .float64)
      let widths = shape.indices.map { (before: $0, after: 2 - $0) }
      expect(
        x.padded(widths, with: -7), x, shape: zip(shape, widths).map { $0 + $1.before + $1.after }, "padded", filler: -7
      ) { place in
        let source = zip(place, widths).map { $0 - $1.before }
        return zip(source, shape).allSatisfy { $0 >= 0 && $0 < $1 } ? source : nil
      }
    }
  }

  func testTiles() {
    for shape in SmallShapes.all {
      let x = counting(shape, type: .bfloat16)
      for counts in [[2, 1, 3], [0], [2, 2], []] {
        let all = Array(repeating: 1, count: max(0, shape.count - counts.count)) + counts
        let old = Array(repeating: 1, count: all.count - shape.count) + shape
        expect(x.tiled(counts), x, shape: zip(all, old).map { $0 * $1 }, "tiled(\(counts))") { place in
          Array(zip(place, old).map { $0 % $1 }.suffix(shape.count))
        }
      }
    }
  }

  func testJoiningWhatWasSplit() {
    for shape in SmallShapes.all + [[5, 40, 3], [7, 2, 33]] where !shape.isEmpty {
      for type in ElementType.allCases {
        let x = counting(shape, type: type)
        for axis in shape.indices {
          let sizes = [0, shape[axis] / 2, shape[axis] - shape[axis] / 2]
          let parts = x.split(sizes: sizes, axis: axis)
          XCTAssertEqual(parts.map { $0.shape[axis] }, sizes)
          var start = 0
          for part in parts {
            expect(part, x, shape: part.shape, "split(\(sizes), \(axis))") { place in
              var source = place
              source[axis] += start
              return source
            }
            start += part.shape[axis]
          }
          let joined = concatenated(parts, axis: axis)
          XCTAssertEqual(joined.shape, shape)
          XCTAssertEqual(joined.doubles, x.doubles, "\(shape), axis \(axis)")
        }
      }
    }
  }

  func testStacking() {
    let (a, b) = (counting([2, 2]), counting([2, 2]) + 10)
    XCTAssertEqual(stacked([a, b]).doubles, [0, 1, 2, 3, 10, 11, 12, 13])
    XCTAssertEqual(stacked([a, b], axis: 1).doubles, [0, 1, 10, 11, 2, 3, 12, 13])
    XCTAssertEqual(stacked([a, b], axis: -1).doubles, [0, 10, 1, 11, 2, 12, 3, 13])
    XCTAssertEqual(stacked([a, b], axis: -1).shape, [2, 2, 2])
  }

  func testAnUnusedPartOfASplitGetsZeros() {
    let x = Tensor([1.0, 2, 3, 4])
    let (_, gradients) = valueWithGradients(at: [x]) { leaves in
      let parts = leaves[0].split(sizes: [1, 2, 1], axis: 0)
      return (parts[1] * parts[1]).sum()
    }
    XCTAssertEqual(gradients[0].doubles, [0, 4, 6, 0])
  }

  func testOneTensorMayBeJoinedWithItself() {
    let (_, gradients) = valueWithGradients(at: [Tensor([1.0, 2])]) { leaves in
      (concatenated([leaves[0], leaves[0]], axis: 0) * Tensor([1.0, 10, 100, 1000])).sum()
    }
    XCTAssertEqual(gradients[0].doubles, [101, 1010])
  }
}
