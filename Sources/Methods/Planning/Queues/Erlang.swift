import Basics

/// Erlang's formulas for groups of servers, exact and stable for any size.
///
/// The load is the arrival rate times the mean service time, in erlangs: the mean number of servers that would be busy if
/// there were no limit. Paper: Erlang, "Solution of some problems in the theory of probabilities of significance in
/// automatic telephone exchanges" (1917).
public enum Erlang {
  /// Erlang B: the share of arrivals that find all servers busy, where such arrivals are lost.
  ///
  /// - Parameters:
  ///   - load: The load in erlangs, 0 or more.
  ///   - servers: The number of servers, 0 or more.
  public static func blocking(load: Double, servers: Int) -> Double {
    require(load >= 0 && load.isFinite && servers >= 0, "Erlang.blocking", "load \(load), \(servers) servers")
    var blocked = 1.0
    // Each step is a mean of numbers in [0, 1]: no factorial, no overflow, no cancellation.
    for count in stride(from: 1, through: servers, by: 1) {
      blocked = load * blocked / (Double(count) + load * blocked)
    }
    return blocked
  }

  /// The least number of servers for which Erlang B's blocking is at most that share, in (0, 1].
  public static func servers(load: Double, blocking: Double) -> Int {
    require(load >= 0 && load.isFinite && blocking > 0, "Erlang.servers", "load \(load), blocking \(blocking)")
    var blocked = 1.0
    var count = 0
    while blocked > blocking {
      count += 1
      blocked = load * blocked / (Double(count) + load * blocked)
    }
    return count
  }

  /// Erlang C: the probability that an arrival has to wait, where all wait as long as it takes; 1 where the load is not
  /// below the number of servers.
  public static func waiting(load: Double, servers: Int) -> Double {
    let blocked = blocking(load: load, servers: servers)
    let count = Double(servers)
    return load < count ? count * blocked / (count - load * (1 - blocked)) : load == 0 ? 0 : 1
  }
}
