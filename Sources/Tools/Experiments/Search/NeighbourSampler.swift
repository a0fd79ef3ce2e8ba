import Basics
import Estimators
import Evaluation
import Foundation

/// Draws new candidates after the portfolio: settings near those of the best candidates so far, sometimes far from all.
struct NeighbourSampler {
  private let problem: SearchProblem

  init(problem: SearchProblem) { self.problem = problem }

  /// The next candidate; nil if no family that can be varied has been fitted.
  ///
  /// - Parameters:
  ///   - finished: the candidates so far.
  ///   - number: the position of the candidate in the run; the draw depends on it and on the seed.
  mutating func next(after finished: [CandidateFits], number: Int) -> Candidate? {
    var random = problem.key["proposals"][number].stream()
    let labels = problem.judgedLabels
    let ranked = finished.map { fits in
      let score = problem.metric.value(
        labels: labels, predictions: fits.outOfFold, task: problem.task, weights: nil)
      return (fits: fits, goodness: problem.goodness(score))
    }
    .filter { Self.varies($0.fits.candidate.learner) }
    .sorted { $0.goodness > $1.goodness }
    guard !ranked.isEmpty else { return nil }
    // Half of the draws start from the best three whatever their family; the others give each of the best
    // three families its turn, because an ensemble gains from a good member of another kind.
    let base: Candidate
    if random.uniform() < 0.5 {
      base = ranked[random.integer(below: min(3, ranked.count))].fits.candidate
    } else {
      var families: [String] = []
      for entry in ranked where !families.contains(entry.fits.candidate.learner.family) {
        families.append(entry.fits.candidate.learner.family)
      }
      let family = families[random.integer(below: min(3, families.count))]
      let members = ranked.filter { $0.fits.candidate.learner.family == family }
      base = members[random.integer(below: min(2, members.count))].fits.candidate
    }
    var candidate = base
    candidate.name = base.learner.family + " \(number + 1)"
    candidate.learner = varied(base.learner, &random)
    if problem.task == .regression, Portfolio.labelScale(problem) == .logarithm, random.uniform() < 0.2 {
      candidate.labelScale = base.labelScale == .identity ? .logarithm : .identity
    }
    return candidate
  }

  private static func varies(_ learner: Learner) -> Bool {
    switch learner {
    case .boosting, .forest, .network, .neighbours: true
    case .baseline, .stump, .linear, .bayes, .process, .isolation, .autoencoder, .sequence: false
    }
  }

  private func varied(_ learner: Learner, _ random: inout RandomStream) -> Learner {
    switch learner {
    case .boosting(var settings):
      settings.leaves = scaled(settings.leaves, by: 0.5, in: 4...256, &random)
      settings.learningRate = scaled(settings.learningRate, by: 0.3, in: 0.008...0.2, &random)
      settings.minimumChildRows = scaled(settings.minimumChildRows, by: 0.6, in: 1...200, &random)
      settings.l2 = scaled(max(settings.l2, 0.1), by: 1, in: 0.01...100, &random)
      settings.columnShare = shifted(settings.columnShare, by: 0.15, in: 0.3...1, &random)
      settings.columnShareByNode = shifted(settings.columnShareByNode, by: 0.2, in: 0.2...1, &random)
      settings.rowShare = shifted(settings.rowShare, by: 0.15, in: 0.4...1, &random)
      return .boosting(settings)
    case .forest(var settings):
      settings.minimumChildRows = scaled(settings.minimumChildRows, by: 0.7, in: 1...100, &random)
      settings.columnShareByNode = shifted(settings.columnShareByNode ?? 0.4, by: 0.25, in: 0.1...1, &random)
      return .forest(settings)
    case .network(var settings):
      let widths = [[128], [256], [128, 64], [256, 128], [384, 192], [192, 192, 96]]
      settings.hiddenWidths = widths[random.integer(below: widths.count)]
      settings.dropout = shifted(settings.dropout, by: 0.1, in: 0...0.5, &random)
      settings.learningRate = scaled(settings.learningRate, by: 0.4, in: 3e-4...1e-2, &random)
      settings.weightDecay = scaled(settings.weightDecay, by: 0.7, in: 1e-4...0.3, &random)
      return .network(settings)
    case .neighbours(var settings):
      settings.neighbours = scaled(settings.neighbours ?? 15, by: 0.6, in: 1...200, &random)
      return .neighbours(settings)
    case .baseline, .stump, .linear, .bayes, .process, .isolation, .autoencoder, .sequence:
      return learner
    }
  }

  /// A positive number times a log-normal factor.
  private func scaled(
    _ value: Double, by deviation: Double, in range: ClosedRange<Double>, _ random: inout RandomStream
  ) -> Double {
    min(max(value * exp(deviation * random.normal()), range.lowerBound), range.upperBound)
  }

  private func scaled(
    _ value: Int, by deviation: Double, in range: ClosedRange<Int>, _ random: inout RandomStream
  ) -> Int {
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    return Int(scaled(Double(value), by: deviation, in: bounds, &random).rounded())
  }

  /// A share plus a normal step.
  private func shifted(
    _ value: Double, by deviation: Double, in range: ClosedRange<Double>, _ random: inout RandomStream
  ) -> Double {
    min(max(value + deviation * random.normal(), range.lowerBound), range.upperBound)
  }
}
