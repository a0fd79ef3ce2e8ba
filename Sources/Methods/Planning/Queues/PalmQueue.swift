import Foundation

/// The Palm/Erlang A queue: the number of callers as a birth and death process, and the time that a patient caller would
/// wait.
struct PalmQueue {
  let arrivalRate: Double
  let serviceRate: Double
  let abandonmentRate: Double
  let servers: Int

  init(queue: CallQueue, servers: Int, patience: Double) {
    arrivalRate = queue.arrivalRate
    serviceRate = 1 / queue.serviceTime
    abandonmentRate = 1 / patience
    self.servers = servers
  }

  /// Sums over the states, weighted by their probabilities.
  private struct StateSums {
    var total = 0.0
    var waiting = 0.0
    var queue = 0.0
    var busy = 0.0

    mutating func add(_ weight: Double, state: Double, servers: Double) {
      total += weight
      busy += weight * min(state, servers)
      if state >= servers {
        waiting += weight
        queue += weight * (state - servers)
      }
    }
  }

  func performance(threshold: Double) -> QueuePerformance {
    let sums = stateSums()
    let waiting = sums.waiting / sums.total
    let queue = sums.queue / sums.total
    let abandonment = min(1, abandonmentRate * queue / arrivalRate)
    let level = servers == 0 ? 0 : min(1 - abandonment, 1 - waiting + waiting * answeredShare(within: threshold))
    return QueuePerformance(
      waitingProbability: waiting, serviceLevel: level,
      serviceLevelOfAnswered: abandonment < 1 ? min(1, level / (1 - abandonment)) : 0,
      meanWait: queue / arrivalRate, abandonment: abandonment,
      occupancy: servers == 0 ? 0 : sums.busy / sums.total / Double(servers), meanQueue: queue)
  }

  /// The rate at which a state with that many callers loses one.
  private func departureRate(_ state: Double) -> Double {
    let count = Double(servers)
    return min(state, count) * serviceRate + max(0, state - count) * abandonmentRate
  }

  /// Walks from the likeliest state up and down until the weights vanish: all are at most 1, so nothing overflows however
  /// large the queue is.
  private func stateSums() -> StateSums {
    let count = Double(servers)
    let load = arrivalRate / serviceRate
    let mode = (load <= count ? load : count + (arrivalRate - count * serviceRate) / abandonmentRate).rounded(.down)
    var sums = StateSums()
    sums.add(1, state: mode, servers: count)
    let least = 1e-20
    var weight = 1.0
    var state = mode
    while weight > least {
      state += 1
      weight *= arrivalRate / departureRate(state)
      sums.add(weight, state: state, servers: count)
    }
    weight = 1
    state = mode
    while weight > least, state > 0 {
      weight *= departureRate(state) / arrivalRate
      state -= 1
      sums.add(weight, state: state, servers: count)
    }
    return sums
  }

  /// Of those who find all servers busy, the share that is answered within a time.
  ///
  /// The wait that a patient caller would have, given that there is one, has a density proportional to
  /// exp((l / t) (1 - exp(-t x)) - n m x), with arrival rate l, abandonment rate t and service rate n m (Mandelbaum and
  /// Zeltyn, 2007); a caller is still there at x with probability exp(-t x). The exponent is concave, so its peak and the
  /// range that matters are found by halving.
  private func answeredShare(within threshold: Double) -> Double {
    let service = Double(servers) * serviceRate
    func exponent(_ x: Double) -> Double { -arrivalRate / abandonmentRate * expm1(-abandonmentRate * x) - service * x }
    let peak = max(0, log(arrivalRate / service) / abandonmentRate)
    let height = exponent(peak)
    let depth = 45.0
    func edge(from inside: Double, to outside: Double) -> Double {
      var (inside, outside) = (inside, outside)
      for _ in 0..<60 {
        let middle = (inside + outside) / 2
        if exponent(middle) > height - depth { inside = middle } else { outside = middle }
      }
      return outside
    }
    let low = exponent(0) > height - depth ? 0 : edge(from: peak, to: 0)
    var reach = max(peak, 1 / service)
    while exponent(reach) > height - depth { reach *= 2 }
    let high = edge(from: peak, to: reach)
    let total = integral(low, high) { exp(exponent($0) - height) }
    let answered =
      threshold <= low
      ? 0 : integral(low, min(high, threshold)) { exp(exponent($0) - height - abandonmentRate * $0) }
    return min(1, answered / total)
  }

  /// Gauss and Legendre's rule of eight points on 64 equal parts.
  private func integral(_ low: Double, _ high: Double, _ value: (Double) -> Double) -> Double {
    let nodes = [0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363]
    let weights = [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763]
    let parts = 64
    let half = (high - low) / Double(2 * parts)
    var total = 0.0
    for part in 0..<parts {
      let middle = low + Double(2 * part + 1) * half
      for (node, weight) in zip(nodes, weights) {
        total += weight * (value(middle - half * node) + value(middle + half * node))
      }
    }
    return total * half
  }
}
