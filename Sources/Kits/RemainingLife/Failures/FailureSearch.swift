import Basics
import Estimators
import Evaluation
import Sequences
import Survival

/// How good a method that foretells failures is on units that it has not learned from.
public struct FailureOutcome: Sendable {
  /// The method.
  public let name: String
  /// The mean squared error of the calibrated probability, weighed for censoring.
  public let brier: Double
  /// The probability that of two units the one that fails first had the larger probability.
  public let concordance: Double
  /// The seconds that its fits took.
  public let seconds: Double
  /// Whether failures are foretold by it.
  public internal(set) var isChosen = false
}

/// Compares methods that foretell whether a unit fails within the horizon, units that still run among those learned
/// from.
struct FailureSearch {
  /// A method.
  struct Candidate: Sendable {
    let name: String
    let estimator: any SurvivalEstimator
  }

  /// What a method told of units that it had not learned from; larger where failures come sooner.
  private struct Scores {
    var values: [Double]
    var models: [StoredSurvivalModel] = []
    var seconds = 0.0
    var isUsable = true
  }

  /// A method's fit on one fold: a piece of the run that a resumed one takes up; no model where it could not learn.
  private struct Piece: Codable {
    var scores: [Double]
    var model: StoredSurvivalModel?
    var seconds: Double
  }

  let horizon: Double
  let candidates: [Candidate]
  private let landmarks: Landmarks?
  private var folds: [Int] = []
  private var scores: [Scores]

  private static let mostMoments = 4_000

  init(_ search: LifeSearch, folds: [[Int]]) {
    horizon = search.settings.horizon
    let landmarks = Landmarks(
      search.units, left: search.failed.map { $0 ? 0 : .nan }, most: Self.mostMoments)
    var foldOfUnit = [Int](repeating: 0, count: search.units.units.count)
    for (fold, units) in folds.enumerated() { for unit in units { foldOfUnit[unit] = fold } }
    self.folds = landmarks?.units.map { foldOfUnit[$0] } ?? []
    let labels = landmarks.map { HorizonOutcomes($0, horizon: search.settings.horizon) }
    // Where all fail within the horizon, or none does, there is nothing to tell apart.
    let isUseful = labels?.hasBoth ?? false
    self.landmarks = isUseful ? landmarks : nil
    let candidates = isUseful ? Self.candidates(networks: search.settings.networks) : []
    self.candidates = candidates
    let count = landmarks?.rows.count ?? 0
    scores = candidates.map { _ in Scores(values: Array(repeating: .nan, count: count)) }
  }

  private static func candidates(networks: Bool) -> [Candidate] {
    var boosting = Boosting(trees: 150, leaves: 8, learningRate: 0.06)
    boosting.minimumChildRows = 30
    boosting.columnShare = 0.3
    boosting.rowShare = 0.7
    boosting.earlyStoppingRounds = 30
    var logistic = ElasticNet()
    logistic.pathLength = 30
    let list = [
      Candidate(name: "Cox regression", estimator: CoxRegression(lambda: 0.03)),
      Candidate(name: "hazards by logistic regression", estimator: DiscreteHazard(logistic, intervalCount: 6)),
      Candidate(name: "hazards by boosting", estimator: DiscreteHazard(boosting, intervalCount: 6)),
      Candidate(name: "Cox boosting", estimator: CoxBoosting(boosting)),
    ]
    guard networks else { return list }
    return list + [
      Candidate(
        name: "hazards by a network", estimator: SurvivalNetwork(.hazards(intervals: 6)))
    ]
  }

  /// Learns from the units outside a fold and tells the fold's.
  ///
  /// - Parameter prepare: Gives the features of all rows, and how the method of a name is fitted.
  mutating func learn(
    fold: Int, store: any FinishedPieces,
    prepare: (_ name: String) throws -> (features: FeatureMatrix, context: FitContext)
  ) throws {
    guard let landmarks else { return }
    let training = folds.indices.filter { folds[$0] != fold }
    let held = folds.indices.filter { folds[$0] == fold }
    for (place, candidate) in candidates.enumerated() {
      let piece = try store.piece("failure by \(candidate.name), fold \(fold + 1)") { () throws -> Piece in
        let start = ContinuousClock.now
        let (features, context) = try prepare(candidate.name)
        // What happens after the horizon does not matter, so methods do not look at it.
        let outcomes = try landmarks.watched(for: horizon)
        func data(_ moments: [Int]) throws -> SurvivalData {
          try SurvivalData(
            features: features.selecting(rows: moments.map { landmarks.rows[$0] }),
            outcomes: outcomes.selecting(rows: moments))
        }
        let judged = try data(held)
        do {
          let model = try candidate.estimator.fit(
            data(training), validation: judged.outcomes.eventCount > 0 ? judged : nil, context: context)
          let told = FailureModel.scores(model, judged.features, horizon: horizon, threads: context.threads)
          return Piece(
            scores: told, model: StoredSurvivalModel(model), seconds: seconds(start.duration(to: .now)))
        } catch let error as AssayError where error.kind == .data {
          return Piece(scores: held.map { _ in .nan }, model: nil, seconds: seconds(start.duration(to: .now)))
        }
      }
      for (position, value) in zip(held, piece.scores) { scores[place].values[position] = value }
      if let model = piece.model { scores[place].models.append(model) } else { scores[place].isUsable = false }
      scores[place].seconds += piece.seconds
    }
  }

  /// The comparison, the best first, and the best as a model.
  ///
  /// - Parameter told: The predicted life of each row, by models that have not learned from it.
  func judged(told: [Double]) -> (outcomes: [FailureOutcome], model: FailureModel?) {
    guard let landmarks else { return ([], nil) }
    let labels = HorizonOutcomes(landmarks, horizon: horizon)
    let censoring = CensoringDistribution(landmarks.outcomes)
    var ways: [(name: String, scores: [Double], models: [StoredSurvivalModel], seconds: Double)] = [
      ("predicted life", landmarks.rows.map { -told[$0] }, [], 0),
      ("the same for all", landmarks.rows.map { _ in 0 }, [], 0),
    ]
    for (candidate, scores) in zip(candidates, scores) where scores.isUsable {
      ways.append((candidate.name, scores.values, scores.models, scores.seconds))
    }
    var outcomes = ways.map { way in
      let probabilities = labels.crossCalibrated(way.scores, folds: folds)
      return FailureOutcome(
        name: way.name, brier: labels.brier(probabilities),
        concordance: SurvivalMetrics.concordance(
          landmarks.outcomes, risks: way.scores, censoring: censoring, limit: horizon), seconds: way.seconds)
    }
    let best = outcomes.indices.filter { !outcomes[$0].brier.isNaN }.min { outcomes[$0].brier < outcomes[$1].brier }
    guard let best, let step = labels.calibration(ways[best].scores) else { return ([], nil) }
    outcomes[best].isChosen = true
    let model = FailureModel(horizon: horizon, models: ways[best].models, calibration: step)
    return (outcomes.sorted { $0.brier < $1.brier }, model)
  }
}

extension HorizonOutcomes {
  /// Whether units failed within the horizon of the moments at which they were looked at.
  init(_ landmarks: Landmarks, horizon: Double) {
    self.init(landmarks.outcomes, horizon: horizon, censoring: CensoringDistribution(landmarks.outcomes))
  }
}
