import Basics
import Evaluation
import Experiments
import Foundation
import Tables

/// How well failure modes are told on the test, and what shows them.
struct ModeMeasures {
  /// A reading that a mode shows in.
  struct Driver {
    /// The column.
    let column: String
    /// Its share of what raises the probability of the mode.
    let share: Double
    /// The value that is usual where a machine fails in this way.
    let there: String
    /// The values that are usual elsewhere.
    let elsewhere: String
  }

  /// One way to fail.
  struct Mode {
    let name: String
    /// The failures among the rows learned from, and among those of the test.
    let training: Int
    let test: Int
    /// Whether there were enough failures to learn from.
    let isLearned: Bool
    /// The area under precision and recall on the test; not-a-number where it has no such failure.
    let precision: Estimate
    /// The failures of the test in this way whose likeliest mode it is.
    let named: Int
    /// What it shows in, the strongest first.
    let drivers: [Driver]
  }

  /// The modes.
  let modes: [Mode]
  /// The share of the test's failures with a known mode whose likeliest mode is one of theirs.
  let accuracy: Estimate
  /// The same share if the most frequent mode of the rows learned from were named for all.
  let majority: Double
  /// That mode.
  let majorityName: String
  /// The failures of the test with a known mode.
  let judged: Int
  /// Those of them whose likeliest mode is one of theirs, and those that the most frequent mode is right for.
  let right: Int
  let rightByMajority: Int
  /// The failures of the test with a known mode that are served in time, and those of them that are named rightly.
  let served: (count: Int, right: Int)
  /// Failures of the test by mode and by the mode that is named: a failure of two modes counts in both rows.
  let confusion: [[Int]]
  /// The likeliest mode of each test row, and its probability.
  let likeliest: [(mode: Int, probability: Double)]

  /// Measures modes; nil where there are none.
  ///
  /// - Parameters:
  ///   - table: All rows, the columns that are learned from.
  ///   - isPresent: For each mode and row of `table` whether it fails in this way.
  ///   - isServed: For each test row whether it is judged risky.
  init?(
    _ found: FailureModes, table: Table, isPresent: [[Bool]], training: [Int], test: [Int], isServed: [Bool],
    key: RandomKey, threads: Int
  ) throws {
    guard !found.modes.isEmpty else { return nil }
    let probabilities = try found.probabilities(table.selecting(rows: test), threads: threads)
    let likeliest = test.indices.map { FailureModes.likeliest(probabilities, $0) ?? 0 }
    self.likeliest = likeliest.indices.map { (likeliest[$0], probabilities[likeliest[$0]][$0]) }
    let failures = test.indices.filter { place in isPresent.contains { $0[test[place]] } }
    let isRight = failures.map { isPresent[likeliest[$0]][test[$0]] }
    let bootstrap = Bootstrap(key: key["modes"], threads: threads)
    let right = isRight.count { $0 }
    self.right = right
    accuracy = wilsonInterval(successes: Double(right), trials: Double(isRight.count))
    let counts = isPresent.map { marks in training.count { marks[$0] } }
    let most = counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) } ?? 0
    majorityName = found.names[most]
    let rightByMajority = failures.count { isPresent[most][test[$0]] }
    self.rightByMajority = rightByMajority
    majority = failures.isEmpty ? .nan : Double(rightByMajority) / Double(failures.count)
    judged = failures.count
    let inTime = failures.indices.filter { isServed[failures[$0]] }
    served = (inTime.count, inTime.count { isRight[$0] })
    let confusion = isPresent.map { marks in
      found.modes.indices.map { named in failures.count { marks[test[$0]] && likeliest[$0] == named } }
    }
    self.confusion = confusion
    modes = try found.modes.indices.map { position in
      let (mode, marks) = (found.modes[position], isPresent[position])
      let labels = test.map { marks[$0] ? 1.0 : 0 }
      let positives = labels.count { $0 == 1 }
      let pairs = probabilities[position].flatMap { [1 - $0, $0] }
      let precision =
        positives == 0
        ? Estimate(.nan, lower: .nan, upper: .nan)
        : bootstrap.estimate(
          .prAUC, labels: labels, predictions: Predictions(pairs, width: 2), task: SnapshotSplit.task)
      return Mode(
        name: mode.name, training: counts[position], test: positives, isLearned: mode.model != nil,
        precision: precision, named: confusion[position][position],
        drivers: try mode.model.map {
          try Self.drivers($0, table: table, marks: marks, test: test, key: key["drivers"][position], threads: threads)
        } ?? [])
    }
  }

  /// The readings that raise the probability of a mode where it occurs.
  private static func drivers(
    _ model: ModelBundle, table: Table, marks: [Bool], test: [Int], key: RandomKey, threads: Int
  ) throws -> [Driver] {
    let failures = Array(marks.indices.filter { marks[$0] }.prefix(500))
    let contributions = try model.contributions(table.selecting(rows: failures), threads: threads)
    var amounts: [(column: String, amount: Double)] = []
    if contributions.explainedShare > 0 {
      var sums = [Double](repeating: 0, count: contributions.columns.count)
      for row in failures.indices {
        for (column, contribution) in contributions.row(row).enumerated() { sums[column] += contribution.amount }
      }
      amounts = zip(contributions.columns, sums).map { ($0, $1) }
    } else {
      // No member can say what moved it: then what it costs to have a reading shuffled.
      let importance = try PermutationImportance(
        .logLoss, task: SnapshotSplit.task, key: key, repeats: 2, rowLimit: 1_000
      ).importance(
        table: table.selecting(rows: test), labels: test.map { marks[$0] ? 1 : 0 }, deadline: Deadline(after: 2),
        threads: threads
      ) { try model.predict($0, threads: threads) }
      amounts = importance.map { ($0.column, $0.loss.value) }
    }
    let raising = amounts.filter { $0.amount > 0 }.sorted { ($1.amount, $0.column) < ($0.amount, $1.column) }
    let total = raising.reduce(0) { $0 + $1.amount }
    return try raising.prefix(3).filter { $0.amount > 0.05 * total }.map { driver in
      let column = try table.column(driver.column)
      return Driver(
        column: driver.column, share: driver.amount / total,
        there: usual(column, marks.indices.filter { marks[$0] }, isRange: false),
        elsewhere: usual(column, marks.indices.filter { !marks[$0] }, isRange: true))
    }
  }

  /// The middle value of some rows, or the range of the middle eight tenths; of words the most frequent.
  private static func usual(_ column: Column, _ rows: [Int], isRange: Bool) -> String {
    switch column.kind {
    case .integer, .float:
      let numbers = column.numbers()
      let values = rows.map { numbers[$0] }.filter { !$0.isNaN }.sorted()
      guard !values.isEmpty else { return "–" }
      func at(_ share: Double) -> String { plain(values[Int((share * Double(values.count - 1)).rounded())]) }
      return isRange ? "\(at(0.1)) to \(at(0.9))" : at(0.5)
    default:
      let counts = Dictionary(grouping: rows) { column.text(at: $0) ?? "missing" }.mapValues(\.count)
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "–"
    }
  }

  /// A reading with four digits: temperatures in kelvin differ in the fourth.
  static func plain(_ value: Double) -> String {
    let magnitude = abs(value)
    let decimals = magnitude >= 1_000 || value == value.rounded() ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3
    return value.formatted(
      .number.precision(.fractionLength(0...decimals)).locale(Locale(identifier: "en")))
  }
}
