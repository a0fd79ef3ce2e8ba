import Basics
import Checks
import Evaluation
import Experiments
import Foundation
import XCTest

final class EnsembleTests: XCTestCase {
  /// Two candidates with independent errors of equal size deserve equal weights, and their mean has half the variance.
  func testEqualCandidatesGetEqualWeights() {
    for seed in checkSeeds {
      let (labels, candidates) = noisy([1, 1], rows: 4000, seed: seed)
      let ensemble = Ensemble(candidates: candidates, labels: labels, task: .regression, metric: .rmse)
      XCTAssertEqual(ensemble.weights[0], 0.5, accuracy: 0.06)
      XCTAssertEqual(ensemble.score, 0.5.squareRoot(), accuracy: 0.03)
    }
  }

  func testUselessCandidatesAreLeftOut() {
    for seed in checkSeeds {
      let (labels, candidates) = noisy([1, 1, 30, 40], rows: 2000, seed: seed)
      let ensemble = Ensemble(candidates: candidates, labels: labels, task: .regression, metric: .rmse)
      XCTAssertEqual(ensemble.weights[2...].reduce(0, +), 0, "seed \(seed)")
      XCTAssertEqual(ensemble.weights.reduce(0, +), 1, accuracy: 1e-12)
    }
  }

  /// A weak candidate helps, but by less than a fiftieth of what the ensemble gains: it is not worth its time.
  func testMembersThatBringNextToNothingAreDropped() {
    for seed in checkSeeds {
      let (labels, candidates) = noisy([1, 1, 9], rows: 20_000, seed: seed)
      let all = Ensemble(candidates: candidates, labels: labels, task: .regression, metric: .rmse, dispensable: 0)
      let kept = Ensemble(candidates: candidates, labels: labels, task: .regression, metric: .rmse)
      XCTAssertLessThanOrEqual(all.score, kept.score)
      XCTAssertEqual(kept.weights[2], 0, "seed \(seed)")
      XCTAssertLessThan(kept.score - all.score, 0.02 * (1 - all.score) * 1.1, "seed \(seed)")
    }
  }

  func testThreadsDoNotChangeWeights() {
    let (labels, candidates) = noisy([1, 2, 3, 2, 1], rows: 500, seed: 3)
    let one = Ensemble(candidates: candidates, labels: labels, task: .regression, metric: .rmse)
    for threads in 2...4 {
      let more = Ensemble(candidates: candidates, labels: labels, task: .regression, metric: .rmse, threads: threads)
      XCTAssertEqual(more.weights, one.weights)
    }
  }

  /// No more members than allowed, however many help.
  func testMemberLimitHolds() {
    let (labels, candidates) = noisy(Array(repeating: 1, count: 9), rows: 3000, seed: 8)
    let ensemble = Ensemble(
      candidates: candidates, labels: labels, task: .regression, metric: .rmse, memberLimit: 4, dispensable: 0)
    XCTAssertEqual(ensemble.weights.count { $0 > 0 }, 4)
  }

  /// On few positives a ranking metric has noise that weak candidates seem to mend; they take no part.
  func testWeakCandidatesTakeNoPart() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["weak"].stream()
      let labels = (0..<4000).map { $0 % 100 == 0 ? 1.0 : 0 }
      func candidate(_ signal: Double) -> Predictions {
        Predictions(labels.map { 1 / (1 + exp(4 - signal * $0 - stream.normal())) }, width: 1)
      }
      let candidates = [candidate(4)] + (0..<30).map { _ in candidate(0.5) }
      let ensemble = Ensemble(
        candidates: candidates, labels: labels, task: .classification(classes: ["0", "1"]), metric: .prAUC)
      XCTAssertEqual(ensemble.weights[0], 1, "seed \(seed)")
    }
  }

  /// Labels with candidates that miss them by normal errors of the given deviations.
  private func noisy(_ deviations: [Double], rows: Int, seed: UInt64) -> ([Double], [Predictions]) {
    var stream = RandomKey(seed: seed)["ensemble"].stream()
    let labels = (0..<rows).map { _ in 10 * stream.normal() }
    let candidates = deviations.map { deviation in
      Predictions(labels.map { $0 + deviation * stream.normal() }, width: 1)
    }
    return (labels, candidates)
  }
}
