import Basics
import Evaluation
import Kernels
import Tables

extension FeaturePipeline {
  /// Learns a pipeline from training rows and returns it with their features.
  ///
  /// - Parameters:
  ///   - plan: what to do with each kind of column.
  ///   - table: the columns to learn from, without the target.
  ///   - labels: one per row of the table: the number, or the index of the class.
  ///   - weights: one positive weight per row for the statistics of the target; nil means all 1.
  ///   - key: the source of the random order of target statistics and of samples.
  ///   - threads: how many to use; the result does not depend on it.
  /// - Returns: the pipeline, and the features of the training rows, whose target statistics their own labels have no
  ///   part in; `transform` of the same rows differs from them in that.
  /// - Throws: `configuration` for a setting out of its range; `data` for no rows, an infinite number, or no column
  ///   that tells rows apart.
  public static func fit(
    plan: FeaturePlan, table: Table, task: LearningTask, labels: [Double], weights: [Double]? = nil, key: RandomKey,
    threads: Int = 1
  ) throws -> (pipeline: FeaturePipeline, training: FeatureMatrix) {
    precondition(
      labels.count == table.rowCount, "FeaturePipeline.fit: \(labels.count) labels, \(table.rowCount) rows")
    precondition(weights == nil || weights!.count == labels.count, "FeaturePipeline.fit: one weight per row")
    try plan.check()
    guard table.rowCount > 0 else { throw AssayError(.data, "there are no rows to learn from") }
    let context = TargetContext(
      task: task, labels: labels, weights: weights, classLimit: plan.categories.statisticClassLimit,
      key: key["order"])
    let columns = table.columns
    let results: [Result<ColumnFit, any Error>] = parallelMap(columns.count, threads: threads) { position in
      Result {
        try ColumnFit(
          columns[position], plan: plan, context: context, key: key["columns"][columns[position].name],
          threads: threads)
      }
    }
    let fits = try results.map { try $0.get() }
    let pairs = try pairFits(columns, fits, plan: plan, context: context, key: key["pairs"], threads: threads)
    let dropped = Dictionary(
      uniqueKeysWithValues: zip(columns, fits).compactMap { column, fit in fit.dropped.map { (column.name, $0) } })
    let steps = fits.flatMap(\.steps) + pairs
    guard !steps.isEmpty else {
      let reasons = columns.prefix(5).map { "\"\($0.name)\": \(dropped[$0.name] ?? "")" }.joined(separator: ", ")
      throw AssayError(
        .data, "no column can be learned from" + (reasons.isEmpty ? "" : " (\(reasons))"),
        remedy: "add columns whose values differ between rows")
    }
    let pipeline = FeaturePipeline(
      plan: plan, inputColumns: columns.map(\.name).filter { dropped[$0] == nil }, dropped: dropped,
      encoders: steps.map(\.encoder))
    let matrix = FeatureMatrix(
      features: pipeline.features, columns: steps.flatMap(\.training), rowCount: table.rowCount)
    return (pipeline, matrix)
  }

  /// The steps of two columns that the plan asks for.
  private static func pairFits(
    _ columns: [Column], _ fits: [ColumnFit], plan: FeaturePlan, context: TargetContext, key: RandomKey, threads: Int
  ) throws -> [ColumnFit.Step] {
    let settings = plan.interactions
    var tasks: [@Sendable () throws -> ColumnFit.Step] = []
    let dates = columns.indices.filter { fits[$0].isDate }.prefix(plan.dates.differences ? 5 : 0)
    for (i, j) in pairs(Array(dates)) {
      tasks.append {
        let (encoder, training) = try DateDifferenceEncoder.fit(columns[i], columns[j], plan: plan, key: key)
        return ColumnFit.Step(encoder: .dateDifference(encoder), training: training)
      }
    }
    let numbers = try top(settings.numberColumns, of: columns.indices.filter { fits[$0].isNumber }) { position in
      context.association(
        numbers: try ColumnReading.numbers(columns[position], trainedAs: columns[position].kind))
    }
    for (i, j) in pairs(numbers) {
      for operation in settings.operations {
        tasks.append {
          let (encoder, training) = try NumberPairEncoder.fit(
            columns[i], columns[j], operation: operation, plan: plan, key: key)
          return ColumnFit.Step(encoder: .numberPair(encoder), training: training)
        }
      }
    }
    let indices = fits.map(\.levelIndex)
    let categories = try top(settings.categoryColumns, of: columns.indices.filter { indices[$0] != nil }) { position in
      guard let index = indices[position] else { return 0 }
      return context.association(slots: try index.slots(of: columns[position]), slotCount: index.slotCount)
    }
    for (i, j) in pairs(categories) {
      guard let first = indices[i], let second = indices[j] else { continue }
      tasks.append {
        let (encoder, training) = try CategoryPairEncoder.fit(
          (columns[i], first), (columns[j], second), plan: plan, context: context, key: key)
        return ColumnFit.Step(encoder: .categoryPair(encoder), training: training)
      }
    }
    let ready = tasks
    let results: [Result<ColumnFit.Step, any Error>] = parallelMap(ready.count, threads: threads) { position in
      Result { try ready[position]() }
    }
    return try results.map { try $0.get() }
  }

  private static func pairs(_ positions: [Int]) -> [(Int, Int)] {
    positions.indices.flatMap { i in positions[(i + 1)...].map { (positions[i], $0) } }
  }

  /// The positions of the highest scores, in their order in the table.
  private static func top(_ count: Int, of positions: [Int], by score: (Int) throws -> Double) rethrows -> [Int] {
    guard count > 0 else { return [] }
    return try positions.map { (score: try score($0), position: $0) }
      .sorted { ($1.score, $0.position) < ($0.score, $1.position) }
      .prefix(count).map(\.position).sorted()
  }
}
