import Basics
import Estimators
import Foundation
import Survival

/// Units with Weibull lives that depend on some features, censored by the end of watching.
struct SimulatedLives {
  var data: SurvivalData
  /// The lives, also where they were not seen.
  var lives: [Double]
  /// When watching ends.
  var censoring: [Double]
  /// The logarithm of the relative hazard.
  var risks: [Double]

  init(
    rows: Int, effects: [Double], shape: Double = 1.5, life: Double = 10, watched: ClosedRange<Double> = 4...20,
    key: RandomKey, risk: ((_ x: [Double]) -> Double)? = nil
  ) throws {
    var random = key.stream()
    var columns = [[Float]](repeating: [], count: effects.count)
    var (lives, censoring, risks) = ([Double](), [Double](), [Double]())
    for _ in 0..<rows {
      let x = effects.map { _ in Double(Float(random.normal())) }
      for (column, value) in x.enumerated() { columns[column].append(Float(value)) }
      let score = risk?(x) ?? zip(effects, x).reduce(0) { $0 + $1.0 * $1.1 }
      risks.append(score)
      lives.append(life * pow(-log(1 - random.uniform()) / exp(score), 1 / shape))
      censoring.append(watched.lowerBound + (watched.upperBound - watched.lowerBound) * random.uniform())
    }
    (self.lives, self.censoring, self.risks) = (lives, censoring, risks)
    data = try SurvivalData(
      features: FeatureMatrix(
        features: effects.indices.map { Feature("x\($0 + 1)") }, columns: columns.map { .dense($0) }, rowCount: rows),
      outcomes: SurvivalOutcomes(
        times: zip(lives, censoring).map { min($0, $1) }, events: zip(lives, censoring).map { $0 <= $1 }))
  }
}

/// A context with a seed.
func context(_ seed: UInt64, threads: Int = 1) -> FitContext {
  FitContext(key: RandomKey(seed: seed), threads: threads)
}
