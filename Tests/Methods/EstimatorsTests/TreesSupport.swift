import Basics
import Estimators
import Evaluation
import Foundation
import XCTest

/// Single-precision leaf sums and scores.
let treeTolerance = 1e-5

let twoClasses = LearningTask.classification(classes: ["no", "yes"])

/// Training data from dense columns.
func trainingData(
  _ columns: [[Float]], _ labels: [Double], task: LearningTask = .regression, weights: [Double]? = nil,
  groups: [Int]? = nil, levels: [Int: Int] = [:]
) -> TrainingData {
  let features = columns.indices.map {
    Feature("x\($0 + 1)", kind: levels[$0].map { .categorical(levels: $0) } ?? .numeric)
  }
  return TrainingData(
    features: FeatureMatrix(features: features, columns: columns.map { .dense($0) }, rowCount: labels.count),
    task: task, labels: labels, weights: weights, groups: groups)
}

/// Fits and casts to the tree model.
func fitTrees(
  _ estimator: any Estimator, _ data: TrainingData, seed: UInt64 = 7, threads: Int = 1,
  validation: TrainingData? = nil
) throws -> TreeEnsemble {
  let context = FitContext(key: RandomKey(seed: seed), threads: threads, validation: validation)
  return try XCTUnwrap(try estimator.fit(data, context: context) as? TreeEnsemble)
}

/// One tree of a few leaves, not shrunk.
func oneTree(_ objective: Objective? = nil, leaves: Int = 2) -> Boosting {
  Boosting(
    objective: objective, trees: 1, leaves: leaves, learningRate: 1, minimumChildWeight: 0, minimumChildRows: 1)
}

/// Simulated rows with missing values and a nonlinear signal; the last column is a code of 12 levels.
func simulatedData(
  rows: Int, seed: UInt64, task: LearningTask = .regression, withMissing: Bool = true
) -> TrainingData {
  var stream = RandomKey(seed: seed).stream()
  var columns = [[Float]](repeating: [], count: 6)
  var labels: [Double] = []
  for _ in 0..<rows {
    let x = (0..<5).map { _ in stream.normal() }
    let level = stream.integer(below: 12)
    let signal =
      x[0] * x[1] + sin(2 * x[2]) + (x[3] > 0.5 ? 1.5 : 0) + [0, 2, -1, 0.5][level % 4] + 0.3 * stream.normal()
    for k in 0..<5 {
      columns[k].append(withMissing && k == 1 && stream.uniform() < 0.1 ? .nan : Float(x[k]))
    }
    columns[5].append(Float(level))
    switch task.width {
    case 1: labels.append(signal)
    case 2: labels.append(signal > 0.7 ? 1 : 0)
    default: labels.append(Double(min(max(Int(signal + 1.5), 0), task.width - 1)))
    }
  }
  return trainingData(columns, labels, task: task, levels: [5: 12])
}

/// Asserts that numbers agree one by one.
func assertClose(
  _ left: [Double], _ right: [Double], accuracy: Double = treeTolerance, _ message: String = "",
  file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(left.count, right.count, message, file: file, line: line)
  for (index, pair) in zip(left, right).enumerated() {
    XCTAssertEqual(pair.0, pair.1, accuracy: accuracy, "\(message) at \(index)", file: file, line: line)
  }
}
