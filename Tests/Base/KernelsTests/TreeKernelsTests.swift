import Basics
import CKernels
import Checks
import Kernels
import XCTest

/// The fast loops against plain Swift on many small shapes.
final class TreeKernelsTests: XCTestCase {
  func testBinning() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      for cutCount in [0, 1, 2, 15, 16, 17, 100, 254] {
        let cuts = (0..<cutCount).map { _ in Float(stream.normal()) }.sorted()
        let padded = cuts + [Float](repeating: .infinity, count: 256 - cutCount)
        var values = (0..<333).map { _ in Float(stream.normal()) } + [.nan, .infinity, -.infinity, 0, -0.0]
        values += cuts
        var bins = [UInt8](repeating: 9, count: values.count)
        assay_bin_values(values, values.count, padded, &bins)
        let expected = values.map { value in value.isNaN ? 0 : UInt8(1 + cuts.filter { $0 < value }.count) }
        XCTAssertEqual(bins, expected, "\(cutCount) cuts")
      }
    }
  }

  func testSorting() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      for count in [0, 1, 2, 100, 5000] {
        var values = (0..<count).map { _ in Float(stream.normal() * 1e10) }
        if count > 2 { values.replaceSubrange(0..<2, with: [.infinity, -.infinity]) }
        let expected = values.sorted()
        var scratch = values
        assay_sort_floats(&values, count, &scratch)
        XCTAssertEqual(values, expected)
      }
    }
  }

  func testInterleaveAndHistogram() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      for featureCount in [1, 2, 3, 4, 5, 7, 8, 9, 13, 28] {
        let rowCount = 1 + stream.integer(below: 400)
        let columns = (0..<featureCount * rowCount).map { _ in UInt8(stream.integer(below: 256)) }
        let stride = featureCount + stream.integer(below: 3)
        var rows = [UInt8](repeating: 0, count: rowCount * stride)
        assay_interleave(columns, rowCount, featureCount, 0, rowCount, &rows, stride)
        for row in 0..<rowCount {
          for feature in 0..<featureCount {
            XCTAssertEqual(rows[row * stride + feature], columns[feature * rowCount + row])
          }
        }
        let gradients = (0..<rowCount).map { _ in
          Int64(stream.integer(below: 2000) - 1000) << 32 + Int64(stream.integer(below: 1000))
        }
        let features = (0..<featureCount).filter { _ in stream.uniform() < 0.8 }.map { UInt32($0) }
        let offsets = (0..<featureCount).map { UInt32($0 * 256) }
        let list = (0..<rowCount).filter { _ in stream.uniform() < 0.5 }.map { UInt32($0) }
        for usesList in [true, false] {
          var histogram = [Int64](repeating: 0, count: featureCount * 256)
          assay_histogram(
            rows, stride, usesList ? list : nil, 0, usesList ? list.count : rowCount, gradients, features,
            features.count, offsets, &histogram)
          var expected = [Int64](repeating: 0, count: featureCount * 256)
          for row in usesList ? list.map(Int.init) : Array(0..<rowCount) {
            for feature in features {
              expected[Int(feature) * 256 + Int(columns[Int(feature) * rowCount + row])] += gradients[row]
            }
          }
          XCTAssertEqual(histogram, expected, "\(featureCount) features")
        }
      }
    }
  }

  func testPartition() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      for count in [0, 1, 15, 16, 17, 31, 200, 1000] {
        let rowCount = 2 * count + 1
        let column = (0..<rowCount + 64).map { _ in UInt8(stream.integer(below: 256)) }
        let set = (0..<8).map { _ in UInt32(truncatingIfNeeded: stream.next()) }
        let rows = (0..<count).map { UInt32(2 * $0) }
        func goesLeft(_ row: UInt32) -> Bool {
          set[Int(column[Int(row)]) / 32] >> (UInt32(column[Int(row)]) % 32) & 1 == 1
        }
        var left = [UInt32](repeating: 0, count: count + 16)
        var right = left
        let leftCount = assay_partition(column, rows, count, set, &left, &right)
        XCTAssertEqual(Array(left.prefix(leftCount)), rows.filter(goesLeft))
        XCTAssertEqual(Array(right.prefix(count - leftCount)), rows.filter { !goesLeft($0) })
      }
    }
  }

  func testBestCutFindsTheLargestGain() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      for binCount in [1, 2, 3, 5, 40, 256] {
        for withMissing in [false, true] {
          var cells = (0..<binCount).map { _ in
            Int64(stream.integer(below: 2000) - 1000) << 32 + Int64(1 + stream.integer(below: 100))
          }
          if !withMissing { cells[0] = 0 }
          let total = cells.reduce(0, +)
          var rules = assay_cut_rules()
          rules.gradientUnit = 0.01
          rules.hessianUnit = 0.1
          rules.l1 = 0.5
          rules.l2 = 1.5
          rules.minimumHessian = 12
          rules.lower = -.infinity
          rules.upper = .infinity
          rules.rowsPerUnit = 1
          func parts(_ word: Int64) -> (Double, Double) {
            (Double(word >> 32) * 0.01, Double(UInt32(truncatingIfNeeded: word)) * 0.1)
          }
          func score(_ word: Int64) -> Double {
            let (g, h) = parts(word)
            let size = max(0, abs(g) - 0.5)
            return size * size / (h + 1.5)
          }
          var expected = -Double.infinity
          for missingLeft in [false, true] where !missingLeft || withMissing {
            var left: Int64 = missingLeft ? cells[0] : 0
            for bin in stride(from: 1, to: binCount, by: 1) {
              left += cells[bin]
              if bin == binCount - 1 && (missingLeft || !withMissing) { continue }
              if parts(left).1 < 12 || parts(total - left).1 < 12 { continue }
              expected = max(expected, score(left) + score(total - left) - score(total))
            }
          }
          for bounded in [0, 1] as [Int32] {
            rules.bounded = bounded
            var cut = assay_cut()
            assay_best_cut(
              cells, Int32(binCount), total, assay_leaf_score(parts(total).0, parts(total).1, &rules), &rules, nil, &cut
            )
            if expected.isInfinite {
              XCTAssertEqual(cut.bin, 0)
            } else {
              XCTAssertEqual(cut.gain, expected, accuracy: 1e-9 * max(1, abs(expected)), "\(binCount) bins")
            }
          }
        }
      }
    }
  }

  func testPackingIsUnbiasedAndExactForWholeUnits() {
    let count = 20_000
    let gradients = (0..<count).map { Float($0 % 7) * 0.25 - 0.7 }
    let hessians = (0..<count).map { Float($0 % 5) * 0.3 }
    var packed = [Int64](repeating: 0, count: count)
    assay_pack_gradients(gradients, hessians, count, 0, 8, 8, 99, &packed)
    let sum = packed.reduce(0, +)
    let gradient = gradients.reduce(0.0) { $0 + Double($1) * 8 }
    let hessian = hessians.reduce(0.0) { $0 + Double($1) * 8 }
    // A rounding error has variance below 1/4 per row.
    let allowed = 4 * (0.25 * Double(count)).squareRoot()
    XCTAssertEqual(Double(sum >> 32), gradient, accuracy: allowed)
    XCTAssertEqual(Double(UInt32(truncatingIfNeeded: sum)), hessian, accuracy: allowed)
    assay_pack_gradients([-3, 2, 0.5], nil, 3, 0, 2, 1, 5, &packed)
    XCTAssertEqual(packed[0..<3].map { $0 >> 32 }, [-6, 4, 1])
    XCTAssertEqual(packed[0..<3].map { UInt32(truncatingIfNeeded: $0) }, [1, 1, 1])
  }

  func testExponential() {
    let values = (0..<4001).map { Float($0) * 0.04 - 80 }
    var results = [Float](repeating: 0, count: values.count)
    assay_exp_floats(values, values.count, &results)
    for (x, y) in zip(values, results) {
      let exact = exponential(Double(x))
      XCTAssertEqual(Double(y), exact, accuracy: 2e-7 * exact)
    }
  }

  /// exp by repeated squaring of its series.
  private func exponential(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for k in 1...20 {
      term *= x / 256 / Double(k)
      sum += term
    }
    for _ in 0..<8 { sum *= sum }
    return sum
  }
}
