import Basics
import Kernels

/// A method that forecasts a panel, of a kind that can be written and read: what averages hold.
public enum GlobalMethod: GlobalForecaster {
  /// One linear map for all series.
  case linear(LinearNet)
  /// Boosted trees across series.
  case boosting(GlobalBoosting)
  /// Networks.
  case network(WindowNet)
  /// A method that learns each series by itself, when it is forecast.
  case perSeries(AnyForecaster)

  /// The name in tables.
  public var name: String {
    switch self {
    case .linear(let method): method.name
    case .boosting(let method): method.name
    case .network(let method): method.name
    case .perSeries(let method): method.name
    }
  }

  /// Learns as the method does.
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
  ) throws -> FittedGlobalMethod {
    switch self {
    case .linear(let method):
      return .linear(
        try method.fitted(
          panel, request: request, threads: threads, deadline: deadline, interruption: interruption))
    case .boosting(let method):
      return .boosting(
        try method.fitted(
          panel, request: request, key: key, threads: threads, deadline: deadline, interruption: interruption))
    case .network(let method):
      return .network(
        try method.fitted(
          panel, request: request, key: key, threads: threads, deadline: deadline, interruption: interruption))
    case .perSeries(let method):
      try WindowDefaults.check(request, panel: panel)
      return .perSeries(FittedPerSeries(method: method, request: request))
    }
  }
}

/// What one method of an average learned.
public enum FittedGlobalMethod: FittedGlobalForecaster, Codable {
  /// A linear map.
  case linear(FittedLinearNet)
  /// Trees.
  case boosting(FittedGlobalBoosting)
  /// Networks.
  case network(FittedWindowNet)
  /// Nothing yet: each series is learned when it is forecast.
  case perSeries(FittedPerSeries)

  /// Looks ahead from the end of each series.
  public func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    switch self {
    case .linear(let fitted): fitted.forecast(panel, threads: threads)
    case .boosting(let fitted): fitted.forecast(panel, threads: threads)
    case .network(let fitted): fitted.forecast(panel, threads: threads)
    case .perSeries(let fitted): fitted.forecast(panel, threads: threads)
    }
  }
}

/// A method for single series as one for panels.
public struct FittedPerSeries: FittedGlobalForecaster, Codable {
  let method: AnyForecaster
  let request: ForecastRequest

  /// Learns each series and looks ahead from its end; a series that the method refuses is continued by its last value,
  /// without a spread.
  public func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    Compute.$threads.withValue(1) {
      parallelEntries(panel, threads: threads) { series in
        if let fitted = try? method.fit(series, request: request) { return fitted.forecast() }
        let last = Array(repeating: series.values.last(where: \.isFinite) ?? 0, count: request.horizon)
        return Forecast(
          point: last, levels: request.levels, quantiles: Array(repeating: last, count: request.levels.count))
      }
    }
  }
}
