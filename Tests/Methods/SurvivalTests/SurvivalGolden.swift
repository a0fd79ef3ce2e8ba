import Estimators
import Foundation
import Survival

/// Expected values from lifelines, scikit-survival and scipy; `Tests/Golden/Survival/survival.py` makes them.
struct SurvivalGolden: Decodable {
  struct WithoutModel: Decodable {
    let at: [Double]
    let survival: [Double]
    let late: [Double]
    let lower: [Double]
    let upper: [Double]
    let median: Double
    let restrictedMean: Double
    let hazard: [Double]
  }
  struct LogRank: Decodable {
    let statistic: Double
    let p: Double
  }
  struct Coefficients: Decodable {
    let beta: [Double]
    let se: [Double]
    let logLikelihood: Double
  }
  struct Cox: Decodable {
    let efron: Coefficients
    let breslow: Coefficients
    let strata: Coefficients
    let late: Coefficients
    let all: Coefficients
    let zph: [Double]
    let curves: [[Double]]
    let net: [Double]
  }
  struct Accelerated: Decodable {
    let coefficients: [Double]
    let se: [Double]
    let logLikelihood: Double
  }
  struct Metrics: Decodable {
    let risk: [Double]
    let times: [Double]
    let curves: [[Double]]
    let inside: [Bool]
    let harrell: Double
    let harrellTied: Double
    let uno: Double
    let brier: [Double]
    let integrated: Double
    let auc: [Double]
  }

  let x: [[Float]]
  let time: [Double]
  let tied: [Double]
  let event: [Int]
  let entry: [Double]
  let tiedEntry: [Double]
  let weight: [Double]
  let stratum: [Int]
  let group: [Int]
  let kaplanMeier: WithoutModel
  let logRank: LogRank
  let cox: Cox
  let aft: [String: Accelerated]
  let metrics: Metrics

  static func load() throws -> SurvivalGolden {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appendingPathComponent("Golden/Survival/survival.json")
    return try JSONDecoder().decode(SurvivalGolden.self, from: Data(contentsOf: file))
  }

  var events: [Bool] { event.map { $0 == 1 } }
  var features: FeatureMatrix { FeatureMatrix(dense: x) }

  func data(
    _ times: [Double], entries: [Double]? = nil, weights: [Double]? = nil, strata: [Int]? = nil
  ) throws -> SurvivalData {
    try SurvivalData(
      features: features,
      outcomes: SurvivalOutcomes(times: times, events: events, entries: entries, weights: weights, strata: strata))
  }
}
