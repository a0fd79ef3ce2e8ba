/// The stratum of each row: its class, or one of ten ranges of equal counts of a number.
struct Strata: Sendable {
  let ofRow: [Int]
  let count: Int
  /// "by class" or "by ten ranges of the target".
  let words: String
  /// The class names, or empty.
  let classes: [String]

  init(labels: [Double], task: LearningTask) {
    switch task {
    case .classification(let classes):
      ofRow = labels.map { Int($0) }
      count = classes.count
      words = "stratified by class"
      self.classes = classes
    case .regression:
      let (cells, count) = equalCountRanges(of: labels, ranges: max(1, min(10, labels.count / 10)))
      ofRow = cells.map(Int.init)
      self.count = count
      words = "stratified by ranges of the target"
      classes = []
    }
  }

  /// The rows of each stratum, ascending.
  var rows: [[Int]] {
    var result = [[Int]](repeating: [], count: count)
    for (row, stratum) in ofRow.enumerated() { result[stratum].append(row) }
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
