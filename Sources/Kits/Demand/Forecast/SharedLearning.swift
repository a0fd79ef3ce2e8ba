import TimeSeries

/// Which methods that learn from all series together are used, and why.
public struct SharedLearning: Sendable {
  /// How much is used.
  public enum Extent: String, Codable, Sendable {
    /// None.
    case none
    /// Linear maps, which take seconds.
    case linear
    /// Boosting and networks beside them.
    case all
  }

  /// What is asked for.
  public enum Choice: String, Sendable {
    /// As much as the series and the time allow.
    case auto
    /// All.
    case yes
    /// None.
    case no
  }

  /// Why it is so much.
  public enum Reason: Sendable, Hashable {
    /// It was asked for.
    case chosen
    /// There are so few series and sums that they give too little to learn from.
    case fewSeries(Int)
    /// More would take so many seconds of the budget.
    case time(Double)
    /// There are series and time enough.
    case enough
  }

  /// How much is used.
  public let extent: Extent
  /// Why.
  public let reason: Reason

  /// As much as is said, such as what an earlier run has used.
  public init(_ extent: Extent) {
    self.extent = extent
    reason = .chosen
  }

  /// Decides by the choice, the number of series and the time: the same on every machine.
  ///
  /// - Parameters:
  ///   - choice: What is asked for.
  ///   - panel: The demand.
  ///   - fits: How many times methods will be fitted.
  ///   - threads: The processors there are.
  ///   - budget: The seconds there are.
  public init(_ choice: Choice, _ panel: DemandPanel, fits: Int, threads: Int, budget: Double) {
    let series = panel.nodes.count
    // Seconds of one fit on one processor, as measured on panels of 1 and of 29 series.
    let seconds = 40 + 0.0007 * Double(min(series * panel.count, 500_000))
    let needed = seconds * Double(fits) / Double(max(1, threads))
    switch choice {
    case .no: (extent, reason) = (.none, .chosen)
    case .yes: (extent, reason) = (.all, .chosen)
    case .auto:
      if series < 8 {
        (extent, reason) = (.none, .fewSeries(series))
      } else if needed > 0.6 * budget {
        (extent, reason) = (.linear, .time(needed))
      } else {
        (extent, reason) = (.all, .enough)
      }
    }
  }

  /// The methods for series with what is known in advance.
  func methods(_ nodes: [Series], request: ForecastRequest, covariates: [Covariates?]?) -> [any GlobalForecaster] {
    guard extent != .none else { return [] }
    let mixture = AveragedGlobal.standard(for: nodes, request: request, hasNetworks: extent == .all)
    guard let covariates else { return [mixture] }
    let named = zip(nodes, covariates).compactMap { node, own in own.map { (node.name, $0) } }
    return [AdjustedGlobal(mixture, covariates: Dictionary(named) { first, _ in first })]
  }
}
