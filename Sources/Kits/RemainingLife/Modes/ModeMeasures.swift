import Basics
import Evaluation
import Experiments
import Tables

/// How well failure modes are told on the test, and what shows them.
public struct ModeMeasures {
  /// What is usual of a reading.
  public enum Usual: Sendable, Hashable {
    /// The middle value.
    case number(Double)
    /// The range of the middle eight tenths.
    case range(Double, Double)
    /// The most frequent word.
    case text(String)
    /// No value is known.
    case unknown
  }

  /// A reading that a mode shows in.
  public struct Driver: Sendable {
    /// The column.
    public let column: String
    /// Its share of what raises the probability of the mode.
    public let share: Double
    /// The value that is usual where a unit fails in this way.
    public let there: Usual
    /// The values that are usual elsewhere.
    public let elsewhere: Usual
  }

  /// One way to fail.
  public struct Mode: Sendable {
    /// Its name.
    public let name: String
    /// The failures among the rows learned from.
    public let training: Int
    /// The failures among the rows of the test.
    public let test: Int
    /// Whether there were enough failures to learn from.
    public let isLearned: Bool
    /// The area under precision and recall on the test; not-a-number where it has no such failure.
    public let precision: Estimate
    /// The failures of the test in this way whose likeliest mode it is.
    public let named: Int
    /// What it shows in, the strongest first.
    public let drivers: [Driver]
  }

  /// The modes.
  public let modes: [Mode]
  /// The share of the test's failures with a known mode whose likeliest mode is one of theirs.
  public let accuracy: Estimate
  /// The same share if the most frequent mode of the rows learned from were named for all.
  public let majority: Double
  /// That mode.
  public let majorityName: String
  /// The failures of the test with a known mode.
  public let judged: Int
  /// Those of them whose likeliest mode is one of theirs.
  public let right: Int
  /// Those of them that the most frequent mode is right for.
  public let rightByMajority: Int
  /// The failures of the test with a known mode that are served in time, and those of them that are named rightly.
  public let served: (count: Int, right: Int)
  /// Failures of the test by mode and by the mode that is named: a failure of two modes counts in both rows.
  public let confusion: [[Int]]
  /// The likeliest mode of each test row, and its probability.
  public let likeliest: [(mode: Int, probability: Double)]

  /// Measures modes; nil where there are none.
  ///
  /// - Parameters:
  ///   - found: The models.
  ///   - table: All rows, the columns that are learned from.
  ///   - isPresent: For each mode and row of `table` whether it fails in this way.
  ///   - training: The rows of `table` that were learned from.
  ///   - test: The rows of `table` that are measured on.
  ///   - isServed: For each test row whether it is judged risky.
  ///   - key: Of what is drawn for intervals.
  ///   - threads: The threads to use; the result does not depend on their number.
  /// - Throws: a `schema` error where the table lacks columns that were learned from.
  public init?(
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
          .prAUC, labels: labels, predictions: Predictions(pairs, width: 2), task: FailureModes.task)
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
        .logLoss, task: FailureModes.task, key: key, repeats: 2, rowLimit: 1_000
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
  private static func usual(_ column: Column, _ rows: [Int], isRange: Bool) -> Usual {
    switch column.kind {
    case .integer, .float:
      let numbers = column.numbers()
      let values = rows.map { numbers[$0] }.filter { !$0.isNaN }.sorted()
      guard !values.isEmpty else { return .unknown }
      func at(_ share: Double) -> Double { values[Int((share * Double(values.count - 1)).rounded())] }
      return isRange ? .range(at(0.1), at(0.9)) : .number(at(0.5))
    default:
      let counts = Dictionary(grouping: rows) { column.text(at: $0) ?? "missing" }.mapValues(\.count)
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { Usual.text($0.key) } ?? .unknown
    }
  }
}
