import Histories
import XCTest

final class CardPrecisionTests: XCTestCase {
  /// Two days, queue of two. Day 1: card 1 (0.9, fraud), card 2 (best 0.8, fraud in the other row), card 3. Day 2: cards
  /// 1 and 2 are blocked, so cards 3 (0.2) and 4 (0.7, fraud) fill the queue; card 5 (0.1, fraud) is missed.
  private func precision(queue: Int = 2, blocksFound: Bool = true, order: [Int] = Array(0..<9)) -> CardPrecision {
    let rows: [(score: Double, isFraud: Bool, card: Int64, day: Int)] = [
      (0.9, true, 1, 1), (0.8, false, 2, 1), (0.3, true, 2, 1), (0.7, false, 3, 1), (0.95, true, 1, 2),
      (0.9, false, 2, 2), (0.2, false, 3, 2), (0.7, true, 4, 2), (0.1, true, 5, 2),
    ]
    let taken = order.map { rows[$0] }
    return CardPrecision(
      scores: taken.map(\.score), labels: taken.map(\.isFraud), cards: taken.map { EntityKey($0.card) },
      days: taken.map(\.day), queue: queue, blocksFound: blocksFound)
  }

  func testByHand() {
    XCTAssertEqual(precision().daily, [1, 0.5])
    XCTAssertEqual(precision().mean, 0.75)
    XCTAssertEqual(precision().best, [1, 1])
    // Card 1 again, and card 2, which has no fraud on day 2.
    XCTAssertEqual(precision(blocksFound: false).daily, [1, 0.5])
    XCTAssertEqual(precision(queue: 4).daily, [0.5, 0.5])
    XCTAssertEqual(precision(queue: 1).daily, [1, 0])
  }

  func testOrderOfRowsDoesNotMatter() {
    XCTAssertEqual(precision(order: [8, 7, 6, 5, 4, 3, 2, 1, 0]), precision())
    let ties = (0..<10).map { EntityKey(Int64($0)) }
    func tied(_ cards: [EntityKey]) -> Double {
      CardPrecision(
        scores: cards.map { _ in 0.5 }, labels: cards.map { $0 == ties[3] }, cards: cards, days: cards.map { _ in 1 },
        queue: 5
      ).mean
    }
    XCTAssertEqual(tied(ties), tied(ties.reversed()))
  }
}
