import Foundation

/// The shape of the result of an equation of Einstein's summation convention, checked against the operands' shapes.
///
/// Axes that "..." stands for get numbers below zero, counted from the last, letters their codes.
func einsumShape(_ equation: String, _ shapes: [[Int]], _ call: ImportedCall) throws -> [Int] {
  let sides = equation.filter { !$0.isWhitespace }.components(separatedBy: "->")
  let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  try call.need(
    sides.count <= 2 && terms.count == shapes.count,
    "the equation \"\(equation)\" is not one of \(shapes.count) operands")

  func labels(_ term: String, dots: (_ letters: Int) -> Int) throws -> [Int] {
    let parts = term.components(separatedBy: "...")
    let isKnown = parts.count <= 2 && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isLetter } }
    try call.need(isKnown, "the equation \"\(equation)\" is not supported")
    let letters = parts.map { $0.utf8.map { Int($0) } }
    guard letters.count == 2 else { return letters[0] }
    let count = dots(letters[0].count + letters[1].count)
    return letters[0] + (0..<max(0, count)).reversed().map { -1 - $0 } + letters[1]
  }

  var sizes: [Int: Int] = [:]
  var all: [Int] = []
  for (term, shape) in zip(terms, shapes) {
    let labels = try labels(term) { shape.count - $0 }
    try call.need(labels.count == shape.count, "the equation \"\(equation)\" does not fit shape \(shape)")
    var own: [Int: Int] = [:]
    for (label, size) in zip(labels, shape) {
      // A diagonal is one of a square.
      try call.need(
        own.updateValue(size, forKey: label) ?? size == size, "the equation \"\(equation)\" does not fit shape \(shape)"
      )
      let known = sizes[label] ?? 1
      try call.need(
        known == size || known == 1 || size == 1, "the equation \"\(equation)\" does not fit shapes \(shapes)")
      sizes[label] = known == 1 ? size : known
    }
    all += labels
  }
  let dotted = sizes.keys.filter { $0 < 0 }.sorted()
  let once = Set(all.filter { label in label >= 0 && all.count { $0 == label } == 1 }).sorted()
  let result = sides.count == 2 ? try labels(sides[1]) { _ in dotted.count } : dotted + once
  try call.need(
    result.allSatisfy { sizes[$0] != nil } && Set(result).count == result.count
      && result.count { $0 < 0 } == dotted.count,
    "the equation \"\(equation)\" has a wrong right side")
  return result.map { sizes[$0] ?? 1 }
}
