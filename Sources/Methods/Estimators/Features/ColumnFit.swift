import Basics
import Tables

/// What a pipeline learned from one column: its steps with the features of the training rows, or why it is dropped.
struct ColumnFit: Sendable {
  struct Step: Sendable {
    let encoder: ColumnEncoder
    let training: [FeatureValues]
  }

  private(set) var steps: [Step] = []
  /// Why nothing is made of the column.
  private(set) var dropped: String?

  /// Columns of texts with at least this many rows, all distinct and of one word, are identifiers.
  static let identifierRows = 20
  /// Texts of which more than half are distinct are free text if they have this many words on average.
  static let variedWords = 2.0
  /// Texts that repeat are levels, and free text too if they are this many of this many words.
  static let repeatedWords = 3.0
  static let repeatedLevels = 200

  init(_ column: Column, plan: FeaturePlan, context: TargetContext, key: RandomKey, threads: Int) throws {
    switch column.values {
    case .integer, .float, .single, .boolean: try fitNumbers(column, plan, context, key)
    case .dateTime(let moments): fitDates(moments, column.name, plan, key)
    case .category, .text: try fitLevels(column, plan, context, key, threads)
    }
    if steps.isEmpty, dropped == nil { dropped = "nothing in it tells rows apart" }
  }

  var isNumber: Bool {
    steps.contains { if case .number(let encoder) = $0.encoder { encoder.features.count > 0 } else { false } }
  }

  var isDate: Bool { steps.contains { if case .date = $0.encoder { true } else { false } } }

  /// The levels if the column is encoded as a category.
  var levelIndex: LevelIndex? {
    for case .category(let encoder) in steps.map(\.encoder) { return encoder.index }
    return nil
  }

  private mutating func add(_ encoder: ColumnEncoder, _ training: [FeatureValues]) {
    if !training.isEmpty { steps.append(Step(encoder: encoder, training: training)) }
  }

  private mutating func fitNumbers(
    _ column: Column, _ plan: FeaturePlan, _ context: TargetContext, _ key: RandomKey
  ) throws {
    let values = try ColumnReading.numbers(column, trainedAs: column.kind)
    if plan.numbers.keepsConstants == true {
      let (encoder, training) = NumberEncoder.fit(
        values, column: column, isConstant: false, plan: plan, key: key["number"])
      add(.number(encoder), training)
      return
    }
    guard let first = values.first(where: { !$0.isNaN }) else {
      dropped = "every value is missing"
      return
    }
    let isConstant = !values.contains { $0 != first && !$0.isNaN }
    if isConstant, !values.contains(where: { $0.isNaN }) {
      dropped = "every row has the same value"
      return
    }
    let (encoder, training) = NumberEncoder.fit(
      values, column: column, isConstant: isConstant, plan: plan, key: key["number"])
    add(.number(encoder), training)
    if case .integer(let integers) = column.values,
      let distinct = distinct(integers, upTo: plan.numbers.categoriesUpTo), distinct > 2
    {
      fitCategory(try ColumnReading.levels(column), column.name, plan, context, key)
    }
  }

  private mutating func fitDates(_ moments: [Int64], _ column: String, _ plan: FeaturePlan, _ key: RandomKey) {
    guard let first = moments.first(where: { $0 != Column.missingInteger }) else {
      dropped = "every value is missing"
      return
    }
    if !moments.contains(where: { $0 != first }) {
      dropped = "every row has the same value"
      return
    }
    let (encoder, training) = DateEncoder.fit(moments, column: column, plan: plan, key: key["date"])
    add(.date(encoder), training)
  }

