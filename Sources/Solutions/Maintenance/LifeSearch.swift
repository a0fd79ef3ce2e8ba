import Basics
import Estimators
import Evaluation
import Experiments
import Projects
import Sequences

/// Compares methods by machines that they have not learned from, and puts the best together.
struct LifeSearch {
  /// What a method told of training machines it had not learned from.
  struct Outcome {
    let candidate: LifeCandidate
    /// One number per row of the training machines; not-a-number where the life left is not known.
    var told: [Double]
    var models: [StoredModel] = []
    var seconds = 0.0
    var error = Double.infinity
  }

  let units: UnitSequences
  let failed: [Bool]
  let settings: LifePipeline.Settings
  let context: ProjectContext
  static let folds = 5

  /// What was found.
  struct Result {
    var model: LifeModel
    var outcomes: [Outcome]
    /// The ensemble's numbers for machines that its parts have not learned from.
    var told: [Double]
    /// The weights of the candidates.
    var weights: [Double]
    var target: LifeTarget
    var dropped: [String]
    var conditionCount: Int
  }

  func run(candidates: [LifeCandidate], level: Double) throws -> Result {
    let key = RandomKey(seed: context.seed)["maintenance"]
    let deadline = Deadline(after: 0.85 * context.budget)
    let target = try LifeTarget(units, .remainingLife(cap: settings.longestLife), failed: failed)
    let folds = self.folds(key["folds"])
    var outcomes = candidates.map {
      Outcome(candidate: $0, told: Array(repeating: .nan, count: units.rowCount))
    }
    var pipelines: [LifePipeline] = []
    let known = Set(target.known)
    for (fold, held) in folds.enumerated() {
      try context.interruption.check()
      let kept = units.units.indices.filter { !held.contains($0) }
      let base = FitContext(
        key: key["pipeline"][fold], threads: context.threads, interruption: context.interruption)
      let pipeline = try LifePipeline(
        units.selecting(units: kept), failed: kept.map { failed[$0] }, settings: settings, context: base)
      pipelines.append(pipeline)
      let features = try pipeline.features(of: units, threads: context.threads)
      let isHeld = Set(held)
      func rows(_ isIn: Bool) -> [Int] {
        units.units.indices.filter { isHeld.contains($0) == isIn }.flatMap { units.units[$0].rows }.filter(
          known.contains)
      }
      let (training, judged) = (rows(false), rows(true))
      for place in outcomes.indices {
        let candidate = outcomes[place].candidate
        let share = (Double(fold) + Double(place) / Double(outcomes.count)) / Double(folds.count)
        context.progress(0.9 * share, "\(candidate.name), machines \(fold + 1) of \(folds.count)")
        let start = ContinuousClock.now
        let matrix = candidate.input == .windows ? features.windows : features.statistics
        func data(_ rows: [Int]) -> TrainingData {
          TrainingData(
            features: matrix.selecting(rows: rows), task: .regression, labels: rows.map { target.labels[$0] })
        }
        // What is left of the budget is shared evenly by what is still to be fitted.
        let left = (folds.count - fold) * outcomes.count - place
        let context = FitContext(
          key: key[candidate.name][fold], threads: self.context.threads,
          deadline: deadline.earlier(after: max(0.5, 3 * deadline.secondsLeft / Double(left))),
          interruption: self.context.interruption, validation: data(judged))
        let model = try candidate.estimator.fit(data(training), context: context)
        let predicted = model.predict(matrix.selecting(rows: judged), threads: self.context.threads).values
        for (row, value) in zip(judged, predicted) {
          outcomes[place].told[row] = min(max(value, 0), settings.longestLife)
        }
        outcomes[place].models.append(StoredModel(model))
        outcomes[place].seconds += seconds(start.duration(to: .now))
      }
    }
    for place in outcomes.indices {
      outcomes[place].error = error(outcomes[place].told, target)
    }
    let weights = self.weights(outcomes, target)
    let told = units.times.indices.map { row in
      zip(outcomes, weights).reduce(0) { $0 + ($1.1 > 0 ? $1.1 * $1.0.told[row] : 0) }
    }
    var fits: [LifeModel.Fit] = []
    for (outcome, weight) in zip(outcomes, weights) where weight > 0 {
      for (fold, model) in outcome.models.enumerated() {
        fits.append(
          LifeModel.Fit(
            pipeline: fold, seesWindows: outcome.candidate.input == .windows,
            weight: weight / Double(outcome.models.count), model: model))
      }
    }
    let owners = units.unitOfRow
    let intervals = try? LifeIntervals(
      lives: target.known.map { target.labels[$0] }, predictions: target.known.map { told[$0] },
      units: target.known.map { owners[$0] }, level: level, range: 0...settings.longestLife)
    let model = LifeModel(
      channels: units.channels, longestLife: settings.longestLife, pipelines: pipelines, fits: fits,
      intervals: intervals, alarm: 0)
    return Result(
      model: model, outcomes: outcomes, told: told, weights: weights, target: target, dropped: pipelines[0].dropped,
      conditionCount: pipelines[0].conditionCount)
  }

  /// The machines of each fold: those that failed are dealt out evenly.
  private func folds(_ key: RandomKey) -> [[Int]] {
    var random = key.stream()
    let order = units.units.indices.map { ($0, random.next()) }
      .sorted { (failed[$0.0] ? 0 : 1, $0.1) < (failed[$1.0] ? 0 : 1, $1.1) }.map(\.0)
    return (0..<Self.folds).map { fold in
      order.indices.filter { $0 % Self.folds == fold }.map { order[$0] }.sorted()
    }
  }

  private func error(_ told: [Double], _ target: LifeTarget) -> Double {
    LifeMeasures(predicted: target.known.map { told[$0] }, lives: target.known.map { target.labels[$0] })
      .rootMeanSquaredError
  }

  /// Weights in steps of a twentieth, each step given to the method that lowers the error most (Caruana et al. 2004).
  private func weights(_ outcomes: [Outcome], _ target: LifeTarget) -> [Double] {
    var counts = [Double](repeating: 0, count: outcomes.count)
    var sum = [Double](repeating: 0, count: target.known.count)
    for step in 1...20 {
      var best: (place: Int, error: Double)?
      for (place, outcome) in outcomes.enumerated() {
        var total = 0.0
        for (position, row) in target.known.enumerated() {
          let error = (sum[position] + outcome.told[row]) / Double(step) - target.labels[row]
          total += error * error
        }
        if total < best?.error ?? .infinity { best = (place, total) }
      }
      guard let best else { break }
      counts[best.place] += 1
      for (position, row) in target.known.enumerated() { sum[position] += outcomes[best.place].told[row] }
    }
    let total = max(1, counts.reduce(0, +))
    return counts.map { $0 / total }
  }
}
