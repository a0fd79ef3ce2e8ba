import Foundation

/// The content of Tests/Golden/metrics.json.
struct GoldenMetrics: Decodable {
  struct Case: Decodable {
    let name: String
    let classes: Int
    let labels: [Double]
    let predictions: [Double]
    let weights: [Double]?
    let groups: [Int]?
    let values: [String: Double]
  }

  struct Clustering: Decodable {
    enum CodingKeys: String, CodingKey {
      case points, first, second, silhouette
      case adjustedRand = "adjusted-rand"
    }

    let points: [Double]
    let first: [Int]
    let second: [Int]
    let silhouette: Double
    let adjustedRand: Double
  }

  struct Isotonic: Decodable {
    let x: [Double]
    let y: [Double]
    let weights: [Double]
    let queries: [Double]
    let values: [Double]
  }

  let cases: [Case]
  let clustering: Clustering
  let isotonic: Isotonic

  static func load() throws -> GoldenMetrics {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "Golden/metrics.json"))
    return try JSONDecoder().decode(GoldenMetrics.self, from: data)
  }
}
