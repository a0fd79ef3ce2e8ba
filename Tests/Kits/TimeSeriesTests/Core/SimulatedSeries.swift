import Basics
import Foundation
import TimeSeries

/// A positive series with a moving level, a season that multiplies, and noise.
func simulatedMonths(_ count: Int = 120, season: Int = 12, strength: Double = 0.2, seed: UInt64) -> Series {
  var random = RandomKey(seed: seed)["months"].stream()
  var level = 100 + 50 * random.uniform()
  let slope = random.uniform()
  let profile = (0..<season).map { (phase: Int) -> Double in
    1 + strength * sin(2 * Double.pi * Double(phase) / Double(season))
  }
  return Series(
    "months \(seed)",
    values: (0..<count).map { step in
      level = max(20, level + slope + random.normal())
      return level * profile[step % season] + random.normal()
    })
}

/// Every forecaster of this folder's statistical methods.
let everyStatisticalForecaster: [any Forecaster] =
  [
    NaiveForecaster(), SeasonalNaiveForecaster(), SeasonalNaiveForecaster(seasonsAveraged: 3), DriftForecaster(),
    MeanForecaster(), Naive2Forecaster(), ETSForecaster(), ETSForecaster.simple, ETSForecaster.holt,
    ETSForecaster.damped, ETSForecaster.holtWinters, Combination.comb, MultiSeasonalForecaster(),
    MultiSeasonalForecaster(fitsHorizon: false, hasSlope: true), ThetaForecaster(), ThetaForecaster(.optimised),
    ThetaForecaster(.dynamicOptimised), IntermittentForecaster(.croston), IntermittentForecaster(),
    IntermittentForecaster(.teunterSyntetosBabai), AutoregressionForecaster(),
    AutoregressionForecaster(difference: .step), AutoregressionForecaster(difference: .longestSeason),
    Combination([NaiveForecaster(), ThetaForecaster()], rule: .inverseError(power: 1)),
    ConformalForecaster(ThetaForecaster()),
  ]
