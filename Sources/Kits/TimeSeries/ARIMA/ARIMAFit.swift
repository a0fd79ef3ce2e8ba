import Evaluation

/// From an order to a fitted model: final estimation, residuals, forecasts.
struct ARIMAFit {
  private let problem: ARIMAProblem
  private let request: ForecastRequest

  init(_ problem: ARIMAProblem, request: ForecastRequest) {
    self.problem = problem
    self.request = request
  }

  /// Estimates by exact likelihood from the given starts, or from one of its own,, and looks ahead.
  func fitted(_ order: ARIMAOrder, starts: [[Double]]) -> FittedARIMA {
    let filter = problem.filter(order, capacity: order.stateSize, exactly: true)
    let estimator = ARMAEstimator(filter)
    let zero = [Double](repeating: 0, count: order.coefficientCount)
    var best: ARMAEstimate?
    // Slow where values are missing: there the interpolated series gives the start.
    let slow = filter is MissingValueFilter
    let rough = slow ? ARMAEstimator(problem.filter(order, capacity: order.stateSize, exactly: false)) : estimator
    var own = starts
    if starts.isEmpty {
      // The conditional sum of squares finds the region from far away; the exact likelihood the place in it.
      let far = [Double](repeating: 0.1, count: order.coefficientCount)
      if let found = rough.fit(order, start: far, isExact: false, tolerance: 1e-4, iterations: 20) {
        own.append(found.free.map { min(3, max(-3, $0)) })
      }
    }
    for start in own {
      var from = start
      if slow, let found = rough.fit(order, start: start, isExact: true, tolerance: 1e-5, iterations: 20) {
        from = found.free
      }
      if let found = estimator.fit(
        order, start: from, isExact: true, tolerance: slow ? 1e-6 : 1e-8, iterations: slow ? 12 : 40),
        found.logLikelihood > (best?.logLikelihood ?? -.infinity)
      {
        best = found
      }
    }
    let estimate =
      best ?? estimator.evaluate(order, coefficients: zero)
      ?? ARMAEstimate(
        free: zero, coefficients: zero, slopes: [], sumOfSquares: 0, logDeterminant: 0, observed: filter.observed)
    return finish(order, estimate, filter)
  }

  /// The model with given coefficients, not estimated.
  func evaluated(_ order: ARIMAOrder, coefficients: [Double]) -> FittedARIMA? {
    let filter = problem.filter(order, capacity: order.stateSize, exactly: true)
    guard let estimate = ARMAEstimator(filter).evaluate(order, coefficients: coefficients) else { return nil }
    return finish(order, estimate, filter)
  }

