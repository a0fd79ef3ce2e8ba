import Basics

/// One way of dividing rows into those learned from and those measured on.
public struct Fold: Sendable, Hashable, Codable {
  /// The rows learned from, ascending.
  public var training: [Int]
  /// The rows measured on, ascending.
  public var test: [Int]

  /// Creates a fold.
  public init(training: [Int], test: [Int]) {
    self.training = training
    self.test = test
  }
}

/// A division of rows: one fold for a holdout, several for cross-validation.
public struct Split: Sendable, Hashable, Codable {
  /// The folds.
  public var folds: [Fold]
  /// Rows that a given column sets apart for choosing among models; empty otherwise.
  public var validation: [Int] = []
  /// The split in words: "random, stratified by class, 20 % of the rows are the test".
  public var description: String
  /// What could not be done as asked: "class \"c\" has 2 rows, fewer than the 5 folds".
  public var warnings: [String]

  /// Creates a split.
  public init(folds: [Fold], validation: [Int] = [], description: String, warnings: [String] = []) {
    self.folds = folds
    self.validation = validation
    self.description = description
    self.warnings = warnings
  }
}

extension Split {
  /// Sets a share of the rows apart for the final measurement: by time if `times` is given, else by entity if
  /// `entities` is given, else at random, stratified by class or by ten ranges of a number.
  ///
  /// - Parameters:
  ///   - labels: one per row, class indices for classification.
  ///   - testShare: the share of the rows wanted in the test, 0 < share < 1.
  ///   - entities: the entity of each row; no entity is on both sides.
  ///   - times: the time of each row; the test is the end. Rows of one time stay together.
  ///   - gap: training rows end that much (in units of `times`) before the test begins.
  /// - Throws: `data` if the rows cannot be divided so: fewer than two, one entity, one time, missing times.
  public static func holdout(
    labels: [Double], task: LearningTask, testShare: Double = 0.2, entities: [Int]? = nil, times: [Double]? = nil,
    gap: Double = 0, key: RandomKey
  ) throws -> Split {
    guard testShare > 0, testShare < 1 else {
      throw AssayError(.configuration, "the test share \(testShare) is not between 0 and 1")
    }
    guard labels.count >= 2 else {
      throw AssayError(
        .data, "the table has \(labels.count == 1 ? "one row" : "no rows")", remedy: "two rows are the least to split")
    }
    if let times { return try timeHoldout(times: times, testShare: testShare, gap: gap) }
    let strata = Strata(labels: labels, task: task)
    if let entities {
      return try entityHoldout(entities: entities, strata: strata, testShare: testShare, key: key)
    }
    return stratifiedHoldout(strata: strata, testShare: testShare, key: key)
  }

  /// Divides the rows for cross-validation: rolling origin if `times` is given, else by entity if `entities` is given,
  /// else at random, stratified by class or by ten ranges of a number.
  ///
  /// - Parameters: as in `holdout`; `count` is the number of folds, at least 2.
  /// - Throws: `data` if there are fewer rows, entities or times than the folds need.
  public static func folds(
    _ count: Int, labels: [Double], task: LearningTask, entities: [Int]? = nil, times: [Double]? = nil,
    gap: Double = 0, key: RandomKey
  ) throws -> Split {
    guard count >= 2 else { throw AssayError(.configuration, "\(count) folds were asked for, 2 are the least") }
    guard labels.count >= count else {
      throw AssayError(.data, "\(labels.count) rows cannot make \(count) folds", remedy: "use fewer folds or more rows")
    }
    if let times { return try rollingOrigin(count, times: times, gap: gap) }
    let strata = Strata(labels: labels, task: task)
    if let entities { return try entityFolds(count, entities: entities, strata: strata, key: key) }
    return stratifiedFolds(count, strata: strata, key: key)
  }

  /// `folds` repeated with other random draws: `repeats` times `count` folds, the folds of one repeat together.
  public static func repeatedFolds(
    _ count: Int, repeats: Int, labels: [Double], task: LearningTask, entities: [Int]? = nil, key: RandomKey
  ) throws -> Split {
    guard repeats >= 1 else { throw AssayError(.configuration, "\(repeats) repeats were asked for, 1 is the least") }
    let splits = try (0..<repeats).map {
      try folds(count, labels: labels, task: task, entities: entities, key: key["repeat"][$0])
    }
    return Split(
      folds: splits.flatMap(\.folds), description: splits[0].description + ", repeated \(repeats) times",
      warnings: splits[0].warnings)
  }

  /// A fold from a mark per row.
  static func fold(isTest: [Bool]) -> Fold {
    Fold(training: isTest.indices.filter { !isTest[$0] }, test: isTest.indices.filter { isTest[$0] })
  }

  /// Folds from the fold in which each row is measured.
  static func folds(_ count: Int, of rows: [Int]) -> [Fold] {
    (0..<count).map { fold in self.fold(isTest: rows.map { $0 == fold }) }
  }

  /// A share in words: "20 %".
  static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths)) %" : "\(tenths) %"
  }
}
