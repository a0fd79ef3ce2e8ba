import Foundation
import Projects

/// How many events must be looked at before anything can be measured.
struct ReviewPlan {
  /// The reviews of queued events after which the share of targets among them is known to five points: 1.96² · 0.25 /
  /// 0.05², whatever the share is.
  static let precisionReviews = 385
  /// The reviews of events drawn at random beside the queue, without which nobody knows what the queue misses: where
  /// none of so many is a target, fewer than one event in a hundred is, with 95 % certainty (3 / n).
  static let randomReviews = 300

  /// What events are called.
  let nouns: AlertNouns
  /// The column that reviewers write into.
  let outcome: String
  /// The events that can be looked at in a day.
  let queue: Int
  /// The days that the queue spans.
  let days: Int

  /// The days it takes to look at the queue until its share of targets is known.
  var daysForPrecision: Int { Int((Double(Self.precisionReviews) / Double(queue)).rounded(.up)) }

  /// The reviews of queued events until so many targets are found that a run learns from them, where one in `oneIn` is
  /// one.
  func reviews(oneIn: Int) -> Int { UnusualEvents.leastTargets * oneIn }

  /// What to do, in sentences.
  var words: [String] {
    [
      "Look at the \(Words.count(Self.precisionReviews, nouns.event, plural: nouns.events)) at the top, about "
        + "\(Words.count(daysForPrecision, "day")) of the queue, and write into the column `\(outcome)` what they were: then "
        + "the share of \(nouns.targets) in the queue is known to within five points.",
      "Look at \(Self.randomReviews) \(nouns.events) drawn at random as well: they tell how many \(nouns.targets) there are outside the queue, "
        + "which no look at the queue can.",
      "From \(UnusualEvents.leastTargets) known \(nouns.targets) on `assay run` learns from them and measures. That takes about "
        + "\(Words.count(reviews(oneIn: 10), "review")) if one queued \(nouns.event) in ten is \(Words.one(nouns.target)), "
        + "\(Words.count(reviews(oneIn: 50), "review")) if one in fifty is. Measures become narrow with some hundred.",
    ]
  }
}
