/// Which machine is served when, where a crew can do so many services in a unit of time.
struct ServiceSchedule {
  /// A machine's turn.
  struct Turn: Sendable, Hashable {
    /// The position of the machine.
    let machine: Int
    /// The time from now at which its predicted life reaches the limit, 0 for now.
    let due: Double
    /// The time from now at which the crew can come.
    let time: Double
    /// Whether the crew comes later than it should.
    var isLate: Bool { time > due + 1e-9 }
  }

  /// The turns, the earliest first.
  let turns: [Turn]

  /// Deals out turns in the order in which they are due: with one crew and services of one length no other order is late
  /// less (Jackson 1955).
  ///
  /// - Parameters:
  ///   - lives: The predicted life of each machine.
  ///   - limit: The predicted life at which a machine is to be served.
  ///   - crew: Services in one unit of time, at least 1.
  init(lives: [Double], limit: Double, crew: Int) {
    let order = lives.indices.sorted { (lives[$0], $0) < (lives[$1], $1) }
    var taken: [Int: Int] = [:]
    turns = order.map { machine in
      let due = max(0, lives[machine] - limit)
      // Waiting to the last moment costs no life; the period that is full sends the machine to an earlier free one.
      var period = Int(due.rounded(.down))
      while period > 0, taken[period, default: 0] >= crew { period -= 1 }
      while taken[period, default: 0] >= crew { period += 1 }
      taken[period, default: 0] += 1
      return Turn(machine: machine, due: due, time: Double(period))
    }.sorted { ($0.time, $0.machine) < ($1.time, $1.machine) }
  }
}
