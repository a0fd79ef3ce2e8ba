import Basics
import Estimators
import Experiments
import Sequences
import Survival

/// Compares methods that tell the life left by units that they have not learned from, and puts the best together.
public struct LifeSearch {
  /// What a method told of training units it had not learned from.
  public struct Outcome: Sendable {
    /// The method.
    public let candidate: LifeCandidate
    /// One number per row of the training units; not-a-number for those that it was not tried on.
    var told: [Double]
    var models: [StoredModel] = []
    /// The seconds that its fits took.
    public internal(set) var seconds = 0.0
    /// The root of the mean squared error over the units that it was tried on.
    public internal(set) var error = Double.infinity
    /// Whether it was tried on the first fold only, because others were better there.
    public internal(set) var isDropped = false
  }

  /// What is being fitted.
  public struct Step: Sendable {
    /// The share of the search that is done, 0 to 1.
    public let share: Double
    /// The method.
    public let method: String
    /// Which part of the units is held out, from 1.
    public let fold: Int
    /// The parts.
    public let folds: Int
  }

  let units: UnitSequences
  let failed: [Bool]
  let settings: LifeSettings
  let key: RandomKey
  let threads: Int
  let time: FittingTime
  let store: any FinishedPieces
  let interruption: Interruption
  let progress: @Sendable (Step) -> Void
  static let folds = 5
  /// How long before its end a unit's rows calibrate intervals, in longest lives.
  private static let farthest = 1.25

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - units: The units to learn from.
  ///   - failed: For each unit whether its last row is its failure.
  ///   - settings: How it is learned.
  ///   - key: Of all randomness.
  ///   - threads: The threads to use; the result does not depend on their number.
  ///   - time: Shares the time of the run among fits.
  ///   - store: Keeps finished fits.
  ///   - interruption: Ends the search early.
  ///   - progress: Told of each fit before it begins.
  public init(
    units: UnitSequences, failed: [Bool], settings: LifeSettings, key: RandomKey, threads: Int, time: FittingTime,
    store: any FinishedPieces, interruption: Interruption, progress: @escaping @Sendable (Step) -> Void
  ) {
    self.units = units
    self.failed = failed
    self.settings = settings
    self.key = key
    self.threads = threads
    self.time = time
    self.store = store
    self.interruption = interruption
    self.progress = progress
  }

  /// What was found.
  public struct Result: Sendable {
    /// The model, with no limit at which units are called in yet.
    public var model: LifeModel
    /// What was tried.
    public let outcomes: [Outcome]
    /// The ensemble's numbers for units that its parts have not learned from, one for each row.
    public let told: [Double]
    /// The weights of the candidates.
    public let weights: [Double]
    /// The methods that foretell failures, the best first; none where too few units failed.
    public let failures: [FailureOutcome]
    /// The channels that do not vary, which were left out.
    public let dropped: [String]
    /// The kinds of operation that were found.
    public let conditionCount: Int
  }

  /// A candidate's fit on one fold: a piece of the run that a resumed one takes up.
  private struct Piece: Codable {
    var told: [Double]
    var model: StoredModel
    var seconds: Double
  }

  /// Fits all methods on folds of the units, and puts the best together.
  ///
  /// - Throws: a `cancelled` error where the search is interrupted; finished fits are kept.
  public func run() throws -> Result {
    let candidates = LifeCandidate.all(networks: settings.networks)
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
      try interruption.check()
      let kept = units.units.indices.filter { !held.contains($0) }
      let base = FitContext(key: key["pipeline"][fold], threads: threads, interruption: interruption)
      let pipeline = try LifePipeline(
        units.selecting(units: kept), failed: kept.map { failed[$0] }, settings: settings, context: base)
      pipelines.append(pipeline)
      // A resumed run that has all fits of the fold needs no features.
      var made: LifePipeline.Features?
      func features() throws -> LifePipeline.Features {
        if let made { return made }
        let features = try pipeline.features(of: units, threads: threads)
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
              key: key[candidate.name][fold], threads: threads, deadline: deadline,
              interruption: interruption, validation: data(judged))
            let model = try candidate.estimator.fit(data(training), context: context)
            let predicted = model.predict(matrix.selecting(rows: told), threads: threads).values
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
          key: key["failure"][name][fold], threads: threads, deadline: turn(1, name), interruption: interruption)
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
    // Long before its end a unit is told to be at the longest life, and rightly so. Such easy rows would use up the
    // share that may be missed among those that are looked at when it matters.
    let near = target.known.filter { target.observed[$0] <= Self.farthest * settings.longestLife }
    let intervals = try? LifeIntervals(
      lives: near.map { target.labels[$0] }, predictions: near.map { told[$0] }, units: near.map { owners[$0] },
      level: settings.level, range: 0...settings.longestLife)
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
    progress(Step(share: share, method: name, fold: fold + 1, folds: Self.folds))
  }

  /// The units of each fold: those that failed are dealt out evenly.
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
