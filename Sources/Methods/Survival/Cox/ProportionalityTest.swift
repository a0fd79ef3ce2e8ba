import Basics
import Estimators
import Evaluation
import Foundation
import Networks

/// Whether hazards stay proportional: whether Schoenfeld residuals go along with time (Grambsch and Therneau 1994).
///
/// A small probability says that a feature's effect changes over time; strata, or its product with time, are ways out.
public struct ProportionalityTest: Sendable, Codable, Hashable {
  /// How time is measured in the test.
  public enum TimeScale: String, Sendable, Codable, CaseIterable {
    /// As it is.
    case identity
    /// Its logarithm.
    case logarithm
    /// The rank of the event among all events.
    case rank
    /// One minus the Kaplan-Meier estimate just before it.
    case kaplanMeier
  }

  /// The test of one column.
  public struct Term: Sendable, Codable, Hashable {
    /// The column.
    public let name: String
    /// Chi-squared with one degree of freedom if the effect is constant.
    public let statistic: Double
    /// The probability of a statistic at least this large if the effect is constant.
    public let pValue: Double
    /// The correlation of time with the scaled residuals.
    public let correlation: Double
  }

  /// One test per column.
  public let terms: [Term]
  /// The statistic of all columns together.
  public let statistic: Double
  /// Its degrees of freedom.
  public let degrees: Int
  /// The probability of a statistic at least this large if all effects are constant.
  public let pValue: Double

  /// Tests a model without penalty on the rows that it was fitted to.
  ///
  /// - Parameter scale: Rank unless given.
  /// - Throws: a `configuration` error for a model with a penalty, `data` for fewer than two events.
  public init(_ model: CoxModel, _ data: SurvivalData, scale: TimeScale = .rank) throws {
    guard !model.covariance.isEmpty || model.terms.isEmpty else {
      throw AssayError(
        .configuration, "the test of proportional hazards needs a fit without penalty", remedy: "fit with lambda 0")
    }
    let width = model.design.width
    let likelihood = CoxLikelihood(
      data.outcomes, rows: model.design.rows(data.features), width: width, ties: model.ties)
    let residuals = likelihood.schoenfeldResiduals(model.coefficients)
    let count = residuals.count
    guard count >= 2 else {
      throw AssayError(.data, "\(count) events are too few to see an effect change", remedy: "use at least two")
    }
    let times = Self.scaled(residuals.map(\.time), by: scale, outcomes: data.outcomes)
    let mean = times.reduce(0, +) / Double(count)
    let centred = times.map { $0 - mean }
    let squares = centred.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { throw AssayError(.data, "all events came at the same time") }
    var sums = [Double](repeating: 0, count: width)
    for (residual, time) in zip(residuals, centred) {
      for column in 0..<width { sums[column] += time * residual.values[column] }
    }
    let events = Double(count)
    let covariance = model.covariance
    var moved = [Double](repeating: 0, count: width)
    for a in 0..<width { for b in 0..<width { moved[a] += covariance[a * width + b] * sums[b] } }
    terms = (0..<width).map { column in
      let variance = covariance[column * width + column]
      let statistic = variance > 0 ? events * moved[column] * moved[column] / (variance * squares) : 0
      return Term(
        name: model.terms[column].name, statistic: statistic,
        pValue: chiSquaredProbability(above: statistic, degrees: 1),
        correlation: Self.correlation(centred, residuals.map { Self.product(covariance, column, $0.values) }))
    }
    statistic = events * zip(sums, moved).reduce(0) { $0 + $1.0 * $1.1 } / squares
    degrees = (0..<width).count { covariance[$0 * width + $0] > 0 }
    pValue = degrees > 0 ? chiSquaredProbability(above: statistic, degrees: Double(degrees)) : 1
  }

  private static func product(_ matrix: [Double], _ row: Int, _ vector: [Double]) -> Double {
    vector.indices.reduce(0) { $0 + matrix[row * vector.count + $1] * vector[$1] }
  }

  private static func correlation(_ centred: [Double], _ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    var (both, first, second) = (0.0, 0.0, 0.0)
    for (a, value) in zip(centred, values) {
      both += a * (value - mean)
      first += a * a
      second += (value - mean) * (value - mean)
    }
    return first > 0 && second > 0 ? both / (first * second).squareRoot() : 0
  }

  private static func scaled(_ times: [Double], by scale: TimeScale, outcomes: SurvivalOutcomes) -> [Double] {
    switch scale {
    case .identity: return times
    case .logarithm: return times.map { log(max($0, .leastNormalMagnitude)) }
    case .rank:
      // Tied events share the mean of their ranks.
      let sorted = times.sorted()
      return times.map { Double(firstIndex(in: sorted, atLeast: $0) + firstIndex(in: sorted, above: $0) + 1) / 2 }
    case .kaplanMeier:
      let estimate = KaplanMeier(outcomes)
      return times.map { 1 - estimate.survival(before: $0) }
    }
  }
}

extension CoxLikelihood {
  /// For each event, its numbers minus the mean of those at risk by their risks, in standardised columns.
  func schoenfeldResiduals(_ coefficients: [Double]) -> [(time: Double, values: [Double])] {
    let eta = predictors(coefficients)
    let largest = eta.max() ?? 0
    let risks = eta.indices.map { outcomes.weight($0) * exp(eta[$0] - largest) }
    var result: [(time: Double, values: [Double])] = []
    for stratum in 0..<sets.stratumCount {
      var joined = stratumStart(stratum)
      var left = leavingStart(stratum)
      var sums = [Double](repeating: 0, count: width)
      func add(_ row: Int, _ factor: Double, to sums: inout [Double]) {
        for column in 0..<width { sums[column] += factor * risks[row] * rows[row * width + column] }
      }
      forEachRiskSum(stratum, risks) { moment, sum, tied in
        while joined < moment.joined {
          add(sets.order[joined], 1, to: &sums)
          joined += 1
        }
        while left < moment.left {
          add(sets.leaving[left], -1, to: &sums)
          left += 1
        }
        var tiedSums = [Double](repeating: 0, count: width)
        for position in moment.events { add(sets.order[position], 1, to: &tiedSums) }
        let count = moment.events.count
        var mean = [Double](repeating: 0, count: width)
        for rank in 0..<count {
          let share = ties == .efron ? Double(rank) / Double(count) : 0
          let rest = max(sum - share * tied, .leastNormalMagnitude) * Double(count)
          for column in 0..<width { mean[column] += (sums[column] - share * tiedSums[column]) / rest }
        }
        for position in moment.events {
          let row = sets.order[position]
          result.append((moment.time, (0..<width).map { rows[row * width + $0] - mean[$0] }))
        }
      }
    }
    return result
  }
}
