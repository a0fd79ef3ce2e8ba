import Basics
import Evaluation
import XCTest

final class PairedTestsTests: XCTestCase {
  func testStudentDistributionAgainstSciPy() {
    // scipy 1.17.1: 2 * scipy.stats.t.sf(t, df); scipy.stats.t.ppf(0.975, df).
    for (t, degrees, expected) in [
      (2.0, 3.0, 0.13932596855884305), (0.1, 9, 0.9225364479566812), (5.5, 29, 6.326920528273323e-06), (1, 1, 0.5),
    ] {
      XCTAssertEqual(studentTwoSided(t, degrees: degrees), expected, accuracy: 1e-10 * max(expected, 1e-3))
    }
    XCTAssertEqual(studentQuantile(level: 0.95, degrees: 4), 2.7764451051977987, accuracy: 1e-9)
    XCTAssertEqual(studentQuantile(level: 0.95, degrees: 1), 12.706204736432095, accuracy: 1e-8)
  }

  func testCorrectedResampledTByHand() {
    let first = [0.30, 0.32, 0.29, 0.31, 0.33]
    let second = [0.33, 0.34, 0.33, 0.32, 0.36]
    let outcome = PairedTests.correctedResampledT(.logLoss, first: first, second: second, testToTraining: 0.25)
    // Differences 0.03, 0.02, 0.04, 0.01, 0.03: mean 0.026, variance 0.00013, t = 0.026 / sqrt(0.45 * 0.00013).
    XCTAssertEqual(outcome.estimate.value, 0.026, accuracy: summationTolerance)
    XCTAssertEqual(outcome.estimate.lower, 0.026 - 2.7764451051977987 * (0.45 * 0.00013).squareRoot(), accuracy: 1e-9)
    XCTAssertEqual(outcome.effectSize, 0.026 / 0.00013.squareRoot(), accuracy: 1e-9)
    XCTAssertEqual(outcome.verdict, .better)
    XCTAssertEqual(outcome.pValue, 0.0272938, accuracy: 1e-6)
    let auc = PairedTests.correctedResampledT(.rocAUC, first: first, second: second, testToTraining: 0.25)
    XCTAssertEqual(auc.verdict, .worse)
    let same = PairedTests.correctedResampledT(.rocAUC, first: first, second: first, testToTraining: 0.25)
    XCTAssertEqual(same.verdict, .noDifference)
    XCTAssertEqual(same.pValue, 1)
    XCTAssertEqual(
      PairedTests.correctedResampledT(.rocAUC, first: [1], second: [0], testToTraining: 1).verdict, .noDifference)
  }

  func testMcNemarAgainstTheBinomialTest() {
    // scipy.stats.binomtest(5, 20).pvalue, binomtest(1, 9).pvalue.
    XCTAssertEqual(PairedTests.mcNemar(onlyFirstRight: 5, onlySecondRight: 15), 0.04138946533203125, accuracy: 1e-12)
    XCTAssertEqual(PairedTests.mcNemar(onlyFirstRight: 8, onlySecondRight: 1), 0.0390625, accuracy: 1e-12)
    XCTAssertEqual(PairedTests.mcNemar(onlyFirstRight: 0, onlySecondRight: 0), 1)
    XCTAssertEqual(PairedTests.mcNemar(onlyFirstRight: 7, onlySecondRight: 7), 1)
  }

  func testSignedRanksAgainstSciPy() {
    // scipy.stats.wilcoxon(d, method="exact").pvalue.
    let d = [1.1, -0.4, 2.3, 0.7, 3.1, -1.2, 0.9, 1.8, 2.6, -0.2]
    XCTAssertEqual(PairedTests.wilcoxonSignedRank(d), 0.064453125, accuracy: 1e-12)
    // With ties: wilcoxon([1, 1, -1, 2, 3, 2, -2, 4, 5, 0], method="asymptotic", correction=False).pvalue.
    XCTAssertEqual(
      PairedTests.wilcoxonSignedRank([1, 1, -1, 2, 3, 2, -2, 4, 5, 0]), 0.06441379032463135, accuracy: 1e-12)
    XCTAssertEqual(PairedTests.wilcoxonSignedRank([0, 0]), 1)
  }

  func testHolmByHand() {
    XCTAssertEqual(PairedTests.holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    XCTAssertEqual(PairedTests.holm([0.9, 0.8]), [1, 1])
    XCTAssertEqual(PairedTests.holm([]), [])
  }
}
