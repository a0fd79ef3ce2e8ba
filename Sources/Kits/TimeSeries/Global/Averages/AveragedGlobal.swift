import Basics

/// Several methods for panels whose forecasts are averaged: global ones of different kinds, and local ones beside them.
public struct AveragedGlobal: GlobalForecaster {
  /// The methods, at least one.
  public var members: [GlobalMethod]
  /// The weight of each method in the mean, not negative, not all zero; nil for the median.
  public var weights: [Double]?
  /// The name in tables.
  public var name: String

  /// Creates an average; the median unless weights are given.
  public init(_ members: [GlobalMethod], weights: [Double]? = nil, name: String? = nil) {
    self.members = members
    self.weights = weights
    let kind = weights == nil ? "median" : "mean"
    self.name = name ?? "\(kind) of " + members.map(\.name).joined(separator: ", ")
  }

  /// Learns one method after the other; the time to the deadline is shared equally among those that remain.
  ///
  /// - Throws: `configuration` without methods or with weights that do not fit; what the methods throw.
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
  ) throws -> FittedAveragedGlobal {
    guard !members.isEmpty else {
      throw AssayError(.configuration, "an average without methods", remedy: "name at least one")
    }
    if let weights {
      guard weights.count == members.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
        weights.contains(where: { $0 > 0 })
      else {
        throw AssayError(
          .configuration, "the weights \(weights) do not fit \(members.count) methods",
          remedy: "give one number from 0 on per method, not all zero")
      }
    }
    var fitted: [FittedGlobalMethod] = []
    for (position, member) in members.enumerated() {
      let share =
        deadline.instant == nil
        ? deadline : deadline.earlier(after: deadline.secondsLeft / Double(members.count - position))
      fitted.append(
        try member.fitted(
          panel, request: request, key: key[position], threads: threads, deadline: share,
          interruption: interruption))
    }
    return FittedAveragedGlobal(members: fitted, weights: weights)
  }
}

/// What the methods of an average learned.
public struct FittedAveragedGlobal: FittedGlobalForecaster, Codable {
  let members: [FittedGlobalMethod]
  let weights: [Double]?

  /// Looks ahead from the end of each series; points and quantiles are averaged step by step.
  public func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    let forecasts = members.map { $0.forecast(panel, threads: threads) }
    let equal = [Double](repeating: 1, count: members.count)
    let combination = CombinationWeights(rows: [weights ?? equal], isMedian: weights == nil)
    return panel.indices.map { series in combination.combined(forecasts.map { $0[series] }, series: 0) }
  }
}
