import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

/// One tree on a few rows, against values worked out by hand.
final class TreesObjectiveTests: XCTestCase {
  private let six: [[Float]] = [[1, 2, 3, 4, 5, 6]]

  private func predictions(_ objective: Objective?, _ labels: [Double]) throws -> [Double] {
    let data = trainingData(six, labels)
    return try fitTrees(oneTree(objective), data).predict(data.features, threads: 1).values
  }

  func testSquaredPredictsMeans() throws {
    assertClose(try predictions(nil, [0, 1, 2, 10, 11, 12]), [1, 1, 1, 11, 11, 11])
  }

  func testSquaredKeepsDigitsOfLargeLabels() throws {
    let labels = [0.0, 1, 2, 10, 11, 12].map { $0 + 1e9 }
    assertClose(try predictions(.squared, labels), [1, 1, 1, 11, 11, 11].map { $0 + 1e9 })
  }

  func testAbsolutePredictsMedians() throws {
    assertClose(try predictions(.absolute, [0, 1, 5, 10, 11, 30]), [1, 1, 1, 11, 11, 11])
  }

  func testQuantile() throws {
    // Base 11; gradients 1/4 for labels up to 11 and -3/4 for 30, so 30 is set apart; the 3/4 quantile of the rest is 10.
    assertClose(try predictions(.quantile(level: 0.75), [0, 1, 2, 10, 11, 30]), [10, 10, 10, 10, 10, 30])
  }

  func testHuber() throws {
    // Medians 1 and 11; the residuals about them, clipped at 1, are (-1, 0, 1) and (-1, 0, 1), then (-0.5, 0, 1).
    assertClose(try predictions(.huber(delta: 1), [0, 1, 2, 10, 11, 30]), [1, 1, 1, 11, 11, 11])
    let skewed = 11 + 0.5 / 3
    assertClose(try predictions(.huber(delta: 1), [0, 1, 2, 10.5, 11, 30]), [1, 1, 1, skewed, skewed, skewed])
  }

  func testPoisson() throws {
    // Mean 3. Left: G = 3 (3 - 1), H = 9 e^0.7; right the negative.
    let step = 6 / (9 * exp(0.7))
    let (low, high) = (3 * exp(-step), 3 * exp(step))
    assertClose(try predictions(.poisson, [1, 1, 1, 5, 5, 5]), [low, low, low, high, high, high])
  }

  func testTweedie() throws {
    // Mean 3, power 1.5: g = sqrt(3) - y / sqrt(3), h = (sqrt(3) + y / sqrt(3)) / 2.
    let root = 3.0.squareRoot()
    func value(_ y: Double) -> Double { 3 * exp(-(root - y / root) / (0.5 * root + 0.5 * y / root)) }
    let expected = [1.0, 1, 1, 5, 5, 5].map(value)
    assertClose(try predictions(.tweedie(power: 1.5), [1, 1, 1, 5, 5, 5]), expected)
  }

  func testLogistic() throws {
    // Share 1/4. Rows 1...3: G = 0.75, H = 9/16; row 4: G = -0.75, H = 3/16.
    let data = trainingData([[1, 2, 3, 4]], [0, 0, 0, 1], task: twoClasses)
    let model = try fitTrees(oneTree(), data)
    let base = log(1.0 / 3)
    let low = base - 4.0 / 3
    assertClose(model.margins(data.features, threads: 1).values, [low, low, low, base + 4])
    let p = 1 / (1 + exp(-low))
    assertClose(Array(model.predict(data.features, threads: 1).values[0..<2]), [1 - p, p])
  }

  func testSoftmax() throws {
    // Three equal classes: p = 1/3, h = 3/2 * 2/9 = 1/3. The tree of a class sets its two rows apart.
    let task = LearningTask.classification(classes: ["a", "b", "c"])
    let data = trainingData([[1, 1, 2, 2, 3, 3]], [0, 0, 1, 1, 2, 2], task: task)
    let model = try fitTrees(oneTree(leaves: 3), data)
    XCTAssertEqual(model.treeCount, 3)
    let own = log(1.0 / 3) + 2
    let other = log(1.0 / 3) - 1
    let margins = model.margins(data.features, threads: 1)
    assertClose(margins.values, [0, 0, 1, 1, 2, 2].flatMap { k in (0..<3).map { $0 == k ? own : other } })
    let all = model.predict(data.features, threads: 1)
    XCTAssertEqual(all[0, 0], 1 / (1 + 2 * exp(-3)), accuracy: treeTolerance)
  }

