import Basics
import Evaluation
import Tables

extension ValidationPlan {
  /// The plan for the training rows of a request: rolling origin where there is a time, entities kept together where
  /// there are some, the rows of a split column where it names them, else stratified folds.
  init(data: PreparedData, request: TrainingRequest) throws {
    let rows = data.training.rowCount
    let key = RandomKey(seed: request.seed)["validation"]
    if !data.validationRows.isEmpty {
      let held = Set(data.validationRows)
      let fold = Fold(training: (0..<rows).filter { !held.contains($0) }, test: data.validationRows)
      if let whole = data.whole {
        // All rows to learn from are many; the judged ones would add little, and the fit on all of them takes long.
        self.init(folds: [fold], refits: false, words: whole.judgedWords)
      } else {
        self.init(folds: [fold], refits: true, words: "the rows marked in the split column")
      }
      return
    }
    let times = try request.time.map { try PreparedData.times(of: data.training.column($0)) }
    let owners = try request.entity.map { entities(of: try data.training.column($0)) }
    let wanted = times == nil ? Self.foldCount(rows: rows) : 3
    // Few rows, entities or times allow fewer folds; two is the least that shows a candidate's spread.
    let available = min(rows, Set(owners ?? []).count > 0 ? Set(owners ?? []).count : rows)
    let count = min(wanted, available)
    // Labels that come late leave early folds nothing to learn from: then there are fewer folds, and at last one.
    let delay = request.labelDelay ?? 0
    for folds in (times == nil || delay == 0 ? [count] : Array(1...max(1, count)).reversed()) where folds >= 2 {
      do {
        let split = try Split.folds(
          folds, labels: data.trainingLabels, task: data.task, entities: times == nil ? owners : nil, times: times,
          gap: delay, key: key)
        self.init(folds: split.folds, refits: times != nil, words: split.description)
        return
      } catch let error as AssayError where delay > 0 && error.kind == .data {
        continue
      }
    }
    func holdout(_ gap: Double) throws -> Split {
      try Split.holdout(
        labels: data.trainingLabels, task: data.task, testShare: delay > 0 ? 0.2 : 0.1, entities: owners, times: times,
        gap: gap, key: key)
    }
    let refits = times != nil && delay > 0
    do {
      let split = try holdout(delay)
      self.init(folds: split.folds, refits: refits, words: split.description)
    } catch let error as AssayError where delay > 0 && error.kind == .data {
      let split = try holdout(0)
      self.init(
        folds: split.folds, refits: refits,
        words: split.description + "; the label delay was left aside there, as the rows to learn from span no more")
    }
  }
}
