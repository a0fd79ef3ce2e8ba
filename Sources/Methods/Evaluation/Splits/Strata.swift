/// The stratum of each row: its class, or one of ten ranges of equal counts of a number.
///
/// Numbers take 32 bits each, because tables of many millions of rows are divided too.
struct Strata: Sendable {
  let ofRow: [Int32]
  let count: Int
  /// "by class" or "by ten ranges of the target".
  let words: String
  /// The class names, or empty.
  let classes: [String]

  init(labels: [Double], task: LearningTask) {
    switch task {
    case .classification(let classes):
      ofRow = labels.map { Int32($0) }
      count = classes.count
      words = "stratified by class"
      self.classes = classes
    case .regression:
      (ofRow, count) = equalCountRanges(of: labels, ranges: max(1, min(10, labels.count / 10)))
      words = "stratified by ranges of the target"
      classes = []
    }
  }

  /// The rows of each stratum, ascending.
  var rows: [[Int32]] {
    var sizes = [Int](repeating: 0, count: count)
    for stratum in ofRow { sizes[Int(stratum)] += 1 }
    var result = [[Int32]](repeating: [], count: count)
    for stratum in result.indices { result[stratum].reserveCapacity(sizes[stratum]) }
    for (row, stratum) in ofRow.enumerated() { result[Int(stratum)].append(Int32(row)) }
    return result
  }

  /// A text for each class with fewer rows than `least`.
  func warnings(fewerThan least: Int, what: String) -> [String] {
    guard !classes.isEmpty else { return [] }
    return zip(classes, rows).filter { !$0.1.isEmpty && $0.1.count < least }.map {
      "class \"\($0)\" has \($1.count) row\($1.count == 1 ? "" : "s"), fewer than \(what)"
    }
  }
}
