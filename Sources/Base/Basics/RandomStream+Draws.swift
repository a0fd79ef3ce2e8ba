import Foundation

extension RandomStream {
  /// A number of the exponential distribution.
  public mutating func exponential(mean: Double = 1) -> Double { -mean * log(1 - uniform()) }

  /// A number of the Poisson distribution; 0 for a mean that is not positive.
  ///
  /// Small means by multiplying uniform numbers (Knuth), large ones by transformed rejection (W. Hörmann, "The
  /// transformed rejection method for generating Poisson random variables", 1993).
  public mutating func poisson(mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    if mean < 10 {
      let limit = exp(-mean)
      var product = uniform()
      var count = 0
      while product > limit {
        product *= uniform()
        count += 1
      }
      return count
    }
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let quick = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let distance = 0.5 - abs(u)
      let k = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
      if distance >= 0.07, v <= quick { return Int(k) }
      if k < 0 || (distance < 0.013 && v > distance) { continue }
      let left = log(v) + log(inverseAlpha) - log(a / (distance * distance) + b)
      if left <= k * log(mean) - mean - RandomStream.logFactorial(k) { return Int(k) }
    }
  }

  /// A number of the gamma distribution with mean `shape * scale` (Marsaglia and Tsang, "A simple method for generating
  /// gamma variables", 2000).
  ///
  /// - Parameter shape: above 0.
  public mutating func gamma(shape: Double, scale: Double = 1) -> Double {
    precondition(shape > 0, "gamma: shape \(shape)")
    if shape < 1 {
      // A gamma number with a shape above 1, shrunk by a power of a uniform one.
      let base = gamma(shape: shape + 1, scale: scale)
      return base * pow(1 - uniform(), 1 / shape)
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let cube = 1 + c * x
      if cube <= 0 { continue }
      let v = cube * cube * cube
      if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v * scale }
    }
  }

  /// One of some choices, with probabilities in proportion to their weights.
  public mutating func choose<Choice>(_ choices: [Choice], weights: [Double]) -> Choice {
    precondition(!choices.isEmpty && choices.count == weights.count, "choose: one weight per choice")
    var rest = uniform() * weights.reduce(0, +)
    for (choice, weight) in zip(choices, weights) {
      rest -= weight
      if rest < 0 { return choice }
    }
    return choices[choices.count - 1]
  }

  /// One of some choices, each equally likely.
  public mutating func choose<Choice>(_ choices: [Choice]) -> Choice { choices[integer(below: choices.count)] }

  /// log(k!) by Stirling's series.
  private static func logFactorial(_ k: Double) -> Double {
    if k < 10 {
      var product = 1.0
      for factor in stride(from: 2.0, through: k, by: 1) { product *= factor }
      return log(product)
    }
    let x = k + 1
    return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_7 + 1 / (12 * x) - 1 / (360 * x * x * x)
  }
}
