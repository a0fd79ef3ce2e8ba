import Basics
import Estimators
import Foundation
import Sequences
import Tables

/// What is usual in a table, learned without labels: ranks rows by how unusual they are, and says by which columns.
public struct UnusualRows: Sendable, Codable {
  /// A forest and a network with what their scores usually are.
  struct Detectors: Sendable, Codable {
    let forest: IsolationForestModel
    let autoencoder: AutoencoderModel
    /// Mean and deviation of the logarithms of scores.
    let forestScale: Scale
    let autoencoderScale: Scale

    init(forest: IsolationForestModel, autoencoder: AutoencoderModel, rows: FeatureMatrix, threads: Int) {
      self.forest = forest
      self.autoencoder = autoencoder
      forestScale = Scale(forest.scores(rows, threads: threads))
      autoencoderScale = Scale(autoencoder.scores(rows, threads: threads))
    }

    /// The score of each row by a method, in deviations from the mean of the rows that were learned from.
    func scores(_ rows: FeatureMatrix, _ method: AnomalySearch.Method, threads: Int) -> [Double] {
      func forestScores() -> [Double] { forest.scores(rows, threads: threads).map(forestScale.place) }
      func networkScores() -> [Double] { autoencoder.scores(rows, threads: threads).map(autoencoderScale.place) }
      switch method {
      case .isolationForest: return forestScores()
      case .autoencoder: return networkScores()
      case .both: return zip(forestScores(), networkScores()).map { ($0 + $1) / 2 }
      }
    }

    /// The part of each feature in what makes each row unusual; the parts of a row sum to 1, or are all 0.
    func parts(_ rows: FeatureMatrix, _ method: AnomalySearch.Method, threads: Int) -> [[Double]] {
      func shares(_ parts: [[Double]]) -> [[Double]] {
        parts.map { row in
          let sum = row.reduce(0, +)
          return sum > 0 ? row.map { $0 / sum } : row
        }
      }
      func forestParts() -> [[Double]] { shares(forest.parts(rows, threads: threads)) }
      func networkParts() -> [[Double]] { shares(autoencoder.parts(rows, threads: threads)) }
      switch method {
      case .isolationForest: return forestParts()
      case .autoencoder: return networkParts()
      case .both: return zip(forestParts(), networkParts()).map { zip($0, $1).map { ($0 + $1) / 2 } }
      }
    }
  }

  /// Where the logarithms of scores lie.
  struct Scale: Sendable, Codable {
    let mean: Double
    let deviation: Double

    init(_ scores: [Double]) {
      let logs = scores.map(Self.logarithm)
      let count = Double(max(1, logs.count))
      let mean = logs.reduce(0, +) / count
      let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      self.mean = mean
      deviation = variance > 0 ? variance.squareRoot() : 1
    }

    func place(_ score: Double) -> Double { (Self.logarithm(score) - mean) / deviation }

    private static func logarithm(_ score: Double) -> Double { log(max(score, 1e-12)) }
  }

  /// What rows are ranked by.
  public let method: AnomalySearch.Method
  /// The columns that are looked at.
  public let columns: [String]
  private let pipeline: FeaturePipeline
  private let detectors: Detectors
  /// The score below which each thousandth of the learned rows lies.
  private let quantiles: [Double]

  init(
    method: AnomalySearch.Method, pipeline: FeaturePipeline, columns: [String], detectors: Detectors, learned: [Double]
  ) {
    self.method = method
    self.pipeline = pipeline
    self.columns = columns
    self.detectors = detectors
    let sorted = learned.sorted()
    quantiles = (0...1_000).map { sorted[min(sorted.count - 1, sorted.count * $0 / 1_000)] }
  }

  /// How unusual each row is, in deviations from the mean of the rows that were learned from; larger for more unusual.
  ///
  /// - Throws: a `schema` error for a column that is not there or holds something else.
  ///
  /// - Parameter other: Another method than the chosen one, to compare with.
  public func scores(_ table: Table, by other: AnomalySearch.Method? = nil, threads: Int = 1) throws -> [Double] {
    detectors.scores(try pipeline.transform(table, threads: threads), other ?? method, threads: threads)
  }

  /// The share of the rows that were learned from, in thousandths, that are less unusual than a score says.
  public func shareBelow(_ score: Double) -> Double {
    var (low, high) = (0, quantiles.count)
    while low < high {
      let middle = (low + high) / 2
      if quantiles[middle] < score { low = middle + 1 } else { high = middle }
    }
    return Double(min(low, 1_000)) / 1_000
  }

  /// The part of each column in what makes each row unusual; a row's parts sum to 1, or are all 0 for a usual row.
  ///
  /// - Throws: as `scores`.
  public func parts(_ table: Table, threads: Int = 1) throws -> ColumnContributions {
    let features = try pipeline.transform(table, threads: threads)
    let index = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    let sources = features.features.map { index[$0.source] ?? 0 }
    var values = [Double](repeating: 0, count: table.rowCount * columns.count)
    for (row, parts) in detectors.parts(features, method, threads: threads).enumerated() {
      for (feature, part) in parts.enumerated() { values[row * columns.count + sources[feature]] += part }
    }
    return ColumnContributions(columns: columns, width: 1, values: values, explainedShare: 1)
  }
}
