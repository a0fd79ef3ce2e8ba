import Foundation

/// Log-probabilities over one temperature, normalised again (Guo et al. 2017): above 1 softens, below 1 sharpens.
public struct TemperatureScaling: Sendable, Codable, Hashable {
  /// The temperature, 0.05 to 20.
  public let temperature: Double

  /// Finds the temperature of the least log loss, by golden section over its logarithm (the loss is convex in
  /// 1 / temperature).
  public init(labels: [Double], predictions: Predictions, weights: [Double]? = nil) {
    let width = predictions.width
    let logs = predictions.values.map { log(max(1e-12, $0)) }
    func loss(_ temperature: Double) -> Double {
      var sum = 0.0
      logs.withUnsafeBufferPointer { logs in
        for row in labels.indices {
          var largest = -Double.infinity
          for output in 0..<width { largest = max(largest, logs[row * width + output]) }
          var total = 0.0
          for output in 0..<width { total += exp((logs[row * width + output] - largest) / temperature) }
          let truth = (logs[row * width + Int(labels[row])] - largest) / temperature
          sum += (weights?[row] ?? 1) * (log(total) - truth)
        }
      }
      return sum
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var low = log(0.05)
    var high = log(20.0)
    var left = high - ratio * (high - low)
    var right = low + ratio * (high - low)
    var leftLoss = loss(exp(left))
    var rightLoss = loss(exp(right))
    while high - low > 1e-4 {
      if leftLoss <= rightLoss {
        high = right
        (right, rightLoss) = (left, leftLoss)
        left = high - ratio * (high - low)
        leftLoss = loss(exp(left))
      } else {
        low = left
        (left, leftLoss) = (right, rightLoss)
        right = low + ratio * (high - low)
        rightLoss = loss(exp(right))
      }
    }
    temperature = exp((low + high) / 2)
  }

  /// The predictions at this temperature.
  public func apply(_ predictions: Predictions) -> Predictions {
    var values = predictions.values.map { pow(max(1e-12, $0), 1 / temperature) }
    normaliseRows(&values, width: predictions.width)
    return Predictions(values, width: predictions.width)
  }
}

/// Divides the numbers of each row by their sum; a row of zeros becomes uniform.
func normaliseRows(_ values: inout [Double], width: Int) {
  for start in stride(from: 0, to: values.count, by: width) {
    let sum = values[start..<start + width].reduce(0, +)
    for i in start..<start + width { values[i] = sum > 0 ? values[i] / sum : 1 / Double(width) }
  }
}
