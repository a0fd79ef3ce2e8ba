import Basics
import DataSets
import Foundation
import Kernels
import TimeSeries

/// Forecasts of public sets by their own protocols.
struct ForecastTrial {
  let threads: Int

  /// The series of M4: the ensemble of the capacity solution with its defaults. Test values are looked at once, at the end.
  func competition(_ frequency: M4.Frequency, _ files: LocalDataSet) throws -> [String: Double] {
    let series = try M4.load(frequency, from: files, threads: threads)
    let start = ContinuousClock.now
    let panel = series.map { Series($0.name, values: $0.train) }
    let seasons = frequency == .hourly ? [24, 168] : [52]
    let request = ForecastRequest(horizon: frequency.horizon, seasons: seasons, levels: [0.05, 0.5, 0.95])
    let fitted = try PanelEnsemble(AnyForecaster.portfolio(seasons: seasons)).fit(
      panel, request: request, threads: threads)
    let time = seconds(start.duration(to: .now))
    let truths = series.map(\.test)
    let accuracy = PanelAccuracy(
      fitted.forecasts.map(\.point), truths: truths, panel: panel, season: frequency.season)
    let naive = frequency.naive2
    let benchmark = PanelAccuracy(symmetricPercentageError: naive.smape, scaledError: naive.mase)
    var (held, all) = (0, 0)
    for (forecast, truth) in zip(fitted.forecasts, truths) {
      guard let lower = forecast.quantile(0.05), let upper = forecast.quantile(0.95) else { continue }
      for step in truth.indices {
        all += 1
        if lower[step] <= truth[step], truth[step] <= upper[step] { held += 1 }
      }
    }
    return [
      "series": Double(series.count), "smape": accuracy.symmetricPercentageError, "mase": accuracy.scaledError,
      "owa": accuracy.overallWeightedAverage(against: benchmark), "coverage_90": Double(held) / Double(max(1, all)),
      "seconds": time,
    ]
  }

  /// The transformer's temperature: 12 months to learn from, 4 to choose by, 4 to test; all windows, all columns, all
  /// steps, on the scale of the training part.
  func temperature(horizon: Int, lookBack: Int, _ files: LocalDataSet) throws -> [String: Double] {
    let table = try TransformerTemperature.table(from: files, threads: threads)
    let start = ContinuousClock.now
    let (learned, chosen, tested) = (8_640, 2_880, 2_880)
    let columns = table.columns.filter { $0.kind == .float || $0.kind == .integer }.map { column -> Series in
      let values = column.numbers()
      let training = values.prefix(learned)
      let mean = training.reduce(0, +) / Double(learned)
      let deviation = (training.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(learned)).squareRoot()
      return Series(column.name, values: values.map { ($0 - mean) / deviation })
    }
    let known = columns.map { $0.prefix(learned + chosen) }
    let method = LinearNet(
      form: .last, lookBack: lookBack, scaling: WindowScaling(centre: .last, unit: .one), adaptations: [],
      validationShare: Double(chosen) / Double(learned + chosen), refits: false)
    let request = ForecastRequest(horizon: horizon, seasons: [24], levels: [])
    let fitted = try method.fitted(known, request: request, threads: threads)
    var (squares, sizes, count) = (0.0, 0.0, 0)
    for column in columns {
      let origins = Array(learned + chosen...learned + chosen + tested - horizon)
      for piece in stride(from: 0, to: origins.count, by: 512) {
        let here = origins[piece..<min(piece + 512, origins.count)]
        let windows = here.map { Series("w", values: Array(column.values[$0 - lookBack..<$0])) }
        for (origin, forecast) in zip(here, fitted.forecast(windows, threads: threads)) {
          for step in 0..<horizon {
            let error = forecast.point[step] - column.values[origin + step]
            squares += error * error
            sizes += abs(error)
            count += 1
          }
        }
      }
    }
    return [
      "mse": squares / Double(count), "mae": sizes / Double(count), "penalty": fitted.penalty,
      "seconds": seconds(start.duration(to: .now)),
    ]
  }

  /// Statistical forecasts of simulated monthly series of 120 points, by each method of the list alone.
  func months(_ count: Int) throws -> [String: Double] {
    let panel = (0..<count).map { number -> Series in
      var random = RandomKey(seed: 1)["months"][number].stream()
      let (level, growth, swing) = (50 + 100 * random.uniform(), 0.4 * random.normal(), 15 * random.uniform())
      var noise = 0.0
      let values = (0..<120).map { month -> Double in
        noise = 0.5 * noise + 4 * random.normal()
        return max(1, level + growth * Double(month) + swing * sin(2 * .pi * Double(month) / 12) + noise)
      }
      return Series("m\(number)", values: values)
    }
    let request = ForecastRequest(horizon: 18, seasons: [12], levels: [0.05, 0.95])
    let methods: [(String, any Forecaster)] = [
      ("seasonal_naive", SeasonalNaiveForecaster()), ("ets", ETSForecaster()), ("theta", ThetaForecaster()),
      ("arima", ARIMAForecaster()),
    ]
    var figures: [String: Double] = [:]
    for (name, method) in methods {
      let start = ContinuousClock.now
      let failures = parallelMap(count, threads: threads) { index in
        (try? method.fit(panel[index], request: request).forecast()) == nil ? 1 : 0
      }
      guard failures.reduce(0, +) == 0 else { throw AssayError(.data, "\(name) failed on a simulated series") }
      figures["\(name)_seconds"] = seconds(start.duration(to: .now))
    }
    figures["seconds"] = figures.values.reduce(0, +)
    return figures
  }
}
