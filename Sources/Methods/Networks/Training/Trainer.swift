import Basics

/// How a model is trained: a value that can be stored, without data and without a model.
///
/// `fit` takes the rest. The same trainer, data, first weights and key give the same weights to the last bit, whatever
/// the number of threads, and also if the run was stopped at any moment and continued from its checkpoint.
public struct Trainer: Sendable, Codable, Hashable {
  /// The number of passes over the training data, at most.
  public var epochs: Int
  /// How rows are dealt out into batches.
  public var batches: BatchSampler
  /// The factor of the optimiser's learning rate at each step; a step is one update of the weights.
  public var schedule: Schedule
  /// Lowers the learning rate where the quantity of `earlyStopping`, or else the loss, stops to get better; one
  /// observation per epoch, of the validation data if there are any.
  public var plateau: PlateauSchedule?
  /// The number of batches whose gradients are averaged for one step; 1 unless set.
  public var accumulation = 1
  /// How large gradients are cut; not unless set.
  public var clipping: GradientClipping?
  /// The decay of averaged weights (`WeightAverage`), which are judged and returned in the place of the last ones; none
  /// unless set.
  public var averagingDecay: Double?
  /// When to stop before all epochs are through; never unless set.
  public var earlyStopping: EarlyStopping?
  /// Whether the model ends with the weights of its best epoch by the validation data, if there are any; true unless
  /// set.
  public var restoresBest = true
  /// Whether products are computed on numbers rounded to bfloat16 (`Precision.bfloat16`), as hardware with such units
  /// does; false unless set.
  public var usesBFloat16 = false
  /// Where the state of the run is kept; nowhere unless set.
  public var checkpoints: Checkpoints?
  /// How many batches the asynchronous `fit` prepares ahead on other threads; 2 unless set.
  public var prefetched = 2
  /// The bytes that tensors may take; what the machine has unless set. A step that would need more is refused before
  /// the first one.
  public var memoryLimit: Int?

  /// A way to train.
  ///
  /// - Parameters:
  ///   - epochs: The number of passes over the data, at most; 10 unless given.
  ///   - batches: Shuffled batches of 32 rows unless given.
  ///   - schedule: A constant learning rate unless given; `stepCount(rows:)` helps to choose its length.
  public init(epochs: Int = 10, batches: BatchSampler = BatchSampler(), schedule: Schedule = .constant) {
    self.epochs = epochs
    self.batches = batches
    self.schedule = schedule
  }

  /// The number of steps of a run over that many rows that goes through all epochs.
  public func stepCount(rows: Int) -> Int {
    let batches = batches.batchSize > 0 ? batches.batchCount(rows: rows) : 0
    return epochs * ((batches + max(accumulation, 1) - 1) / max(accumulation, 1))
  }

  /// Refuses settings out of range.
  func check() throws {
    func refuse(_ problem: String, _ remedy: String) -> AssayError {
      AssayError(.configuration, problem, at: "trainer", remedy: remedy)
    }
    if epochs < 1 { throw refuse("\(epochs) epochs train nothing", "choose 1 or more") }
    if batches.batchSize < 1 { throw refuse("a batch of \(batches.batchSize) rows is none", "choose 1 or more") }
    if accumulation < 1 { throw refuse("\(accumulation) batches per step are none", "choose 1 or more") }
    if prefetched < 1 { throw refuse("\(prefetched) batches prepared ahead are none", "choose 1 or more") }
    switch clipping {
    case .norm(let limit), .value(let limit):
      if !(limit > 0) { throw refuse("gradients cannot be cut to \(limit)", "choose a number above 0") }
    case nil: break
    }
    if let averagingDecay, !(averagingDecay >= 0 && averagingDecay < 1) {
      throw refuse("weights cannot be averaged with a decay of \(averagingDecay)", "choose from 0 to below 1")
    }
    if let earlyStopping, earlyStopping.patience < 1 {
      throw refuse("a patience of \(earlyStopping.patience) epochs stops at once", "choose 1 or more")
    }
    if let checkpoints, checkpoints.everyEpochs < 1 || (checkpoints.everySteps ?? 1) < 1 {
      throw refuse("checkpoints cannot be that frequent", "choose a distance of 1 or more")
    }
  }
}

/// How large gradients are cut before a step.
public enum GradientClipping: Sendable, Codable, Hashable {
  /// All are scaled down together so that their norm is at most this (Pascanu, Mikolov and Bengio 2013).
  case norm(Double)
  /// Each element is moved into -limit ... limit.
  case value(Double)
}

/// When to stop before all epochs are through: once a quantity has not got better for some epochs (Prechelt 1998).
public struct EarlyStopping: Sendable, Codable, Hashable {
  /// The epochs to wait for something better.
  public var patience: Int
  /// The quantity: "loss", or the name of a metric; of the validation data if there are any.
  public var metric: String
  /// Whether more is better, as for an accuracy.
  public var isHigherBetter: Bool
  /// What counts as better: a change by more than this.
  public var minimumChange: Double

  /// Early stopping.
  ///
  /// - Parameters:
  ///   - patience: 10 epochs unless given.
  ///   - metric: The loss unless given.
  ///   - isHigherBetter: False unless set.
  ///   - minimumChange: 0 unless given.
  public init(
    patience: Int = 10, metric: String = "loss", isHigherBetter: Bool = false, minimumChange: Double = 0
  ) {
    self.patience = patience
    self.metric = metric
    self.isHigherBetter = isHigherBetter
    self.minimumChange = minimumChange
  }
}

/// Where and how often the state of a run is kept in a file, from which the same run goes on bit for bit.
public struct Checkpoints: Sendable, Codable, Hashable {
  /// The file; it is replaced as a whole, so it is complete even after a kill.
  public var path: String
  /// The distance in epochs; the file is also written when a run ends or is stopped.
  public var everyEpochs: Int
  /// The distance in steps within epochs; none unless given.
  public var everySteps: Int?
  /// Whether `fit` goes on from the file if it is there; otherwise it begins anew and replaces it.
  public var resumes: Bool

  /// A place for checkpoints.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - everyEpochs: 1 unless given.
  ///   - everySteps: None within epochs unless given.
  ///   - resumes: Whether to go on from the file if it is there; true unless set.
  public init(path: String, everyEpochs: Int = 1, everySteps: Int? = nil, resumes: Bool = true) {
    self.path = path
    self.everyEpochs = everyEpochs
    self.everySteps = everySteps
    self.resumes = resumes
  }
}
