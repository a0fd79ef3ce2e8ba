import Basics
import Foundation

/// Turns a model's probabilities into ones that mean what they say.
///
/// However a probability comes about, it is drawn towards the shares of the classes by the weight of half a row among
/// those it was fitted on (Jeffreys' rule): rows that were all predicted rightly do not show that an error is
/// impossible, so no calibrated probability is 0 or 1.
public struct Calibrator: Sendable, Codable, Hashable {
  /// The ways of calibrating.
  public enum Method: String, Sendable, Codable, CaseIterable {
    case none
    case platt = "Platt"
    case temperature
    case isotonic
  }

  /// What is done before the shares of the classes are mixed in.
  private enum Curve: Sendable, Codable, Hashable {
    /// Leaves probabilities as they are.
    case none
    /// A sigmoid of the log-odds (two classes).
    case platt(PlattScaling)
    /// One temperature for all classes (more than two).
    case temperature(TemperatureScaling)
    /// A rising step per class against the rest, normalised; for two classes one step for the positive class.
    case isotonic([IsotonicRegression])
  }

  private let curve: Curve
  /// The weight of the shares, 0 up to 1.
  private let doubt: Double
  /// The shares of the classes, all above 0; empty without doubt.
  private let shares: [Double]

  /// Leaves probabilities as they are, whatever they are.
  public static let none = Calibrator(curve: .none, doubt: 0, shares: [])

  private init(curve: Curve, doubt: Double, shares: [Double]) {
    self.curve = curve
    self.doubt = doubt
    self.shares = shares
  }

  /// The way in which it was fitted.
  public var method: Method {
    switch curve {
    case .none: .none
    case .platt: .platt
    case .temperature: .temperature
    case .isotonic: .isotonic
    }
  }

  /// Fits one way of calibrating on predictions for rows that the model has not learned from.
  ///
  /// Labels are class indices. Platt scaling is for two classes, temperature for any number.
  public static func fit(
    _ method: Method, labels: [Double], predictions: Predictions, weights: [Double]? = nil
  ) -> Calibrator {
    guard !labels.isEmpty else { return .none }
    let rows = Double(labels.count)
    var counts = [Double](repeating: 1, count: predictions.width)
    for label in labels { counts[Int(label)] += 1 }
    return Calibrator(
      curve: curve(method, labels: labels, predictions: predictions, weights: weights), doubt: 0.5 / (rows + 1),
      shares: counts.map { $0 / (rows + Double(predictions.width)) })
  }

  private static func curve(
    _ method: Method, labels: [Double], predictions: Predictions, weights: [Double]?
  ) -> Curve {
    switch method {
    case .none: return .none
    case .platt:
      precondition(predictions.width == 2, "Platt scaling: \(predictions.width) classes")
      return .platt(PlattScaling(probabilities: predictions.output(1), labels: labels, weights: weights))
    case .temperature:
      return .temperature(TemperatureScaling(labels: labels, predictions: predictions, weights: weights))
    case .isotonic:
      let classes = predictions.width == 2 ? 1..<2 : 0..<predictions.width
      return .isotonic(
        classes.map { output in
          IsotonicRegression(
            scores: predictions.output(output), labels: labels.map { Int($0) == output ? 1 : 0 }, weights: weights,
            smoothing: true)
        })
    }
  }

  /// The calibrated probabilities, `task.width` per row as given.
  public func apply(_ predictions: Predictions) -> Predictions {
    let width = predictions.width
    var values: [Double]
    switch curve {
    case .none: values = predictions.values
    case .platt(let platt): values = predictions.output(1).map(platt.value).flatMap { [1 - $0, $0] }
    case .temperature(let temperature): values = temperature.apply(predictions).values
    case .isotonic(let steps):
      if width == 2 {
        values = predictions.output(1).map(steps[0].value).flatMap { [1 - $0, $0] }
      } else {
        values = predictions.values
        for i in values.indices { values[i] = steps[i % width].value(at: values[i]) }
        normaliseRows(&values, width: width)
      }
    }
    if doubt > 0 { for i in values.indices { values[i] += doubt * (shares[i % width] - values[i]) } }
    return Predictions(values, width: width)
  }
}

extension Calibrator {
  /// The way of calibrating with the least cross-validated log loss on out-of-fold predictions, fitted on all of them.
  ///
  /// A way is chosen over a simpler one (none, then Platt or temperature, then isotonic) only if its loss is lower by
  /// more than 1.64 standard errors of the paired difference, so that noise never makes probabilities worse.
  ///
  /// - Parameters:
  ///   - predictions: probabilities for rows that the models behind them have not learned from.
  ///   - entities: rows of one entity stay in one fold.
  public static func chosen(
    labels: [Double], predictions: Predictions, weights: [Double]? = nil, entities: [Int]? = nil, folds: Int = 5,
    key: RandomKey
  ) -> Calibrator {
    let task = LearningTask.classification(classes: (0..<predictions.width).map(String.init))
    let classesSeen = Set(labels).count
    guard labels.count >= 10 * folds, classesSeen >= 2,
      let split = try? Split.folds(folds, labels: labels, task: task, entities: entities, key: key["calibration"])
    else { return .none }
    let methods: [Method] = [.none, predictions.width == 2 ? .platt : .temperature, .isotonic]
    var best = Method.none
    var bestLosses: [Double] = []
    for method in methods {
      var losses = [Double](repeating: 0, count: labels.count)
      for fold in split.folds {
        let calibrator = fit(
          method, labels: fold.training.map { labels[$0] }, predictions: predictions.selecting(rows: fold.training),
          weights: weights.map { weights in fold.training.map { weights[$0] } })
        let measured = calibrator.apply(predictions.selecting(rows: fold.test))
        let values = Metric.logLoss.rowValues(labels: fold.test.map { labels[$0] }, predictions: measured) ?? []
        for (row, value) in zip(fold.test, values) { losses[row] = value }
      }
      if bestLosses.isEmpty || isLower(losses, than: bestLosses, weights: weights) {
        best = method
        bestLosses = losses
      }
    }
    return fit(best, labels: labels, predictions: predictions, weights: weights)
  }

  private static func isLower(_ losses: [Double], than others: [Double], weights: [Double]?) -> Bool {
    var sum = 0.0
    var total = 0.0
    for row in losses.indices {
      sum += (weights?[row] ?? 1) * (others[row] - losses[row])
      total += weights?[row] ?? 1
    }
    guard total > 0 else { return false }
    let mean = sum / total
    var variance = 0.0
    for row in losses.indices {
      let deviation = (weights?[row] ?? 1) * (others[row] - losses[row] - mean)
      variance += deviation * deviation
    }
    return mean > 1.64 * variance.squareRoot() / total
  }
}
