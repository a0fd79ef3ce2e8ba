import Basics
import Evaluation
import Foundation

/// A lower bound on life that holds with a promised probability although the lives that calibrate it are censored (Candès,
/// Lei and Ren 2023).
///
/// Needs to know for every unit until when it would have been watched, also for those that had the event before: the end
/// of a study, of a warranty, of the data. Units watched for at least a cutoff are kept, with weights one over the
/// probability of that given their features; for them the smaller of life and cutoff is known. The bound holds for that,
/// and therefore for life.
public struct LifeLowerBound: Sendable, Codable, Hashable {
  /// The promised share.
  public let level: Double
  /// The time that units had to be watched for.
  public let cutoff: Double
  /// The units kept.
  public let unitCount: Int
  private let scores: [Double]
  private let weights: [Double]

  /// Calibrates on units that the model has not learned from.
  ///
  /// - Parameters:
  ///   - times: The time of the event or of the end of watching, one row per unit.
  ///   - watched: Until when each unit would have been watched at most.
  ///   - predicted: A first lower bound per unit, such as the model's 10 % quantile of life.
  ///   - watchProbability: The probability of being watched for the cutoff given the unit's features; nil where watching
  ///     does not depend on them.
  ///   - cutoff: A time that many are watched for; the longer, the longer bounds may be, and the fewer units remain.
  ///   - level: 0.9 unless given.
  /// - Throws: `configuration` for a level out of range, `data` for too few units watched for so long.
  public init(
    times: [Double], watched: [Double], predicted: [Double], watchProbability: [Double]? = nil, cutoff: Double,
    level: Double = 0.9
  ) throws {
    guard level > 0, level < 1 else {
      throw AssayError(.configuration, "the coverage level \(level) is not between 0 and 1")
    }
    require(
      watched.count == times.count && predicted.count == times.count
        && watchProbability?.count ?? times.count == times.count, "LifeLowerBound",
      "\(times.count) times, \(watched.count) ends of watching, \(predicted.count) predictions")
    if let probability = watchProbability?.first(where: { !($0 > 0 && $0 <= 1) }) {
      throw AssayError(.data, "the probability \(probability) of being watched is not above 0 and at most 1")
    }
    let kept = times.indices.filter { watched[$0] >= cutoff }
    guard Double(kept.count) >= level / (1 - level) - 1e-9 else {
      throw AssayError(
        .data, "\(kept.count) units watched for \(cutoff) are too few to promise \(level)",
        remedy: "choose a smaller cutoff; \(Int((level / (1 - level) - 1e-9).rounded(.up))) units are the least")
    }
    let order = kept.map { (score: predicted[$0] - min(times[$0], cutoff), weight: 1 / (watchProbability?[$0] ?? 1)) }
      .sorted { $0.score < $1.score }
    scores = order.map(\.score)
    weights = order.map(\.weight)
    self.level = level
    self.cutoff = cutoff
    unitCount = kept.count
  }

  /// The bound of each unit: at least 0, at most the cutoff; 0 where its weight is too large for a promise.
  public func bounds(predicted: [Double], watchProbability: [Double]? = nil) -> [Double] {
    let total = weights.reduce(0, +)
    return predicted.indices.map { row in
      let own = 1 / max(watchProbability?[row] ?? 1, .leastNormalMagnitude)
      let goal = level * (total + own) * (1 - 1e-9)
      var sum = 0.0
      for (score, weight) in zip(scores, weights) {
        sum += weight
        if sum >= goal { return max(0, min(predicted[row] - score, cutoff)) }
      }
      return 0
    }
  }
}
