import Foundation

/// The content of Tests/Golden/TimeSeries/statistical.json; see the script beside it.
struct StatisticalGolden: Decodable {
  struct Model: Decodable {
    var name: String
    var values: [Double?]
    var order: [Int]
    var seasonal: [Int]
    var coefficients: [Double]
    var logLikelihood: Double
    var forecast: [Double]?
    var variances: [Double]?
  }
  struct Loess: Decodable {
    var values: [Double]
    var window: Int
    var degree: Int
    var robust: Bool
    var trend: [Double]
    var season: [Double]
  }
  struct Several: Decodable {
    var values: [Double]
    var periods: [Int]
    var trend: [Double]
    var seasons: [[Double]]
  }
  struct Unit: Decodable {
    var values: [Double]
    var trend: Bool
    var lags: Int
    var statistic: Double
  }
  var arima: [Model]
  var fitted: [Model]
  var stl: [Loess]
  var mstl: [Several]
  var kpss: [Unit]

  static func load() throws -> StatisticalGolden {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appendingPathComponent("Golden/TimeSeries/statistical.json")
    return try JSONDecoder().decode(StatisticalGolden.self, from: Data(contentsOf: file))
  }
}
