import Basics
import Estimators
import Evaluation
import Foundation

/// A small simulated problem with every kind of column: numeric, missing, sparse, categorical, constant.
struct ContractProblem {
  let name: String
  let data: TrainingData
  let test: FeatureMatrix
  let testLabels: [Double]

  static let regression = ContractProblem("regression", task: .regression)
  static let binary = ContractProblem("two classes", task: .classification(classes: ["no", "yes"]))
  static let multiclass = ContractProblem("three classes", task: .classification(classes: ["a", "b", "c"]))

  static func all(for member: ContractMember) -> [ContractProblem] {
    [regression, binary, multiclass].filter { $0.isLearned(by: member) }
  }

  func isLearned(by member: ContractMember) -> Bool {
    switch data.task {
    case .regression: member.learnsRegression
    case .classification(let classes): member.learnsClasses && (classes.count == 2 || member.learnsManyClasses)
    }
  }

  /// What counts as large in a prediction.
  var scale: Double { data.task == .regression ? 10 : 1 }

  private init(_ name: String, task: LearningTask, rows: Int = 240) {
    self.name = name
    var stream = RandomKey(seed: 5)[name].stream()
    let all = rows + 60
    var a: [Float] = []
    var b: [Float] = []
    var sparse: [Float] = []
    var level: [Float] = []
    var labels: [Double] = []
    for row in 0..<all {
      let x = stream.normal()
      let y = 50 + 20 * stream.normal()
      let s = stream.uniform() < 0.2 ? 1 + stream.uniform() : 0
      let l = stream.integer(below: 3)
      a.append(row % 9 == 4 ? .nan : Float(x))
      b.append(Float(y))
      sparse.append(Float(s))
      level.append(row % 13 == 5 ? .nan : Float(l))
      let signal = 3 * x + 0.05 * (y - 50) + 1.5 * s + Double(l - 1) * 2
      switch task {
      case .regression: labels.append(10 + signal + 0.3 * stream.normal())
      case .classification(let classes):
        let noisy = signal + 0.5 * stream.normal()
        let cuts = classes.count == 2 ? [0.4] : [-1.5, 2]
        labels.append(Double(cuts.filter { noisy > $0 }.count))
      }
    }
    let stored = sparse.indices.filter { sparse[$0] != 0 }
    let matrix = FeatureMatrix(
      features: [
        Feature("signal"), Feature("amount"), Feature("count"), Feature("group", kind: .categorical(levels: 4)),
        Feature("constant"),
      ],
      columns: [
        .dense(a), .dense(b), .sparse(rows: stored.map(Int32.init), values: stored.map { sparse[$0] }),
        .dense(level), .dense(Array(repeating: 7, count: all)),
      ],
      rowCount: all)
    data = TrainingData(
      features: matrix.selecting(rows: Array(0..<rows)), task: task, labels: Array(labels[..<rows]))
    test = matrix.selecting(rows: Array(rows..<all))
    testLabels = Array(labels[rows...])
  }

  /// The mean log loss, or the mean squared error, on the test rows.
  func loss(of model: any Model) -> Double {
    let predictions = model.predict(test, threads: 1)
    let losses = testLabels.indices.map { row -> Double in
      data.task == .regression
        ? (predictions[row, 0] - testLabels[row]) * (predictions[row, 0] - testLabels[row])
        : -log(max(predictions[row, Int(testLabels[row])], 1e-15))
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// Predictions from what a model with the task's usual link says.
  func inverseLink(_ margins: [Double]) -> [Double] {
    if data.task == .regression { return margins }
    if margins.count == 1 { return [1 / (1 + exp(margins[0])), 1 / (1 + exp(-margins[0]))] }
    let total = margins.reduce(0) { $0 + exp($1) }
    return margins.map { exp($0) / total }
  }

  /// Tables that are legal and unusual.
  func awkward() -> [(String, TrainingData)] {
    var result: [(String, TrainingData)] = []
    func add(_ name: String, _ change: (inout TrainingData) -> Void) {
      var changed = data
      change(&changed)
      result.append((name, changed))
    }
    func replacing(_ feature: Int, _ values: FeatureValues, in matrix: FeatureMatrix) -> FeatureMatrix {
      var columns = matrix.columns
      columns[feature] = values
      return FeatureMatrix(features: matrix.features, columns: columns, rowCount: matrix.rowCount)
    }
    let rows = data.rowCount
    result.append(("one row", data.selecting(rows: [3])))
    result.append(("two rows", data.selecting(rows: [3, 4])))
    result.append(("seven rows", data.selecting(rows: [0, 5, 10, 15, 20, 25, 30])))
    result.append(("one row many times", data.selecting(rows: Array(repeating: 6, count: 40))))
    add("column all missing") {
      $0.features = replacing(0, .dense(Array(repeating: .nan, count: rows)), in: $0.features)
    }
    add("category all missing") {
      $0.features = replacing(3, .dense(Array(repeating: .nan, count: rows)), in: $0.features)
    }
    add("everything constant") { data in
      let columns = data.features.columns.map { _ in FeatureValues.dense(Array(repeating: 1, count: rows)) }
      data.features = FeatureMatrix(features: data.features.features, columns: columns, rowCount: rows)
    }
    add("empty sparse column") { $0.features = replacing(2, .sparse(rows: [], values: []), in: $0.features) }
    add("huge and tiny numbers") { data in
      let huge = data.features.dense(1).enumerated().map { $0.offset % 2 == 0 ? $0.element * 1e30 : $0.element * 1e-30 }
      data.features = replacing(1, .dense(huge), in: data.features)
    }
    add("far from zero") { data in
      data.features = replacing(1, .dense(data.features.dense(1).map { $0 + 1e6 }), in: data.features)
    }
    add("no features") { $0.features = FeatureMatrix(features: [], columns: [], rowCount: rows) }
    add("weights of zero") { $0.weights = (0..<rows).map { $0 < 20 ? 0 : 1 } }
    add("constant label") { $0.labels = Array(repeating: 1, count: rows) }
    if data.task.width > 2 {
      add("class without rows") { $0.labels = $0.labels.map { $0 == 1 ? 0 : $0 } }
    }
    return result
  }
}
