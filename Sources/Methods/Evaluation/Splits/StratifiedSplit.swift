import Basics

extension Split {
  /// Each stratum gives the same share of its rows; a class with a single row stays in training.
  static func stratifiedHoldout(strata: Strata, testShare: Double, key: RandomKey) -> Split {
    let rowCount = strata.ofRow.count
    let rows = strata.rows
    // Whole rows by the largest remainder, so that the total is right too.
    let quotas = rows.map { $0.count < 2 ? 0 : testShare * Double($0.count) }
    var sizes = quotas.map { Int($0) }
    let wanted = max(1, Int((testShare * Double(rowCount)).rounded()))
    let byRemainder = quotas.indices.sorted {
      let a = quotas[$0] - quotas[$0].rounded(.down)
      let b = quotas[$1] - quotas[$1].rounded(.down)
      return a > b || (a == b && rows[$0].count > rows[$1].count)
    }
    for stratum in byRemainder + byRemainder where sizes.reduce(0, +) < wanted {
      if sizes[stratum] + 1 < rows[stratum].count { sizes[stratum] += 1 }
    }
    var isTest = [Bool](repeating: false, count: rowCount)
    for (stratum, size) in sizes.enumerated() {
      var stream = key["holdout"][stratum].stream()
      for position in stream.permutation(of: rows[stratum].count).prefix(size) {
        isTest[Int(rows[stratum][position])] = true
      }
    }
    if !isTest.contains(true) {
      // All strata have one row, or the table has two: any row will do.
      var stream = key["holdout"].stream()
      isTest[stream.integer(below: rowCount)] = true
    }
    return Split(
      folds: [fold(isTest: isTest)],
      description: "random, \(strata.words), \(percent(testShare)) of the rows are the test",
      warnings: strata.warnings(fewerThan: 2, what: "the 2 it takes to be on both sides"))
  }

  /// The rows of each stratum are dealt to the folds in random order; fold sizes differ by one at most.
  static func stratifiedFolds(_ count: Int, strata: Strata, key: RandomKey) -> Split {
    var foldOfRow = [Int](repeating: 0, count: strata.ofRow.count)
    var next = 0
    for (stratum, rows) in strata.rows.enumerated() {
      var stream = key["folds"][stratum].stream()
      for position in stream.permutation(of: rows.count) {
        foldOfRow[Int(rows[position])] = next
        next = (next + 1) % count
      }
    }
    return Split(
      folds: folds(count, of: foldOfRow), description: "random, \(strata.words), \(count) folds",
      warnings: strata.warnings(fewerThan: count, what: "the \(count) folds"))
  }
}
