import Basics
import Foundation
import Kernels
import Tables

extension Guard {
  /// Test rows that training rows repeat, exactly or nearly.
  ///
  /// Equal rows are natural in a table of a few coarse columns: if the columns together carry fewer than
  /// log2(training rows) + 10 bits, one chance match in a thousand rows would be expected even of independent columns,
  /// and repeats are not told. Beyond: three test rows in ten repeated stop the run, as when the test file is a part of
  /// the training file (real tables of measurements reach one in seven honestly); one in two hundred warns. Rows alike
  /// within a fiftieth of each number's standard deviation, and texts alike in four words of five, warn from three in a
  /// hundred.
  func duplicateFindings(_ data: GuardedData, columns: [String]) -> [GuardFinding] {
    guard let test = data.test, test.rowCount > 0 else { return [] }
    let pairs = columns.compactMap { name -> ColumnPair? in
      guard let first = data.training[name], let second = test[name] else { return nil }
      return ColumnPair(training: first, test: second)
    }
    guard !pairs.isEmpty else { return [] }
    let exact = RowMatches(pairs.count, threads: threads) {
      (pairs[$0].training.valueHashes(), pairs[$0].test.valueHashes())
    }
    var findings: [GuardFinding] = []
    let needed = log2(Double(data.training.rowCount)) + 10
    if exact.bits >= needed {
      let share = Double(exact.partner.count { $0 >= 0 }) / Double(test.rowCount)
      if share >= 0.005 {
        findings.append(
          GuardFinding(
            .duplicates, severity: share >= 0.3 ? .stop : .warning,
            evidence: "\(Split.percent(share)) of the test rows equal a training row in all \(pairs.count) columns, so "
              + "what was learned by heart counts as a success",
            remedy: "remove repeated rows, name the column of the repeated thing with --entity, or keep them with "
              + "--allow duplicates \"reason\""))
      }
    }
    if findings.isEmpty, let near = nearFinding(pairs, exact: exact, needed: needed) { findings.append(near) }
    for pair in pairs where pair.training.kind == .text {
      if let finding = textFinding(pair) { findings.append(finding) }
    }
    return findings
  }

  private func nearFinding(_ pairs: [ColumnPair], exact: RowMatches, needed: Double) -> GuardFinding? {
    // A pair of near rows falls into one cell of a grid only by luck, so four shifted grids are tried.
    let columns = parallelMap(pairs.count, threads: threads) { NearColumn(pairs[$0]) }
    let attempts = (0..<4).map { attempt in
      RowMatches(columns.count, threads: threads) {
        columns[$0].cells(shift: key["grid"][attempt].uniform(at: UInt64($0)))
      }
    }
    guard attempts[0].bits >= needed else { return nil }
    let near = exact.partner.indices.count { row in
      exact.partner[row] < 0
        && attempts.contains { attempt in
          let partner = Int(attempt.partner[row])
          return partner >= 0 && columns.allSatisfy { $0.isNear(test: row, training: partner) }
        }
    }
    let share = Double(near) / Double(exact.partner.count)
    guard share >= 0.03 else { return nil }
    return GuardFinding(
      .duplicates, severity: .warning,
      evidence: "\(Split.percent(share)) of the test rows nearly equal a training row: all categories are the same and "
        + "all numbers within a fiftieth of a standard deviation",
      remedy: "if they describe the same thing, name its column with --entity or remove the repeats")
  }

  private func textFinding(_ pair: ColumnPair) -> GuardFinding? {
    guard case .text(let training) = pair.training.values, case .text(let test) = pair.test.values else { return nil }
    guard let share = NearTexts(key: key["texts"], threads: threads).shareAlike(training, test), share >= 0.03 else {
      return nil
    }
    return GuardFinding(
      .duplicates, severity: .warning, column: pair.training.name,
      evidence:
        "\(Split.percent(share)) of the test rows have a text in \"\(pair.training.name)\" that nearly equals one of "
        + "a training row",
      remedy: "if they are copies or edits of one text, remove the repeats or name what they share with --entity")
  }
}