  func testLambdaRankRaisesNDCG() throws {
    for seed in [1, 7, 2026] as [UInt64] {
      var stream = RandomKey(seed: seed).stream()
      var columns: [[Float]] = [[], [], []]
      var labels: [Double] = []
      var groups: [Int] = []
      for query in 0..<120 {
        for _ in 0..<15 {
          let x = (0..<3).map { _ in stream.normal() }
          for k in 0..<3 { columns[k].append(Float(x[k])) }
          labels.append(Double(min(max(Int(x[0] + x[1] * x[1] + 0.5 * stream.normal()), 0), 4)))
          groups.append(query)
        }
      }
      let data = trainingData(columns, labels, groups: groups)
      let model = try fitTrees(
        Boosting(objective: .lambdaRank(truncation: 10), trees: 30, leaves: 7, minimumChildRows: 5), data)
      let scores = model.predict(data.features, threads: 1).values
      let before = meanNDCG([Double](repeating: 0, count: labels.count), labels, groups)
      let after = meanNDCG(scores, labels, groups)
      XCTAssertGreaterThan(after, before + 0.2, "seed \(seed)")
      XCTAssertGreaterThan(after, 0.85, "seed \(seed)")
    }
  }

  private func meanNDCG(_ scores: [Double], _ labels: [Double], _ groups: [Int]) -> Double {
    func gain(_ rows: [Int]) -> Double {
      rows.prefix(10).enumerated().reduce(0) { $0 + (exp2(labels[$1.element]) - 1) / log2(Double($1.offset) + 2) }
    }
    let queries = Dictionary(grouping: labels.indices) { groups[$0] }.values
    let gains = queries.map { rows -> Double in
      let ideal = gain(rows.sorted { labels[$0] > labels[$1] })
      return ideal > 0 ? gain(rows.sorted { (scores[$0], $1) > (scores[$1], $0) }) / ideal : 1
    }
    return gains.reduce(0, +) / Double(gains.count)
  }

  func testEveryObjectiveLowersItsLoss() throws {
    let data = simulatedData(rows: 800, seed: 3)
    let counts = data.labels.map { max(0, ($0 + 2).rounded()) }
    func loss(_ objective: Objective, trees: Int) throws -> Double {
      let labels: [Double]
      switch objective {
      case .poisson, .tweedie: labels = counts
      default: labels = data.labels
      }
      var training = data
      training.labels = labels
      let predicted = try fitTrees(Boosting(objective: objective, trees: trees, leaves: 7), training)
        .predict(data.features, threads: 1).values
      return zip(predicted, labels).reduce(0) { $0 + pointLoss(objective, $1.0, $1.1) } / Double(labels.count)
    }
    for objective in [
      .squared, .absolute, .quantile(level: 0.2), .huber(delta: 0.5), .poisson, .tweedie(power: 1.3),
    ] as [Objective] {
      XCTAssertLessThan(try loss(objective, trees: 40), 0.8 * (try loss(objective, trees: 1)), "\(objective)")
    }
  }

  /// Losses that are 0 at a perfect prediction.
  private func pointLoss(_ objective: Objective, _ p: Double, _ y: Double) -> Double {
    switch objective {
    case .absolute: return abs(p - y)
    case .quantile(let level): return y > p ? level * (y - p) : (1 - level) * (p - y)
    case .huber(let delta): return abs(p - y) < delta ? (p - y) * (p - y) / 2 : delta * (abs(p - y) - delta / 2)
    case .poisson: return p - y + (y > 0 ? y * log(y / p) : 0)
    case .tweedie(let power):
      return pow(y, 2 - power) / ((1 - power) * (2 - power)) - y * pow(p, 1 - power) / (1 - power)
        + pow(p, 2 - power) / (2 - power)
    default: return (p - y) * (p - y)
    }
  }
}