  private mutating func fitLevels(
    _ column: Column, _ plan: FeaturePlan, _ context: TargetContext, _ key: RandomKey, _ threads: Int
  ) throws {
    let summary = LevelSummary(column)
    guard summary.presentRows > 0 else {
      dropped = "every value is missing"
      return
    }
    if summary.distinct == 1, summary.presentRows == column.count {
      dropped = "every row has the same value"
      return
    }
    let isWordy = summary.meanWords >= ColumnFit.variedWords
    let isVaried = 2 * summary.distinct > summary.presentRows
    let isText =
      isVaried
      ? isWordy : summary.meanWords >= ColumnFit.repeatedWords && summary.distinct >= ColumnFit.repeatedLevels
    let isIdentifier =
      !isWordy && summary.distinct == summary.presentRows && summary.presentRows >= ColumnFit.identifierRows
    let isCategory = !isIdentifier && !(isWordy && isVaried)
    if isCategory || summary.beginsWithNumbers {
      let values = try ColumnReading.levels(column)
      if summary.beginsWithNumbers,
        let (encoder, training) = TextNumberEncoder.fit(
          values, column: column.name, plan: plan, key: key["text number"])
      {
        add(.textNumber(encoder), training)
      }
      if isCategory { fitCategory(values, column.name, plan, context, key) }
    }
    if isText {
      let (encoder, training) = TextEncoder.fit(
        try ColumnReading.texts(column), column: column.name, plan: plan, context: context, key: key["text"],
        threads: threads)
      add(.text(encoder), training)
    }
    if steps.isEmpty {
      dropped = isIdentifier ? "it is an identifier: every row has its own value" : "every value is rare"
    }
  }

  private mutating func fitCategory(
    _ values: CategoryValues, _ column: String, _ plan: FeaturePlan, _ context: TargetContext, _ key: RandomKey
  ) {
    let (index, slots) = LevelIndex.fit(
      values, rareBelow: plan.categories.rareBelow, limit: plan.categories.levelLimit)
    guard index.stateCount > 1 else { return }
    let (encoder, training) = LevelEncoder.fit(
      slots: slots, index: index, name: column, source: column, plan: plan, context: context, key: key["category"])
    add(.category(CategoryEncoder(column: column, index: index, encoder: encoder)), training)
  }

  /// The number of distinct values, nil if above `limit`.
  private func distinct(_ values: [Int64], upTo limit: Int) -> Int? {
    guard limit > 0 else { return nil }
    var found: Set<Int64> = []
    var last = Column.missingInteger
    for value in values where value != last {
      last = value
      if value != Column.missingInteger, found.insert(value).inserted, found.count > limit { return nil }
    }
    return found.count
  }
}

/// What decides between level, free text, number and identifier.
private struct LevelSummary {
  let presentRows: Int
  let distinct: Int
  /// The mean number of words of values that are not blank, over some thousand rows.
  let meanWords: Double
  /// Whether nearly all of some thousand rows begin with a number and the rest of them is one of few texts: a unit.
  let beginsWithNumbers: Bool

  private static let sampleRows = 2_000
  private static let unitLimit = 20

  init(_ column: Column) {
    presentRows = column.count - column.missingCount
    distinct = column.distinctCount
    let step = max(1, column.count / LevelSummary.sampleRows)
    let sample = stride(from: 0, to: column.count, by: step).compactMap { column.text(at: $0) }
    let words = sample.map(wordCount).filter { $0 > 0 }
    let numbers = sample.filter { TextNumberEncoder.leadingNumber(in: $0) != nil }.count
    meanWords = words.isEmpty ? 0 : Double(words.reduce(0, +)) / Double(words.count)
    let units = Set(sample.map { $0.filter { !"0123456789.,".contains($0) } })
    beginsWithNumbers =
      units.count <= LevelSummary.unitLimit
      && Double(numbers) >= TextNumberEncoder.requiredShare * Double(sample.count)
  }
}

/// Runs without white space; every ideograph counts, for scripts that write no spaces.
private func wordCount(_ text: String) -> Int {
  var words = 0
  var isInWord = false
  for scalar in text.unicodeScalars {
    if scalar.properties.isWhitespace {
      isInWord = false
    } else if scalar.value >= 0x80, ScalarClass(scalar) == .single {
      words += 1
      isInWord = false
    } else if !isInWord {
      words += 1
      isInWord = true
    }
  }
  return words
}
