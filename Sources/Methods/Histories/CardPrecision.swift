import Basics

/// Precision in a review queue of so many cards per day (CP@k).
///
/// Each day the cards are ranked by their highest score, and the first k are reviewed. The precision of the day is the
/// number of them with a fraud that day over k. Cards that were found defrauded are blocked: they take no part on later
/// days. The result is the mean over the days that have rows.
///
/// Source: Le Borgne, Siblini, Lebichot and Bontempi, "Reproducible Machine Learning for Credit Card Fraud Detection",
/// 2022, chapter 4, "Precision top-k metrics". Cards of equal score are ranked by their key, so the result does not hang on
/// the order of rows.
public struct CardPrecision: Sendable, Hashable, Codable {
  /// The precision of each day, in the order of the days.
  public let daily: [Double]
  /// Cards with a fraud on each day that were not blocked before, over k: what a perfect ranking has.
  public let best: [Double]

  /// The mean over the days.
  public var mean: Double { daily.isEmpty ? .nan : daily.reduce(0, +) / Double(daily.count) }

  /// Counts.
  ///
  /// - Parameters:
  ///   - scores: one per row, larger for more suspicious.
  ///   - labels: whether the row is a fraud.
  ///   - cards: whose row it is.
  ///   - days: the day of the row, in any numbering.
  ///   - queue: k, the cards that are reviewed per day, at least 1.
  ///   - blocksFound: whether cards that were found defrauded are left out on later days.
  public init(
    scores: [Double], labels: [Bool], cards: [EntityKey], days: [Int], queue: Int, blocksFound: Bool = true
  ) {
    require(
      scores.count == labels.count && scores.count == cards.count && scores.count == days.count, "CardPrecision",
      "\(scores.count) scores, \(labels.count) labels, \(cards.count) cards, \(days.count) days")
    require(queue >= 1, "CardPrecision", "a queue of \(queue)")
    var blocked: Set<EntityKey> = []
    var (daily, best): ([Double], [Double]) = ([], [])
    let rows = Dictionary(grouping: scores.indices) { days[$0] }
    for day in rows.keys.sorted() {
      var found: [EntityKey: (score: Double, isFraud: Bool)] = [:]
      for row in rows[day] ?? [] where !blocked.contains(cards[row]) {
        let before = found[cards[row]] ?? (-.infinity, false)
        found[cards[row]] = (max(before.score, scores[row]), before.isFraud || labels[row])
      }
      let ranked = found.sorted {
        ($1.value.score, $0.key.value) < ($0.value.score, $1.key.value)
      }
      let detected = ranked.prefix(queue).filter(\.value.isFraud)
      daily.append(Double(detected.count) / Double(queue))
      best.append(Double(min(queue, ranked.count { $0.value.isFraud })) / Double(queue))
      if blocksFound { blocked.formUnion(detected.map(\.key)) }
    }
    self.daily = daily
    self.best = best
  }
}
