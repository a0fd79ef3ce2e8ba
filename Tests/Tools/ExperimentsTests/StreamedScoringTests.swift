import Basics
import Checks
import Experiments
import Tables
import XCTest

/// Models that have to keep up with a stream of rows.
final class StreamedScoringTests: XCTestCase {
  /// The families that a search of 14 candidates on a small table tries.
  private func families(scoresStreams: Bool) throws -> Set<String> {
    var random = RandomKey(seed: 5).stream()
    let x = (0..<300).map { _ in random.normal() }
    let table = try Table([Column("x", .float(x)), Column("y", .float(x.map { 2 * $0 + 0.3 * random.normal() }))])
    return try withTemporaryFolder { folder in
      try TableWriter.write(table, to: folder + "/t.csv")
      var request = TrainingRequest(data: folder + "/t.csv", target: "y")
      request.scoresStreams = scoresStreams
      request.candidateLimit = 14
      request.budget = 60
      request.threads = 2
      return Set(try TrainingRun(request: request, output: folder + "/out").execute().leaderboard.map(\.family))
    }
  }

  func testCandidatesThatReadTheTrainingRowsAreLeftOut() throws {
    let slow: Set<String> = ["neighbours", "Gaussian process"]
    XCTAssertTrue(try families(scoresStreams: false).isSuperset(of: slow))
    let kept = try families(scoresStreams: true)
    XCTAssertTrue(kept.isDisjoint(with: slow), "\(kept)")
    XCTAssertTrue(kept.isSuperset(of: ["boosting", "linear", "network"]), "\(kept)")
  }
}
