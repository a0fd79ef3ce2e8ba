import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

/// Binning piece by piece.
final class TreesBuilderTests: XCTestCase {
  private func stripes(_ data: TrainingData, _ sizes: [Int]) -> [FeatureMatrix] {
    var pieces: [FeatureMatrix] = []
    var start = 0
    for size in sizes {
      pieces.append(data.features.selecting(rows: Array(start..<min(data.rowCount, start + size))))
      start += size
    }
    return pieces
  }

  func testPiecesGiveTheBinsAndTreesOfTheWhole() throws {
    let folder = FileManager.default.temporaryDirectory.path
    for (task, seed) in [(LearningTask.regression, 3), (twoClasses, 4)] as [(LearningTask, UInt64)] {
      // More rows than one task of the assignment takes, and pieces that begin anywhere.
      let data = simulatedData(rows: 40_000, seed: seed, task: task)
      let sample = data.selecting(rows: Array(stride(from: 0, to: 40_000, by: 7)))
      let bins = try fitTrees(Boosting(trees: 1), sample).bins
      let whole = BinnedFeatures(data.features, bins: bins)
      let context = FitContext(key: RandomKey(seed: seed))
      let settings = Boosting(trees: 4, leaves: 31, rowShare: 0.8)
      let expected = try settings.fit(data, binned: whole, context: context)
      for (place, threads) in [(nil, 1), (nil, 3), (folder, 1), (folder, 2)] as [(String?, Int)] {
        var builder = try BinnedFeaturesBuilder(bins: bins, capacity: 40_100, folder: place)
        for piece in stripes(data, [1, 17_000, 63, 0, 19_937, 2_999]) { try builder.append(piece, threads: threads) }
        XCTAssertEqual(builder.rowCount, 40_000)
        let binned = builder.finish()
        XCTAssertEqual(binned.rowCount, 40_000)
        for feature in 0..<binned.featureCount {
          for row in 0..<40_000 where binned.bin(row: row, feature: feature) != whole.bin(row: row, feature: feature) {
            return XCTFail("row \(row), feature \(feature), file \(place != nil), \(threads) threads")
          }
        }
        let prepared = try BinnedTrainingData(
          binned, features: data.features.features, task: task, labels: data.labels, for: settings)
        let model = try settings.fit(
          prepared, context: FitContext(key: RandomKey(seed: seed), threads: threads))
        XCTAssertEqual(model.trees, expected.trees)
        XCTAssertEqual(model.bins, expected.bins)
      }
    }
  }

  func testSparsePiecesAreFilledWithZeros() throws {
    let columns: [FeatureValues] = [.sparse(rows: [1, 4], values: [2, -1]), .dense([1, 2, .nan, 4, 5, 6])]
    let matrix = FeatureMatrix(features: [Feature("a"), Feature("b")], columns: columns, rowCount: 6)
    let bins = [FeatureBins(cuts: [-0.5, 1]), FeatureBins(cuts: [3])]
    var builder = try BinnedFeaturesBuilder(bins: bins, capacity: 6)
    try builder.append(matrix.selecting(rows: [0, 1]))
    try builder.append(matrix.selecting(rows: [2, 3, 4, 5]))
    let binned = builder.finish()
    XCTAssertEqual((0..<6).map { binned.bin(row: $0, feature: 0) }, [2, 3, 2, 2, 1, 2])
    XCTAssertEqual((0..<6).map { binned.bin(row: $0, feature: 1) }, [1, 1, 0, 2, 2, 2])
  }

  func testInfiniteValuesAndAbsentFoldersAreRefused() throws {
    let bins = [FeatureBins(cuts: [0])]
    var builder = try BinnedFeaturesBuilder(bins: bins, capacity: 2)
    XCTAssertThrowsError(try builder.append(FeatureMatrix(dense: [[1, .infinity]]))) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .data)
    }
    XCTAssertThrowsError(try BinnedFeaturesBuilder(bins: bins, capacity: 2, folder: "/no/such/folder")) {
      XCTAssertEqual(($0 as? AssayError)?.kind, .file)
    }
  }

  func testInterruptionKeepsTheTreesWhereAskedTo() throws {
    let data = simulatedData(rows: 500, seed: 9)
    let interruption = Interruption()
    interruption.request()
    var context = FitContext(key: RandomKey(seed: 1), interruption: interruption)
    XCTAssertThrowsError(try Boosting(trees: 5).fit(data, context: context))
    context.keepsUnfinished = true
    // Nothing is there before the first round.
    XCTAssertThrowsError(try Boosting(trees: 5).fit(data, context: context))
  }
}
