/// Which unit is served when, where a crew can do so many services in a step of time.
public struct ServiceSchedule {
  /// A unit's turn.
  public struct Turn: Sendable, Hashable {
    /// The position of the unit.
    public let unit: Int
    /// The time from now at which its predicted life reaches the limit, 0 for now; infinite where services never pay.
    public let due: Double
    /// The time from now at which the crew comes; infinite where services never pay.
    public let time: Double

    /// What is to be done.
    public var advice: Advice {
      if !time.isFinite { return .leave }
      if time > 0 { return due == 0 ? .waitForCrew : .later }
      return due == 0 ? .now : .early
    }
  }

  /// What is to be done with a unit.
  public enum Advice: Sendable, Hashable {
    /// It is to be served at once.
    case now
    /// It could wait, but the crew has no place for it later.
    case early
    /// It should be served at once, but others go before.
    case waitForCrew
    /// It is to be served later.
    case later
    /// No service pays.
    case leave
  }

  /// The turns, the most urgent unit first: that with the shortest predicted life.
  public let turns: [Turn]

  /// Deals out turns in the order in which they are due: with one crew and services of one length no other order is late
  /// less (Jackson 1955). Each unit comes as late as the crew's places allow, because life is not to be given away,
  /// and never after one that is less urgent.
  ///
  /// - Parameters:
  ///   - lives: The predicted life of each unit.
  ///   - limit: The predicted life at which a unit is to be served; 0 for never.
  ///   - crew: Services in one step of time, at least 1.
  public init(lives: [Double], limit: Double, crew: Int) {
    let order = lives.indices.sorted { (lives[$0], $0) < (lives[$1], $1) }
    guard limit > 0 else {
      turns = order.map { Turn(unit: $0, due: .infinity, time: .infinity) }
      return
    }
    let due = order.map { max(0, lives[$0] - limit) }
    // From the last unit back: the latest places that keep the order, before now where there are too few.
    var latest = [Int](repeating: 0, count: order.count)
    var (place, taken) = (Int.max, 0)
    for index in order.indices.reversed() {
      let wanted = Int(min(due[index], 1e9).rounded(.down))
      if wanted < place {
        (place, taken) = (wanted, 1)
      } else if taken < crew {
        taken += 1
      } else {
        (place, taken) = (place - 1, 1)
      }
      latest[index] = place
    }
    // Then forward: nobody comes before now, so those that have no place any more are late, and push on the next.
    (place, taken) = (0, 0)
    turns = order.indices.map { index in
      if latest[index] > place {
        (place, taken) = (latest[index], 1)
      } else if taken < crew {
        taken += 1
      } else {
        (place, taken) = (place + 1, 1)
      }
      return Turn(unit: order[index], due: due[index], time: Double(place))
    }
  }
}
