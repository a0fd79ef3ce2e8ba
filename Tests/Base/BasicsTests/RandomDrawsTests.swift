import Basics
import Checks
import Foundation
import XCTest

final class RandomDrawsTests: XCTestCase {
  /// Checks mean and variance of draws within five standard errors; the error of the variance follows from the fourth
  /// central moment.
  private func check(
    _ name: String, mean: Double, variance: Double, fourth: Double, file: StaticString = #filePath, line: UInt = #line,
    _ draw: (inout RandomStream) -> Double
  ) {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["draws"].stream()
      let count = 40_000
      let values = (0..<count).map { _ in draw(&random) }
      let found = values.reduce(0, +) / Double(count)
      let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      XCTAssertEqual(
        found, mean, accuracy: 5 * (variance / Double(count)).squareRoot(), "\(name), seed \(seed)", file: file,
        line: line)
      XCTAssertEqual(
        spread, variance, accuracy: 5 * ((fourth - variance * variance) / Double(count)).squareRoot(),
        "\(name), seed \(seed)", file: file, line: line)
    }
  }

  func testPoissonMoments() {
    for mean in [0.1, 1, 9.99, 10, 12.5, 60, 2_000] {
      check("Poisson \(mean)", mean: mean, variance: mean, fourth: mean * (1 + 3 * mean)) {
        Double($0.poisson(mean: mean))
      }
    }
  }

  /// The frequencies of single counts, on both sides of the change of method.
  func testPoissonProbabilities() {
    for mean in [4.0, 15] {
      var random = RandomKey(seed: 5)["Poisson"].stream()
      let count = 200_000
      var frequencies = [Int](repeating: 0, count: 200)
      for _ in 0..<count { frequencies[random.poisson(mean: mean)] += 1 }
      var probability = exp(-mean)
      for k in 0..<40 {
        let expected = probability * Double(count)
        XCTAssertEqual(
          Double(frequencies[k]), expected, accuracy: 5 * expected.squareRoot() + 3, "\(k) at mean \(mean)")
        probability *= mean / Double(k + 1)
      }
    }
  }

  func testPoissonOfNothing() {
    var random = RandomKey(seed: 1).stream()
    XCTAssertEqual(random.poisson(mean: 0), 0)
    XCTAssertEqual(random.poisson(mean: -1), 0)
  }

  func testGammaMoments() {
    for (shape, scale) in [(0.2, 1.0), (0.9, 3), (1, 1), (4.5, 0.5), (150, 2)] {
      let variance = shape * scale * scale
      let fourth = 3 * shape * (shape + 2) * pow(scale, 4)
      check("gamma \(shape)", mean: shape * scale, variance: variance, fourth: fourth) {
        $0.gamma(shape: shape, scale: scale)
      }
    }
  }

  func testExponentialMoments() {
    check("exponential", mean: 3, variance: 9, fourth: 9 * 81) { $0.exponential(mean: 3) }
  }

  func testChoicesFollowWeights() {
    var random = RandomKey(seed: 9).stream()
    var counts = [0, 0, 0, 0]
    for _ in 0..<40_000 { counts[random.choose([0, 1, 2, 3], weights: [1, 0, 2, 5])] += 1 }
    XCTAssertEqual(counts[1], 0)
    for (choice, share) in [(0, 0.125), (2, 0.25), (3, 0.625)] {
      // Five standard errors of a share are below 0.0122.
      XCTAssertEqual(Double(counts[choice]) / 40_000, share, accuracy: 0.0122)
    }
    let seen = Set((0..<200).map { _ in random.choose(["a", "b", "c"]) })
    XCTAssertEqual(seen, ["a", "b", "c"])
  }
}
