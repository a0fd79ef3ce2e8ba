import Tensors

/// Where a run of training stands between two steps: with the weights and the optimiser's memory, all that the rest of
/// the run depends on.
struct TrainingState: Sendable, Codable, Hashable {
  /// Complete epochs.
  var epoch = 0
  /// The batches of the open epoch that have been learned from.
  var batch = 0
  /// Updates of the weights.
  var step = 0
  /// The losses and metrics of the open epoch.
  var sums = MetricSums()
  var history: [EpochRecord] = []
  /// The best value of the quantity that is watched, and the number of its epoch, the first being 1.
  var bestValue: Double?
  var bestEpoch: Int?
  var plateau: PlateauSchedule?
  /// Set where the run is over for good.
  var hasStopped = false

  /// Takes what an epoch gave.
  ///
  /// - Returns: Whether it is the best so far.
  mutating func take(_ record: EpochRecord, watching rule: EarlyStopping) -> Bool {
    history.append(record)
    epoch += 1
    batch = 0
    sums = MetricSums()
    let value = (record.validation ?? record.training)[rule.metric] ?? .nan
    let risk = rule.isHigherBetter ? -value : value
    plateau?.observe(risk)
    let best = bestValue.map { rule.isHigherBetter ? -$0 : $0 } ?? .infinity
    guard risk < best - (best.isFinite ? rule.minimumChange : 0) else { return false }
    bestValue = value
    bestEpoch = epoch
    return true
  }
}

/// Gradients of batches that wait for a step, with what the batches gave.
struct PendingStep {
  private(set) var batches = 0
  private(set) var sums = MetricSums()
  private var weight = 0.0
  private var gradients: Gradients?
  /// Whether one batch was taken and its gradients need no factor.
  private var isSingle = true

  mutating func add(_ result: StepResult, _ new: Gradients, rows: Int) {
    let own = result.weight ?? Double(rows)
    if let present = gradients {
      // The first batch's gradients get their factor only when a second one comes.
      gradients = (isSingle ? present.scaled(by: weight) : present) + new.scaled(by: own)
      isSingle = false
    } else {
      gradients = new
    }
    weight += own
    batches += 1
    sums.add(result, rows: rows)
  }

  /// The gradients of the mean loss over all rows.
  var mean: Gradients? { isSingle || weight <= 0 ? gradients : gradients?.scaled(by: 1 / weight) }
}
