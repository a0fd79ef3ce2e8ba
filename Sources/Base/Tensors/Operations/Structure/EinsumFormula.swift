import Basics
import Foundation

/// A formula of Einstein's summation convention, read: letters for the axes of each operand and of the result.
///
/// Axes that "..." stands for get numbers below zero, counted from the last, so that they broadcast like everything else.
struct EinsumFormula {
  /// The labels of each operand's axes.
  let operands: [[Int]]
  /// The labels of the result's axes.
  let result: [Int]

  /// Reads "bij,bjk->bik" for operands of given shapes; without an arrow, the result has the letters that occur once, in
  /// alphabetical order, behind the axes of "...".
  init(_ formula: String, _ shapes: [[Int]]) {
    func mistake(_ what: String) -> Never { stop("einsum", "\"\(formula)\" for shapes \(shapes): \(what)") }
    let text = formula.filter { !$0.isWhitespace }
    let sides = text.components(separatedBy: "->")
    if sides.count > 2 { mistake("it has more than one arrow") }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if terms.count != shapes.count { mistake("it names \(terms.count) operands, \(shapes.count) are given") }

    func labels(_ term: String, dots: (_ letters: Int) -> Int) -> [Int] {
      let parts = term.components(separatedBy: "...")
      if parts.count > 2 { mistake("\"\(term)\" has more than one \"...\"") }
      let letters = parts.map { part in
        part.map { letter -> Int in
          guard letter.isASCII, letter.isLetter, let code = letter.asciiValue else {
            mistake("\"\(letter)\" is no letter")
          }
          return Int(code)
        }
      }
      if parts.count == 1 { return letters[0] }
      return letters[0] + (0..<dots(letters[0].count + letters[1].count)).reversed().map { -1 - $0 } + letters[1]
    }

    var most = 0
    operands = zip(terms, shapes).map { term, shape in
      let result = labels(term) { Swift.max(0, shape.count - $0) }
      if result.count != shape.count { mistake("\"\(term)\" does not name the axes of shape \(shape)") }
      most = Swift.max(most, result.count { $0 < 0 })
      return result
    }
    let all = operands.flatMap { $0 }
    if sides.count == 2 {
      result = labels(sides[1]) { _ in most }
      for label in result where label >= 0 {
        let letter = Character(UnicodeScalar(UInt8(label)))
        if !all.contains(label) { mistake("no operand has the result's \"\(letter)\"") }
        if result.count(where: { $0 == label }) > 1 { mistake("the result has \"\(letter)\" twice") }
      }
      if most > 0, !result.contains(where: { $0 < 0 }) { mistake("the result lacks the operands' \"...\"") }
    } else {
      let letters = Set(all.filter { label in label >= 0 && all.count { $0 == label } == 1 })
      result = (0..<most).reversed().map { -1 - $0 } + letters.sorted()
    }
  }
}
