import Basics
import Kernels
import Networks

/// Networks that learn from the windows of all series: N-BEATS, N-HiTS, LSTM, GRU, temporal convolution, linear; several
/// of them from different first weights and look-backs, whose median is the forecast.
///
/// Quantiles are learned by the pinball loss and put in order (Chernozhukov and others, "Quantile and probability curves
/// without crossing", 2010).
public struct WindowNet: GlobalForecaster, Hashable {
  /// What the point forecast is.
  public enum Point: String, Sendable, Codable, Hashable, CaseIterable {
    /// The median, learned by the absolute error.
    case median
    /// The mean, learned by the squared error.
    case mean
  }

  /// The form of the network.
  public var architecture: WindowArchitecture
  /// The numbers of a window, each at least 2; members take them in turn. Empty for two of the longest seasons and at
  /// least two horizons.
  public var lookBacks: [Int]
  /// How many networks are trained, at least 1.
  public var members: Int
  /// How windows are scaled; the network's answers are in the same units.
  public var scaling: WindowScaling
  /// What errors are measured in; the scaling's own unit unless given.
  public var errorUnit: WindowScaling.Unit?
  /// What the point forecast is; the median unless given.
  public var point: Point
  /// The steps of training, at least 1.
  public var steps: Int
  /// The windows of a step, at least 1.
  public var batchSize: Int
  /// The first step size of Adam, which falls as half a cosine wave.
  public var learningRate: Double
  /// The decoupled decay of weights, 0 or more.
  public var weightDecay: Double
  /// Only so many of the latest origins of a series are learned from; nil for all.
  public var reach: Int?
  /// Whether the linear part begins with the ridge solution; true unless set.
  public var startsLinear: Bool
  /// The penalty of the ridge solution, in mean squares of an input per window.
  public var linearPenalty: Double
  /// The share of each series, from its end, that judges while training goes on and is not learned from, so that the
  /// best weights are kept; 0, none, unless given.
  public var validationShare: Double
  /// Training stops after so many looks at the judging windows without a better loss; it looks 20 times in all.
  public var patience: Int

  /// Creates settings.
  public init(
    _ architecture: WindowArchitecture = .nHiTS(), lookBacks: [Int] = [], members: Int = 2,
    scaling: WindowScaling = WindowScaling(), errorUnit: WindowScaling.Unit? = nil, point: Point = .median,
    steps: Int = 500, batchSize: Int = 256, learningRate: Double = 0.001, weightDecay: Double = 0.01,
    reach: Int? = nil, startsLinear: Bool = true, linearPenalty: Double = 0.1, validationShare: Double = 0,
    patience: Int = 5
  ) {
    self.architecture = architecture
    self.lookBacks = lookBacks
    self.members = members
    self.scaling = scaling
    self.errorUnit = errorUnit
    self.point = point
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.reach = reach
    self.startsLinear = startsLinear
    self.linearPenalty = linearPenalty
    self.validationShare = validationShare
    self.patience = patience
  }

  /// The name in tables.
  public var name: String { architecture.name }

  /// Trains the members, side by side where threads allow; the deadline is shared among them and shortens their courses.
  public func fit(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int, deadline: Deadline,
    interruption: Interruption
  ) throws -> any FittedGlobalForecaster {
    try fitted(
      panel, request: request, key: key, threads: threads, deadline: deadline, interruption: interruption)
  }

  /// As `fit`, with the result's own type.
  public func fitted(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int = 1, deadline: Deadline = .never,
    interruption: Interruption = Interruption()
  ) throws -> FittedWindowNet {
    try WindowDefaults.check(request, panel: panel)
    try checkSettings()
    let lookBacks = lookBacks.isEmpty ? [WindowDefaults.lookBack(panel, request: request)] : lookBacks
    let heads = WindowHeads(levels: request.levels, point: point)
    let used = Array(lookBacks.prefix(members))
    let sources = try used.map { lookBack in
      try Compute.$threads.withValue(threads) {
        try WindowSource(
          self, panel, lookBack: lookBack, request: request, heads: heads, threads: threads, interruption: interruption)
      }
    }
    // Members side by side on a thread each are faster than one on many threads; the numbers are the same.
    let isSideBySide = members >= threads
    let results = parallelMap(members, threads: isSideBySide ? threads : 1) { member in
      Result {
        try Compute.$threads.withValue(isSideBySide ? 1 : threads) {
          let waves = isSideBySide ? (members - member + threads - 1) / threads : members - member
          let share =
            deadline.instant == nil
            ? deadline : deadline.earlier(after: deadline.secondsLeft / Double(waves))
          return try WindowTraining(
            settings: self, source: sources[member % sources.count], heads: heads, key: key["member"][member],
            deadline: share, interruption: interruption
          ).run()
        }
      }
    }
    return FittedWindowNet(
      architecture: architecture, request: request, scaling: scaling, heads: heads,
      members: try results.map { try $0.get() })
  }

  private func checkSettings() throws {
    let place = "WindowNet"
    try architecture.check()
    try WindowDefaults.require(lookBacks.allSatisfy { $0 >= 2 }, "look-backs \(lookBacks)", at: place)
    try WindowDefaults.require(members >= 1, "\(members) members", at: place)
    try WindowDefaults.require(steps >= 1 && batchSize >= 1, "\(steps) steps of \(batchSize) windows", at: place)
    try WindowDefaults.require(
      learningRate > 0 && learningRate.isFinite, "a learning rate of \(learningRate)", at: place)
    try WindowDefaults.require(weightDecay >= 0 && weightDecay < 1, "a weight decay of \(weightDecay)", at: place)
    try WindowDefaults.require(linearPenalty >= 0, "a linear penalty of \(linearPenalty)", at: place)
    try WindowDefaults.require(
      validationShare >= 0 && validationShare < 1, "a validation share of \(validationShare)", at: place)
    try WindowDefaults.require(reach.map { $0 >= 1 } ?? true, "a reach below 1", at: place)
  }
}

/// What the outputs of a network are, per step.
struct WindowHeads: Sendable, Codable, Hashable {
  /// The quantiles' levels, ascending.
  let levels: [Double]
  /// Whether the last output is the mean.
  let hasMean: Bool
  /// The levels that are asked for.
  let asked: [Double]

  init(levels asked: [Double], point: WindowNet.Point) {
    hasMean = point == .mean
    var levels = asked
    if !hasMean, !levels.contains(where: { Swift.abs($0 - 0.5) < 1e-9 }) { levels.append(0.5) }
    self.levels = levels.sorted()
    self.asked = asked
  }

  var count: Int { levels.count + (hasMean ? 1 : 0) }

  /// The output that is the point forecast.
  var point: Int { hasMean ? levels.count : levels.firstIndex { Swift.abs($0 - 0.5) < 1e-9 } ?? 0 }
}
