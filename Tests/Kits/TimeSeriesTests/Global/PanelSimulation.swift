import Basics
import Foundation
import TimeSeries

/// Panels with a known pattern for the tests of global forecasters.
enum PanelSimulation {
  /// Waves of one season, of unlike sizes, levels and phases, with noise and a slow drift; the seasonal naive forecast
  /// repeats the noise.
  static func waves(
    _ count: Int, length: Int, season: Int = 12, noise: Double = 0.3, key: RandomKey
  ) -> [Series] {
    (0..<count).map { number in
      var stream = key[number].stream()
      let size = exp(2 * stream.normal())
      let level = 10 * stream.uniform() * size
      let phase = 2 * Double.pi * stream.uniform()
      let values = (0..<length).map { step in
        level + size * (sin(2 * .pi * Double(step) / Double(season) + phase) + noise * stream.normal())
      }
      return Series("wave \(number)", values: values)
    }
  }

  /// The last steps of each series, held back.
  static func cut(_ panel: [Series], horizon: Int) -> (past: [Series], future: [[Double]]) {
    (panel.map { $0.prefix($0.count - horizon) }, panel.map { Array($0.values.suffix(horizon)) })
  }

  /// The mean absolute error, each series in units of its deviation.
  static func error(_ points: [[Double]], _ future: [[Double]], _ panel: [Series]) -> Double {
    var sum = 0.0
    for (position, series) in panel.enumerated() {
      let known = series.values.filter(\.isFinite)
      let mean = known.reduce(0, +) / Double(known.count)
      let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
      let gaps = zip(points[position], future[position]).map { abs($0 - $1) / deviation }
      sum += gaps.reduce(0, +) / Double(gaps.count)
    }
    return sum / Double(panel.count)
  }

  /// The forecast that repeats the last season.
  static func seasonalNaive(_ past: [Series], season: Int, horizon: Int) -> [[Double]] {
    past.map { series in (0..<horizon).map { series.values[series.count - season + $0 % season] } }
  }

  /// All kinds of global forecasters, small.
  static let methods: [any GlobalForecaster] = [
    LinearNet(form: .plain), LinearNet(form: .last), LinearNet(form: .decomposed), LinearNet(),
    small(.linear), small(.nBeats(blocks: 2, layers: 2, width: 16)),
    small(.interpretableNBeats(blocks: 1, layers: 2, width: 16)),
    small(.nHiTS(scales: [4, 1], layers: 1, width: 16)), small(.lstm(units: 8, patch: 4)),
    small(.gru(units: 8, patch: 4)), small(.temporalConvolution(channels: 8, patch: 4)), boosting,
    AveragedGlobal([
      .linear(LinearNet()), .network(small(.linear)), .perSeries(AnyForecaster(SeasonalNaiveForecaster())),
    ]),
  ]

  static func small(_ architecture: WindowArchitecture) -> WindowNet {
    WindowNet(architecture, members: 2, steps: 30, batchSize: 32)
  }

  static var boosting: GlobalBoosting {
    var method = GlobalBoosting(rowLimit: 4_000, stepsPerWindow: 4)
    method.boosting.trees = 20
    method.boosting.minimumChildRows = 20
    return method
  }
}
