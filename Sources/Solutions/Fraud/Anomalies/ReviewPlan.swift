import Foundation
import Projects

/// How many payments must be looked at before anything can be measured.
struct ReviewPlan {
  /// The reviews of queued payments after which the share of frauds among them is known to five points: 1.96² · 0.25 /
  /// 0.05², whatever the share is.
  static let precisionReviews = 385
  /// The reviews of payments drawn at random beside the queue, without which nobody knows what the queue misses: where
  /// none of so many is a fraud, fewer than one payment in a hundred is, with 95 % certainty (3 / n).
  static let randomReviews = 300

  /// The payments that can be looked at in a day.
  let queue: Int
  /// The days that the queue spans.
  let days: Int

  /// The days it takes to look at the queue until its share of frauds is known.
  var daysForPrecision: Int { Int((Double(Self.precisionReviews) / Double(queue)).rounded(.up)) }

  /// The reviews of queued payments until so many frauds are found that a run learns from them, where one queued payment
  /// in `oneIn` is a fraud.
  func reviews(oneIn: Int) -> Int { UnusualPayments.leastFrauds * oneIn }

  /// What to do, in sentences.
  var words: [String] {
    [
      "Look at the \(Words.count(Self.precisionReviews, "payment")) at the top, about "
        + "\(Words.count(daysForPrecision, "day")) of the queue, and write into the column `fraud` what they were: then "
        + "the share of frauds in the queue is known to within five points.",
      "Look at \(Self.randomReviews) payments drawn at random as well: they tell how much fraud there is outside the queue, "
        + "which no look at the queue can.",
      "From \(UnusualPayments.leastFrauds) known frauds on `assay run` learns from them and measures. That takes about "
        + "\(Words.count(reviews(oneIn: 10), "review")) if one queued payment in ten is a fraud, "
        + "\(Words.count(reviews(oneIn: 50), "review")) if one in fifty is. Measures become narrow with some hundred.",
    ]
  }
}
