import Basics
import Tensors

/// How events at the same time enter Cox's partial likelihood.
public enum TiedEvents: String, Sendable, Codable, CaseIterable {
  /// Each event against all who are at risk, minus a share of those with an event at that time (Efron 1977): close to the
  /// exact likelihood.
  case efron
  /// Each event against all who are at risk (Breslow 1974).
  case breslow
}

/// The negative logarithm of Cox's partial likelihood for times to an event, some of them censored (Cox 1972).
///
/// Computed in double precision. For each event the loss is the log of the sum of e^risk over all whose time is not
/// earlier, minus its own risk.
///
/// - Parameters:
///   - logRisks: [examples]: logarithms of relative risks. A batch must be a sample of the data: risk sets are formed
///     within it.
///   - times: [examples]: times to the event or to the end of observation.
///   - events: [examples]: whether the event happened (truth values, or numbers that are not 0).
///   - ties: Efron's way unless given.
///   - reduction: The mean over events unless given, 0 without events; `.none` gives a loss per event, latest first.
public func coxLoss(
  _ logRisks: Tensor, times: Tensor, events: Tensor, ties: TiedEvents = .efron, reduction: Reduction = .mean
) -> Tensor {
  require(
    logRisks.rank == 1 && times.shape == logRisks.shape && events.shape == logRisks.shape, "coxLoss",
    "risks of shape \(logRisks.shape), times \(times.shape) and events \(events.shape) must be equal [examples]")
  let sets = RiskSets(times.detached().doubles, events.detached().doubles.map { $0 != 0 })
  guard !sets.events.isEmpty else {
    return reduction == .none ? logRisks.reshaped(to: [-1])[0..<0] : (logRisks * 0).sum()
  }
  let risks = logRisks.cast(to: .float64).gathered(at: Tensor(sets.order))
  let largest = risks.detached().max()
  let sizes = exp(risks - largest)
  var sums = sizes.cumulativeSum(axis: 0).gathered(at: Tensor(sets.ends))
  if ties == .efron, sets.shares.contains(where: { $0 > 0 }) {
    let tied = segmentSum(
      sizes.gathered(at: Tensor(sets.events)), segments: Tensor(sets.groups), count: sets.groupCount)
    sums = sums - tied.gathered(at: Tensor(sets.groups)) * Tensor(sets.shares)
  }
  let own = risks.gathered(at: Tensor(sets.events))
  // The smallest normal number stands for sums that underflow.
  let losses = log(maximum(sums, Double.leastNormalMagnitude)) + largest - own
  return losses.reduced(reduction).cast(to: logRisks.type)
}

/// Examples from the latest to the earliest, with what each event needs of those at risk.
private struct RiskSets {
  /// The examples, latest first.
  let order: [Int]
  /// The places of events in that order.
  private(set) var events: [Int] = []
  /// For each event the last place of its risk set.
  private(set) var ends: [Int] = []
  /// For each event the number of its time among the times of events.
  private(set) var groups: [Int] = []
  /// For each event, by which share of the events at its time the risk set is diminished in Efron's way.
  private(set) var shares: [Double] = []
  private(set) var groupCount = 0

  init(_ times: [Double], _ hasEvent: [Bool]) {
    order = times.indices.sorted { times[$0] != times[$1] ? times[$0] > times[$1] : $0 < $1 }
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, times[order[end + 1]] == times[order[start]] { end += 1 }
      let tied = (start...end).filter { hasEvent[order[$0]] }
      for (rank, place) in tied.enumerated() {
        events.append(place)
        ends.append(end)
        groups.append(groupCount)
        shares.append(Double(rank) / Double(tied.count))
      }
      if !tied.isEmpty { groupCount += 1 }
      start = end + 1
    }
  }
}
