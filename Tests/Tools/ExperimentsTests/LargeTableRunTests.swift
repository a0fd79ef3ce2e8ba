import Basics
import Estimators
import Evaluation
import Experiments
import Foundation
import Tables
import XCTest

/// A whole run on a table that is larger than the memory it may take.
final class LargeTableRunTests: XCTestCase {
  private func entry(_ results: ExperimentResults, _ name: String) throws -> LeaderboardEntry {
    try XCTUnwrap(results.leaderboard.first { $0.name == name }, "\(results.leaderboard.map(\.name)) lack \(name)")
  }

  private func test(_ results: ExperimentResults, _ name: String) throws -> Double {
    try XCTUnwrap(entry(results, name).test).value
  }

  func testAllRowsBeatTheSampleAndComeCloseToTheTableInMemory() throws {
    try withLargeTableFolder { folder in
      for (isNumber, kind) in [(false, "csv"), (true, "parquet")] {
        let path = folder + "/t.\(kind)"
        try TableWriter.write(purchases(rows: 30_000, seed: 8, isNumber: isNumber), to: path)
        // A quarter of 3 MB is less than the table takes; its bins lie in a file.
        let request = purchasesRequest(path, memory: 3_000_000, candidates: 2)
        let pieces = try TrainingRun(request: request, output: folder + "/pieces").execute()
        var unlimited = request
        unlimited.memory = nil
        let memory = try TrainingRun(request: unlimited, output: folder + "/memory").execute()

        XCTAssertEqual(pieces.candidateCount, memory.candidateCount + 1)
        let sampled = try test(pieces, "boosting 1")
        let all = try test(pieces, "boosting 1 on all rows")
        XCTAssertLessThan(all, 0.98 * sampled, kind)
        XCTAssertGreaterThan(try entry(pieces, "boosting 1 on all rows").ensembleWeight, 0.5, kind)
        let whole = try test(memory, memory.chosen)
        XCTAssertLessThan(try test(pieces, pieces.chosen), 1.06 * whole, kind)
        // Every row that is neither test nor judged was learned from.
        let labelled = isNumber ? 30_000 : 30_000 - 60
        XCTAssertEqual(pieces.profile.rowCount, 30_000)
        XCTAssertGreaterThan(pieces.problem.trainingRows, labelled * 3 / 4, kind)
        XCTAssertLessThan(pieces.problem.trainingRows, labelled * 4 / 5, kind)
        let said = pieces.limits.joined(separator: " ")
        for words in ["by pieces", "a random sample", "test rows", "fitted on \(pieces.problem.trainingRows) of"] {
          XCTAssertTrue(said.contains(words), "\(words) is not in: \(said)")
        }
        XCTAssertFalse(memory.limits.contains { $0.contains("by pieces") })
        // The root of every tree has all rows learned from.
        let bundle = try BundleFile.read(folder + "/pieces/model")
        XCTAssertEqual(
          rootRows(bundle, "boosting 1 on all rows"), [Double(pieces.problem.trainingRows)], kind)
        XCTAssertEqual(
          try FileManager.default.contentsOfDirectory(atPath: folder + "/pieces").sorted(),
          [
            ".candidates", "model", "results.json", "test-scores.cbor",
          ])
      }
    }
  }

  /// The distinct numbers of rows at the roots of a member's trees, as its bundle tells them.
  private func rootRows(_ bundle: ModelBundle, _ name: String) -> Set<Double> {
    let models = bundle.members.filter { $0.name == name }.flatMap(\.fits).map(\.model.model)
    return Set(models.compactMap { $0 as? TreeEnsemble }.flatMap(\.trees).compactMap(\.nodeRows.first))
  }

  func testSameSeedSameBitsWhateverTheThreads() throws {
    try withLargeTableFolder { folder in
      let table = try purchases(rows: 12_000, seed: 9)
      let path = folder + "/t.csv"
      try TableWriter.write(table, to: path)
      var scores: [Predictions] = []
      var hashes: Set<String> = []
      for (place, threads) in [("a", 1), ("b", 2), ("c", 2)] {
        var request = purchasesRequest(path, memory: 900_000, candidates: 2)
        request.threads = threads
        let results = try TrainingRun(request: request, output: folder + "/" + place).execute()
        XCTAssertTrue(results.leaderboard.contains { $0.name == "boosting 1 on all rows" })
        hashes.insert(results.run.dataHash)
        scores.append(try BundleFile.read(folder + "/" + place + "/model").predict(table, threads: threads))
      }
      XCTAssertEqual(scores[0], scores[1])
      XCTAssertEqual(scores[1], scores[2])
      XCTAssertEqual(hashes.count, 1)
    }
  }

  func testResumeTakesUpTheFitOnAllRows() throws {
    try withLargeTableFolder { folder in
      let path = folder + "/t.csv"
      try TableWriter.write(purchases(rows: 12_000, seed: 10), to: path)
      let request = purchasesRequest(path, memory: 900_000, candidates: 2)
      let first = try TrainingRun(request: request, output: folder + "/out").execute()
      let pieces = try FileManager.default.contentsOfDirectory(atPath: folder + "/out/.candidates")
      let kept = folder + "/out/.candidates/" + (try XCTUnwrap(pieces.first { $0.contains("on-all-rows") }))
      let before = try FileAccess.read(kept)
      var told: [String] = []
      let second = try TrainingRun(request: request, output: folder + "/out", resumes: true).execute {
        told.append($0.text)
      }
      XCTAssertEqual(try FileAccess.read(kept), before)
      XCTAssertFalse(told.contains { $0.hasPrefix("growing trees") }, "\(told)")
      XCTAssertEqual(second.problem.trainingRows, first.problem.trainingRows)
    }
  }

  func testInterruptedFitIsReported() throws {
    try withLargeTableFolder { folder in
      let path = folder + "/t.csv"
      try TableWriter.write(purchases(rows: 12_000, seed: 11), to: path)
      for moment in ["1 candidate,", "growing trees"] {
        let interruption = Interruption()
        let results = try TrainingRun(
          request: purchasesRequest(path, memory: 900_000, candidates: 2), output: folder + "/" + moment,
          interruption: interruption
        ).execute { if $0.text.hasPrefix(moment) { interruption.request() } }
        XCTAssertTrue(results.run.wasInterrupted)
        XCTAssertFalse(results.leaderboard.contains { $0.name.hasSuffix("on all rows") }, moment)
        XCTAssertTrue(results.limits.contains { $0.contains("all rows") }, "\(results.limits)")
      }
    }
  }
}
