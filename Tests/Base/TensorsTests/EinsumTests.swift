import Basics
import Checks
import Tensors
import XCTest

/// Sums of products against loops over all letters.
final class EinsumTests: XCTestCase {
  /// Walks all values of all letters.
  private func loops(_ formula: String, _ operands: [Tensor]) -> (shape: [Int], values: [Double]) {
    let sides = formula.components(separatedBy: "->")
    let terms = sides[0].components(separatedBy: ",").map(Array.init)
    let result = Array(sides[1])
    var sizes: [Character: Int] = [:]
    for (term, operand) in zip(terms, operands) {
      for (letter, size) in zip(term, operand.shape) { sizes[letter] = Swift.max(size, sizes[letter] ?? 0) }
    }
    let letters = sizes.keys.sorted()
    let shape = result.map { sizes[$0] ?? 1 }
    var values = Array(repeating: 0.0, count: shape.reduce(1, *))
    let elements = operands.map(\.doubles)
    for place in places(letters.map { sizes[$0] ?? 1 }) {
      let at = Dictionary(uniqueKeysWithValues: zip(letters, place))
      var product = 1.0
      for (index, term) in terms.enumerated() {
        let shape = operands[index].shape
        let own = zip(term, shape).map { $1 == 1 ? 0 : at[$0] ?? 0 }
        product *= elements[index][number(of: own, in: shape)]
      }
      values[number(of: result.map { at[$0] ?? 0 }, in: shape)] += product
    }
    return (shape, values)
  }

  private let formulas: [(String, [[Int]])] = [
    ("ij,jk->ik", [[2, 3], [3, 4]]), ("ij,jk->ki", [[2, 3], [3, 4]]), ("ji,kj->ik", [[3, 2], [4, 3]]),
    ("bij,bjk->bik", [[2, 2, 3], [2, 3, 4]]), ("bhqd,bhkd->bhqk", [[2, 2, 3, 4], [2, 2, 5, 4]]),
    ("bqhd,bkhd->bhqk", [[2, 3, 2, 4], [2, 5, 2, 4]]), ("ib,jb->bij", [[3, 2], [4, 2]]),
    ("i,i->", [[5], [5]]), ("i,j->ij", [[2], [3]]), ("i,j->ji", [[2], [3]]), ("ij,ij->ij", [[2, 3], [2, 3]]),
    ("ij->ji", [[2, 3]]), ("ij->", [[2, 3]]), ("ij->j", [[2, 3]]), ("ii->i", [[3, 3]]), ("ii->", [[3, 3]]),
    ("iji->j", [[3, 2, 3]]), ("iiji->ij", [[3, 3, 2, 3]]), ("iijj->ij", [[3, 3, 2, 2]]),
    ("ii,ij->j", [[3, 3], [3, 2]]),
    ("ijk,il,jm->klm", [[2, 3, 4], [2, 2], [3, 2]]), ("ab,bc,cd->ad", [[2, 3], [3, 4], [4, 2]]),
    ("ijk,jl->ikl", [[2, 3, 4], [3, 5]]), ("ijk,ljk->il", [[2, 3, 4], [5, 3, 4]]),
    ("ijk,lkj->il", [[2, 3, 4], [5, 4, 3]]),
    ("ij,k->ik", [[2, 3], [4]]), ("ij,kl->", [[2, 3], [2, 2]]), (",ij->ij", [[], [2, 3]]), ("->", [[]]),
    ("ij,jk->ik", [[2, 0], [0, 4]]), ("ij,jk->ik", [[0, 3], [3, 4]]), ("ij,jk->ik", [[2, 1], [3, 4]]),
    ("bij,bjk->bik", [[1, 2, 3], [2, 3, 4]]), ("ij,ij->i", [[1, 3], [2, 1]]), ("ii->i", [[0, 0]]), ("ii->i", [[1, 1]]),
    ("ij,ij,ij->j", [[2, 3], [2, 3], [2, 3]]),
  ]

  func testFormulas() {
    for (formula, shapes) in formulas {
      for seed in checkSeeds {
        let operands = shapes.enumerated().map { random($1, seed: seed + UInt64($0)) }
        let expected = loops(formula, operands)
        let wide = einsum(formula, operands)
        XCTAssertEqual(wide.shape, expected.shape, formula)
        for (a, b) in zip(wide.doubles, expected.values) { XCTAssertEqual(a, b, accuracy: 1e-12, formula) }
        // Up to 12 products below 4 each, rounded to 24 bits.
        let narrow = einsum(formula, operands.map { $0.cast(to: .float32) })
        for (a, b) in zip(narrow.doubles, expected.values) { XCTAssertEqual(a, b, accuracy: 2e-5, formula) }
        let whole = operands.map { (10 * $0).cast(to: .int64) }
        XCTAssertEqual(einsum(formula, whole).doubles, loops(formula, whole).values, formula)
      }
    }
  }

  func testGradients() {
    for (formula, shapes) in formulas {
      checkGradients(formula, at: shapes.enumerated().map { random($1, seed: 3 + UInt64($0)) }) { einsum(formula, $0) }
    }
  }

  func testFormulasWithoutAnArrow() {
    let (a, b) = (random([2, 3]), random([3, 2], seed: 2))
    XCTAssertEqual(einsum("ij,jk", a, b).doubles, einsum("ij,jk->ik", a, b).doubles)
    XCTAssertEqual(einsum("ba", a).doubles, a.transposed().doubles)
    XCTAssertEqual(einsum("ij,ji", a, b).shape, [])
    XCTAssertEqual(einsum(" i j , j k -> i k ", a, b).doubles, einsum("ij,jk->ik", a, b).doubles)
  }

  func testDots() {
    let (a, b) = (random([2, 3, 4, 5]), random([3, 5, 6], seed: 2))
    let expected = einsum("abij,bjk->abik", a, b)
    XCTAssertEqual(einsum("...ij,...jk->...ik", a, b).doubles, expected.doubles)
    XCTAssertEqual(einsum("...ij,...jk", a, b).doubles, expected.doubles)
    XCTAssertEqual(einsum("i...->...i", a).doubles, a.transposed(axes: [1, 2, 3, 0]).doubles)
    XCTAssertEqual(einsum("...,...->...", random([2, 1]), random([3])).shape, [2, 3])
  }
}
