import Basics
import Estimators
import Evaluation
import Foundation
import Tables
import XCTest

/// What every plan promises, over columns of every kind.
final class FeaturesPipelineTests: XCTestCase {
  func testMatricesHaveTheirShapeAndDescriptions() throws {
    for (name, plan) in plansToCheck {
      let (table, labels) = try mixedTable(rows: 300, seed: 3)
      let (pipeline, training) = try fitFeatures(plan, table.columns, labels: labels)
      let again = try pipeline.transform(table)
      for matrix in [training, again] {
        XCTAssertEqual(matrix.rowCount, 300, name)
        XCTAssertEqual(matrix.features, pipeline.features, name)
        XCTAssertEqual(Set(matrix.names).count, matrix.featureCount, "\(name): names repeat")
        for (feature, column) in zip(matrix.features, matrix.columns) {
          XCTAssertTrue(table.names.contains(feature.source), "\(name): source of \(feature.name)")
          guard case .sparse(let rows, let values) = column else { continue }
          XCTAssertEqual(rows, rows.sorted(), "\(name): \(feature.name)")
          XCTAssertEqual(Set(rows).count, rows.count, "\(name): \(feature.name)")
          XCTAssertEqual(rows.count, values.count, "\(name): \(feature.name)")
        }
      }
      XCTAssertEqual(pipeline.inputColumns, table.names, name)
    }
  }

  func testTrainingRowsAndNewRowsAgreeButForTargetStatistics() throws {
    for (name, plan) in plansToCheck {
      let (table, labels) = try mixedTable(rows: 300, seed: 4)
      let (pipeline, training) = try fitFeatures(plan, table.columns, labels: labels)
      let again = try pipeline.transform(table)
      for feature in training.features.indices where !training.features[feature].name.contains(".rate") {
        assertClose(training.dense(feature), again.dense(feature), within: 0, "\(name) \(training.names[feature])")
      }
    }
  }

  func testThreadsDoNotChangeTheResult() throws {
    for (name, plan) in plansToCheck {
      let (table, labels) = try mixedTable(rows: 5_000, seed: 5)
      let (one, oneTraining) = try fitFeatures(plan, table.columns, labels: labels, threads: 1)
      let (three, threeTraining) = try fitFeatures(plan, table.columns, labels: labels, threads: 3)
      assertIdentical(oneTraining, threeTraining, name)
      assertIdentical(try one.transform(table, threads: 1), try three.transform(table, threads: 3), name)
    }
  }

  func testSavedPipelinesTransformAlike() throws {
    for (name, plan) in plansToCheck {
      let (table, labels) = try mixedTable(rows: 400, seed: 6)
      let (pipeline, _) = try fitFeatures(plan, table.columns, labels: labels)
      let (fresh, _) = try mixedTable(rows: 200, seed: 60)
      let expected = try pipeline.transform(fresh)
      let text = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(pipeline))
      let binary = try CBORDecoder().decode(FeaturePipeline.self, from: CBOREncoder().encode(pipeline))
      for loaded in [text, binary] {
        assertIdentical(expected, try loaded.transform(fresh), name)
        XCTAssertEqual(pipeline.features, loaded.features, name)
        XCTAssertEqual(pipeline.plan, loaded.plan, name)
        XCTAssertEqual(pipeline.dropped, loaded.dropped, name)
      }
    }
  }

  func testEachRowIsTransformedByItself() throws {
    for (name, plan) in plansToCheck {
      let (table, labels) = try mixedTable(rows: 300, seed: 7)
      let (pipeline, _) = try fitFeatures(plan, table.columns, labels: labels)
      let rows = [5, 0, 299, 5, 17]
      assertIdentical(
        try pipeline.transform(table).selecting(rows: rows), try pipeline.transform(table.selecting(rows: rows)), name)
      XCTAssertEqual(try pipeline.transform(table.selecting(rows: [])).rowCount, 0, name)
    }
  }

  func testTheOrderOfRowsDoesNotChangeWhatIsLearned() throws {
    for (name, plan) in plansToCheck where plan.texts.components == 0 {
      let (table, labels) = try mixedTable(rows: 300, seed: 8)
      var stream = RandomKey(seed: 8).stream()
      let order = stream.permutation(of: 300)
      let (pipeline, _) = try fitFeatures(plan, table.columns, labels: labels)
      let (shuffled, _) = try fitFeatures(
        plan, table.selecting(rows: order).columns, labels: order.map { labels[$0] })
      let (a, b) = (try pipeline.transform(table), try shuffled.transform(table))
      XCTAssertEqual(a.features, b.features, name)
      for feature in a.features.indices {
        assertClose(a.dense(feature), b.dense(feature), within: 1e-4, "\(name) \(a.names[feature])")
      }
    }
  }
}
