import Basics
import Estimators
import Experiments
import Projects
import Sequences
import Survival

/// Compares methods by machines that they have not learned from, and puts the best together.
struct LifeSearch {
  /// What a method told of training machines it had not learned from.
  struct Outcome {
    let candidate: LifeCandidate
    /// One number per row of the training machines; not-a-number for those that it was not tried on.
    var told: [Double]
    var models: [StoredModel] = []
    var seconds = 0.0
    /// Over the machines that it was tried on.
    var error = Double.infinity
    /// Whether it was tried on the first fold only, because others were better there.
    var isDropped = false
  }

  let units: UnitSequences
  let failed: [Bool]
  let settings: LifePipeline.Settings
  /// The time within which failures are foretold.
  let horizon: Double
  let context: ProjectContext
  let store: ProjectStore
  static let folds = 5
  /// How long before its end a machine's rows calibrate intervals, in longest lives.
  private static let farthest = 1.25

  /// What was found.
  struct Result {
    var model: LifeModel
    var outcomes: [Outcome]
    /// The ensemble's numbers for machines that its parts have not learned from.
    var told: [Double]
    /// The weights of the candidates.
    var weights: [Double]
    /// The methods that foretell failures, the best first; none where too few machines failed.
    var failures: [FailureSearch.Outcome]
    var dropped: [String]
    var conditionCount: Int
  }

  /// A candidate's fit on one fold: a piece of the run that a resumed one takes up.
  private struct Piece: Codable {
    var told: [Double]
    var model: StoredModel
    var seconds: Double
  }

  func run(candidates: [LifeCandidate], level: Double) throws -> Result {
    let key = RandomKey(seed: context.seed)["maintenance"]
    let time = FittingTime(context, store)
    let target = try LifeTarget(units, .remainingLife(cap: settings.longestLife), failed: failed)
    let folds = self.folds(key["folds"])
    var outcomes = candidates.map {
      Outcome(candidate: $0, told: Array(repeating: .nan, count: units.rowCount))
    }
    var failures = FailureSearch(self, folds: folds)
    let count = outcomes.count + failures.candidates.count
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
      // A resumed run that has all fits of the fold needs no features.
      var made: LifePipeline.Features?
      func features() throws -> LifePipeline.Features {
        if let made { return made }
        let features = try pipeline.features(of: units, threads: context.threads)
        made = features
        return features
      }
      let isHeld = Set(held)
      func rows(_ isIn: Bool) -> [Int] {
        units.units.indices.filter { isHeld.contains($0) == isIn }.flatMap { units.units[$0].rows }.filter(
          known.contains)
      }
      let (training, judged) = (rows(false), rows(true))
      let told = held.flatMap { units.units[$0].rows }
      let foldEnd = time.fold(left: folds.count - fold)
      var left = outcomes.filter { !$0.isDropped }.map(\.candidate.part) + failures.candidates.map { _ in 1 }
      /// Ends one fit; those that are left share what it leaves.
      func turn(_ part: Double, _ name: String) -> Deadline {
        report(fold, left.count, count, name)
        let deadline = time.turn(foldEnd, part: part, of: left.reduce(0, +))
        if let place = left.firstIndex(of: part) { left.remove(at: place) }
        return deadline
      }
      func learn(_ input: LifeCandidate.Input) throws {
        for place in outcomes.indices
        where !outcomes[place].isDropped && outcomes[place].candidate.input == input {
          let candidate = outcomes[place].candidate
          let deadline = turn(candidate.part, candidate.name)
          let piece = try store.piece("\(candidate.name), fold \(fold + 1)") {
            let start = ContinuousClock.now
            let features = try features()
            let matrix = candidate.input == .windows ? features.windows : features.statistics
            func data(_ rows: [Int]) -> TrainingData {
              TrainingData(
                features: matrix.selecting(rows: rows), task: .regression, labels: rows.map { target.labels[$0] })
            }
            let context = FitContext(
              key: key[candidate.name][fold], threads: context.threads, deadline: deadline,
              interruption: context.interruption, validation: data(judged))
            let model = try candidate.estimator.fit(data(training), context: context)
            let predicted = model.predict(matrix.selecting(rows: told), threads: context.threads).values
            return Piece(
              told: predicted.map { min(max($0, 0), settings.longestLife) }, model: StoredModel(model),
              seconds: seconds(start.duration(to: .now)))
          }
          for (row, value) in zip(told, piece.told) { outcomes[place].told[row] = value }
          outcomes[place].models.append(piece.model)
          outcomes[place].seconds += piece.seconds
          try time.keep()
        }
      }
      // Networks take what time the others leave.
      try learn(.statistics)
      try failures.learn(fold: fold, store: store) { name in
        try time.keep()
        let context = FitContext(
          key: key["failure"][name][fold], threads: context.threads, deadline: turn(1, name),
          interruption: context.interruption)
        return (try features().statistics, context)
      }
      try learn(.windows)
      if fold == 0 { drop(&outcomes, target) }
    }
    for place in outcomes.indices { outcomes[place].error = error(outcomes[place].told, target) }
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
    // Long before its end a machine is told to be at the longest life, and rightly so. Such easy rows would use up the
    // share that may be missed among those that are looked at when it matters.
    let near = target.known.filter { target.observed[$0] <= Self.farthest * settings.longestLife }
    let intervals = try? LifeIntervals(
      lives: near.map { target.labels[$0] }, predictions: near.map { told[$0] }, units: near.map { owners[$0] },
      level: level, range: 0...settings.longestLife)
    let judgement = failures.judged(told: told)
    let model = LifeModel(
      channels: units.channels, longestLife: settings.longestLife, pipelines: pipelines, fits: fits,
      intervals: intervals, failure: judgement.model, alarm: 0)
    return Result(
      model: model, outcomes: outcomes, told: told, weights: weights, failures: judgement.outcomes,
      dropped: pipelines[0].dropped, conditionCount: pipelines[0].conditionCount)
  }

  private func report(_ fold: Int, _ left: Int, _ count: Int, _ name: String) {
    let share = (Double(fold) + 1 - Double(left) / Double(count)) / Double(Self.folds)
    context.progress(0.9 * share, "\(name), machines \(fold + 1) of \(Self.folds)")
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

  /// Drops the worse half of the networks after the first fold, so that the others have its time (successive halving;
  /// Jamieson and Talwalkar, AISTATS 2016).
  private func drop(_ outcomes: inout [Outcome], _ target: LifeTarget) {
    let networks = outcomes.indices.filter { outcomes[$0].candidate.input == .windows }
    let errors = outcomes.map { error($0.told, target) }
    let order = networks.sorted { (errors[$0], $0) < (errors[$1], $1) }
    for place in order.dropFirst((networks.count + 1) / 2) { outcomes[place].isDropped = true }
  }

  private func error(_ told: [Double], _ target: LifeTarget) -> Double {
    let rows = target.known.filter { !told[$0].isNaN }
    return LifeMeasures(predicted: rows.map { told[$0] }, lives: rows.map { target.labels[$0] }).rootMeanSquaredError
  }

  /// Weights in steps of a twentieth, each step given to the method that lowers the error most (Caruana et al. 2004).
  private func weights(_ outcomes: [Outcome], _ target: LifeTarget) -> [Double] {
    var counts = [Double](repeating: 0, count: outcomes.count)
    var sum = [Double](repeating: 0, count: target.known.count)
    for step in 1...20 {
      var best: (place: Int, error: Double)?
      for (place, outcome) in outcomes.enumerated() where !outcome.isDropped {
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
