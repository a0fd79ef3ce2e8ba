import Estimators
import Sequences

/// How much each sensor moves the predicted life of units.
struct SensorEffects {
  /// For each unit what each channel adds to the life that is told, in the unit of time; below 0 where it shows wear.
  let byUnit: [[String: Double]]

  /// The effects at rows of units.
  ///
  /// What the health of all sensors adds is dealt out to the sensors that it is made of, by how far each holds it away
  /// from that of a usual unit.
  init(_ units: UnitSequences, rows: [Int], model: LifeModel, threads: Int) throws {
    var sums = rows.map { _ in [String: Double]() }
    var prepared: [Int: (features: FeatureMatrix, shares: [[String: Double]])] = [:]
    for fit in model.fits where !fit.seesWindows {
      guard let explaining = fit.model.model as? any ContributingModel else { continue }
      let pipeline = model.pipelines[fit.pipeline]
      let known =
        try prepared[fit.pipeline] ?? (
          pipeline.features(of: units, threads: threads).statistics.selecting(rows: rows),
          pipeline.healthShares(of: units, rows: rows, threads: threads)
        )
      prepared[fit.pipeline] = known
      let (features, shares) = known
      let found = explaining.contributions(features, threads: threads)
      for place in rows.indices {
        for (position, feature) in features.features.enumerated() {
          let effect = fit.weight * found[place, 0, position]
          guard feature.source == LifePipeline.healthName else {
            sums[place][feature.source, default: 0] += effect
            continue
          }
          for (sensor, share) in shares[place] { sums[place][sensor, default: 0] += share * effect }
        }
      }
    }
    byUnit = sums
  }

  /// The mean over units of how far each channel moves the life told; the strongest first.
  var strongest: [(channel: String, effect: Double)] {
    var sums: [String: Double] = [:]
    for effects in byUnit {
      for (channel, effect) in effects { sums[channel, default: 0] += abs(effect) / Double(byUnit.count) }
    }
    return sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// The channels that shorten a unit's life most, the strongest first.
  func shortening(_ unit: Int, most: Int) -> [String] {
    byUnit[unit].filter { $0.value < 0 }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(most)
      .map(\.key)
  }
}