  private func finish(_ order: ARIMAOrder, _ estimate: ARMAEstimate, _ filter: any InnovationFilter) -> FittedARIMA {
    let horizon = request.horizon
    let count = problem.values.count
    let (levels, scales) = problem.design(order, count: count + horizon)
    let slopes = estimate.slopes + [Double](repeating: 0, count: levels.count - estimate.slopes.count)
    (filter as? FastARMAFilter)?.keepsState = true
    let padded = estimate.coefficients + [0]
    _ = padded.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap { filter.run(order, $0, isExact: true) }
    }
    let degrees = max(1, estimate.observed - estimate.parameterCount + 1)
    let variance = estimate.sumOfSquares / Double(degrees)
    let (means, growth) = ahead(order, filter, levels: levels, slopes: slopes, coefficients: estimate.coefficients)
    let deviations = growth.map { ($0 * variance).squareRoot() }
    let quantiles = request.levels.map { level in
      let z = normalQuantile(level)
      return zip(means, deviations).map { $0 + z * $1 }
    }
    let unscaled = zip(slopes, scales).map { $1 > 0 ? $0 / $1 : 0 }
    let blocks = order.blocks
    func part(_ k: Int) -> [Double] {
      let from = blocks[..<k].reduce(0, +)
      return Array(estimate.coefficients[from..<from + blocks[k]])
    }
    return FittedARIMA(
      order: order, autoregressive: part(0), movingAverage: part(1), seasonalAutoregressive: part(2),
      seasonalMovingAverage: part(3), constant: order.hasConstant ? unscaled.first ?? 0 : 0,
      regressors: problem.names, slopes: Array(unscaled.dropFirst(order.hasConstant ? 1 : 0)), variance: variance,
      logLikelihood: estimate.logLikelihood, aicc: estimate.aicc,
      residuals: residuals(order, filter, slopes: slopes),
      prediction: Forecast(point: means, levels: request.levels, quantiles: quantiles),
      isUsable: ARIMASearch.isUsable(order, estimate))
  }

  /// The innovations with their own scale, in the steps of the whole series.
  private func residuals(_ order: ARIMAOrder, _ filter: any InnovationFilter, slopes: [Double]) -> [Double] {
    let steps = filter.count
    var result = [Double](repeating: .nan, count: problem.skipped + problem.values.count)
    let start = problem.skipped + order.lostSteps
    for t in 0..<steps where !problem.values[order.lostSteps + t].isNaN {
      var value = filter.innovations[t]
      for (c, slope) in slopes.enumerated() { value -= slope * filter.innovations[(c + 1) * steps + t] }
      result[start + t] = value * filter.deviation(t)
    }
    return result
  }

  /// Means of the next values, and variances in units of the shocks' variance.
  private func ahead(
    _ order: ARIMAOrder, _ filter: any InnovationFilter, levels: [[Double]], slopes: [Double], coefficients: [Double]
  ) -> (means: [Double], variances: [Double]) {
    let horizon = request.horizon
    let count = problem.values.count
    // What the regression says of the steps from 0 to the horizon's end.
    var explained = [Double](repeating: 0, count: count + horizon)
    for (column, slope) in zip(levels, slopes) where slope != 0 {
      for t in explained.indices { explained[t] += slope * column[t] }
    }
    var rest = [Double](repeating: 0, count: horizon)
    var variances: [Double]
    if let filter = filter as? MissingValueFilter {
      // The covariance is shared and walks ahead with each forecast, so the filter starts again for each column.
      let padded = coefficients + [0]
      variances = []
      for c in 0..<filter.columns {
        _ = padded.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.flatMap { filter.run(order, $0, isExact: true) }
        }
        let found = filter.forecast(order, column: c, horizon: horizon)
        let weight = c == 0 ? 1 : -slopes[c - 1]
        for h in 0..<horizon { rest[h] += weight * found.means[h] }
        variances = found.variances
      }
    } else if let filter = filter as? FastARMAFilter {
      for c in 0..<filter.columns {
        let weight = c == 0 ? 1 : -slopes[c - 1]
        for (h, value) in filter.forecast(order, column: c, horizon: horizon).enumerated() { rest[h] += weight * value }
      }
      // Back from differences: each step leans on the levels before it.
      let differencing = order.differencing
      var history = (0..<count).map { problem.filled[$0] - explained[$0] }
      for h in 0..<horizon {
        var value = rest[h]
        for (k, weight) in differencing.enumerated() where weight != 0 { value += weight * history[count + h - 1 - k] }
        history.append(value)
        rest[h] = value
      }
      variances = ARIMAFit.variances(order, coefficients: coefficients, horizon: horizon)
    } else {
      variances = [Double](repeating: 1, count: horizon)
    }
    return ((0..<horizon).map { rest[$0] + explained[count + $0] }, variances)
  }

  /// The sums of the squared weights of past shocks, differences included.
  static func variances(_ order: ARIMAOrder, coefficients: [Double], horizon: Int) -> [Double] {
    var polynomials = ARMAPolynomials(capacity: order.stateSize)
    defer { polynomials.deallocate() }
    let padded = coefficients + [0]
    padded.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      polynomials.expand(order, base)
    }
    let differencing = order.differencing
    var inner: [Double] = []
    var weights: [Double] = []
    var result: [Double] = []
    var sum = 0.0
    for h in 0..<horizon {
      var psi = h < order.stateSize ? polynomials.theta[h] : 0
      for a in 0..<polynomials.arCount where polynomials.arLags[a] <= h {
        psi += polynomials.phi[polynomials.arLags[a] - 1] * inner[h - polynomials.arLags[a]]
      }
      inner.append(psi)
      for (k, weight) in differencing.enumerated() where weight != 0 && k < h { psi += weight * weights[h - 1 - k] }
      weights.append(psi)
      sum += psi * psi
      result.append(sum)
    }
    return result
  }
}
