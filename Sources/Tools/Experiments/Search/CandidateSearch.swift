import Basics
import Estimators
import Evaluation
import Kernels
import Synchronization

/// Tries candidates under a time budget: a fixed portfolio first, then settings drawn near the best ones, each raced
/// over the folds so that weak ones cost one round only (successive halving, Jamieson and Talwalkar, AISTATS 2016).
public struct CandidateSearch: Sendable {
  /// What a caller is told after each candidate.
  public struct Progress: Sendable {
    /// The candidate just finished, or dropped.
    public let name: String
    /// The candidates finished so far.
    public let finished: Int
    /// The best metric so far.
    public let best: Double
    /// The share of the budget used, 0 to 1.
    public let shareOfBudget: Double
  }

  /// What candidates learn from.
  public let problem: SearchProblem
  /// When the search ends.
  public let deadline: Deadline
  /// The number of candidates after which it ends; nil for no limit.
  public let candidateLimit: Int?
  /// Ends the search early; what is finished stays.
  public let interruption: Interruption
  /// Where finished candidates are kept for `--resume`; nil keeps none.
  public let store: CandidateStore?

  /// Creates a search.
  public init(
    problem: SearchProblem, deadline: Deadline, candidateLimit: Int? = nil,
    interruption: Interruption = Interruption(), store: CandidateStore? = nil
  ) {
    self.problem = problem
    self.deadline = deadline
    self.candidateLimit = candidateLimit
    self.interruption = interruption
    self.store = store
  }

  /// Runs the search.
  ///
  /// - Returns: the candidates that were fitted on all folds, in the order they were tried; the first is the baseline.
  /// - Throws: what the first candidate throws; a later candidate that cannot learn from the data is passed over.
  public func run(progress: (Progress) -> Void = { _ in }) throws -> [CandidateFits] {
    var finished: [CandidateFits] = []
    let budget = max(deadline.secondsLeft, 1e-3)
    let features = FoldFeatures(problem: problem)
    var proposals = Portfolio(for: problem).candidates.makeIterator()
    var sampler = NeighbourSampler(problem: problem)
    var tried = 0
    while candidateLimit.map({ tried < $0 }) ?? true {
      let isFirst = finished.isEmpty
      if !isFirst && (interruption.isRequested || deadline.hasPassed) { break }
      let fromPortfolio = proposals.next()
      guard let candidate = fromPortfolio ?? sampler.next(after: finished, number: tried) else { break }
      tried += 1
      do {
        let fits: CandidateFits?
        if let kept = try store?.load(candidate) {
          fits = kept
        } else {
          fits = try race(
            candidate, against: finished, features: features, mayDrop: fromPortfolio == nil, budget: budget)
          if let fits { try store?.save(fits) }
        }
        if let fits { finished.append(fits) }
      } catch let error as AssayError where error.kind == .cancelled {
        break
      } catch let error as AssayError where error.kind == .data && !isFirst {
        continue
      }
      progress(
        Progress(
          name: candidate.name, finished: finished.count, best: bestScore(finished),
          shareOfBudget: min(1, 1 - deadline.secondsLeft / budget)))
    }
    return finished
  }

  private func bestScore(_ finished: [CandidateFits]) -> Double {
    let scores = finished.map { mean($0.foldScores) }
    return scores.max { problem.goodness($0) < problem.goodness($1) } ?? .nan
  }

  /// Fits a candidate fold by fold, `threads` folds at a time; nil if it was dropped or ran out of time.
  private func race(
    _ candidate: Candidate, against finished: [CandidateFits], features: FoldFeatures, mayDrop: Bool, budget: Double
  ) throws -> CandidateFits? {
    let folds = problem.validation.folds.count
    let share = candidate.budgetShare ?? (mayDrop ? 0.15 : portfolioShare(candidate.learner))
    let lanes = min(problem.threads, folds)
    let threadsPerFold = max(1, problem.threads / lanes)
    var outcomes: [FoldOutcome] = []
    // The first candidate is the baseline, which takes next to no time: it is finished whatever the deadline.
    let limit = finished.isEmpty ? Deadline.never : deadline
    let rounds = Double((folds + lanes - 1) / lanes)
    while outcomes.count < folds {
      let start = outcomes.count
      // Learners that go step by step stop at their share of the budget with what they have, so that no single candidate
      // leaves the others without time. A run limited by a number of candidates must not depend on the clock.
      // The last candidate shares what is left among its rounds rather than leave it half done.
      let roundsLeft = rounds - Double(start / lanes)
      let part = min(budget * share / rounds, limit.secondsLeft / roundsLeft)
      let fitLimit = candidateLimit == nil ? limit.earlier(after: part) : limit
      let count = min(lanes, folds - start)
      let results: [Result<FoldOutcome, any Error>] = parallelMap(count, threads: count) { lane in
        Result {
          try problem.outcome(
            candidate, fold: start + lane, features: features, threads: threadsPerFold, deadline: fitLimit,
            interruption: interruption)
        }
      }
      outcomes += try results.map { try $0.get() }
      if limit.hasPassed && outcomes.count < folds { return nil }
      if mayDrop && outcomes.count < folds && isHopeless(outcomes, candidate: candidate, finished: finished) {
        return nil
      }
    }
    return problem.gathered(candidate, outcomes)
  }

  /// The share of the budget that one candidate of the portfolio may use: less for forests, whose later trees add little,
  /// and for networks, which make do with a shorter course, unless many classes make trees dear.
  private func portfolioShare(_ learner: Learner) -> Double {
    switch learner {
    case .forest: 0.1
    case .network: problem.task.width > 8 ? 0.25 : 0.18
    default: 0.22
    }
  }

  /// Whether the mean on the folds so far is beyond the better half of the family on the same folds.
  private func isHopeless(_ outcomes: [FoldOutcome], candidate: Candidate, finished: [CandidateFits]) -> Bool {
    let rivals = finished.filter { $0.candidate.learner.family == candidate.learner.family }
      .map { problem.goodness(mean(Array($0.foldScores.prefix(outcomes.count)))) }
      .sorted()
    guard rivals.count >= 2 else { return false }
    return problem.goodness(mean(outcomes.map(\.score))) < rivals[rivals.count / 2]
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }
}
