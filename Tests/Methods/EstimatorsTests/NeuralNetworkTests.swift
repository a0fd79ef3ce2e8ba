import Basics
import Checks
import Estimators
import Evaluation
import XCTest

final class NeuralNetworkTests: XCTestCase {
  /// Relative; single precision and a central difference over a step of 2e-3 to 1e-2 along a unit direction.
  static let gradientTolerance = 5e-3

  /// The gradient in a random direction against finite differences, through dropout, learned vectors and weights.
  func testGradientEqualsFiniteDifferences() throws {
    for activation in [NeuralNetwork.Activation.silu, .relu] {
      for problem in [ContractProblem.regression, .binary, .multiclass] {
        for seed in checkSeeds {
          var network = NeuralNetwork()
          network.hiddenWidths = [12, 7]
          network.activation = activation
          network.dropout = 0.2
          let context = FitContext(key: RandomKey(seed: seed))
          var data = withManyLevels(problem.data)
          data.weights = (0..<data.rowCount).map { 0.5 + Double($0 % 4) }
          let objective = try NetworkObjective(network, data, context: context)
          var stream = RandomKey(seed: seed)["direction"].stream()
          let parameters = objective.initialParameters(context: context).map { $0 + Float(0.1 * stream.normal()) }
          // The gradient with random weights: every part counts, and the slope is not lost in rounding.
          let gradient = objective.gradient(parameters)
          var direction = gradient.map { Double($0) * stream.uniform() }
          let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
          direction = direction.map { $0 / length }
          // A kink of the rectifier inside the step would spoil the difference.
          let step = activation == .relu ? 2e-3 : 1e-2
          func loss(_ sign: Double) -> Double {
            objective.loss(zip(parameters, direction).map { $0 + Float(sign * step * $1) })
          }
          let difference = (loss(1) - loss(-1)) / (2 * step)
          let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * $1.1 }
          XCTAssertEqual(
            slope / difference, 1, accuracy: Self.gradientTolerance, "\(problem.name), \(activation), seed \(seed)")
        }
      }
    }
  }

  func testLearnsWhatNoLinearModelCan() throws {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      let x = (0..<2).map { _ in (0..<600).map { _ in Float(2 * stream.uniform() - 1) } }
      let labels = (0..<600).map { (x[0][$0] > 0) == (x[1][$0] > 0) ? 1.0 : 0.0 }
      let data = TrainingData(
        features: FeatureMatrix(dense: x), task: .classification(classes: ["0", "1"]), labels: labels)
      var network = NeuralNetwork()
      network.hiddenWidths = [32, 16]
      network.members = 2
      let train = data.selecting(rows: Array(0..<400))
      let test = data.selecting(rows: Array(400..<600))
      let predictions = try network.fit(train, context: FitContext(key: RandomKey(seed: seed), threads: 2))
        .predict(test.features, threads: 2)
      let right = (0..<200).count { (predictions[$0, 1] > 0.5) == (test.labels[$0] == 1) }
      XCTAssertGreaterThan(right, 185, "seed \(seed)")
    }
  }

  func testLearnsVectorsOfManyLevels() throws {
    var stream = RandomKey(seed: 4).stream()
    let levels = 40
    let effects = (0..<levels).map { _ in stream.normal() }
    let codes = (0..<2000).map { _ in Float(stream.integer(below: levels)) }
    let data = TrainingData(
      features: FeatureMatrix(
        features: [Feature("level", kind: .categorical(levels: levels))], columns: [.dense(codes)], rowCount: 2000),
      task: .regression, labels: codes.map { effects[Int($0)] + 0.05 * stream.normal() })
    var network = NeuralNetwork()
    network.hiddenWidths = [32]
    network.members = 1
    let model = try network.fit(data, context: FitContext(key: RandomKey(seed: 1)))
    let predictions = model.predict(data.features, threads: 1)
    let error = (0..<2000).reduce(0.0) { $0 + pow(predictions[$1, 0] - effects[Int(codes[$1])], 2) } / 2000
    XCTAssertLessThan(error.squareRoot(), 0.2)
  }

  func testValidationDataStopTheTraining() throws {
    // Labels without any signal: with validation data the best state is near the start.
    var stream = RandomKey(seed: 6).stream()
    let x = (0..<10).map { _ in (0..<300).map { _ in Float(stream.normal()) } }
    let data = TrainingData(
      features: FeatureMatrix(dense: x), task: .classification(classes: ["0", "1"]),
      labels: (0..<300).map { _ in stream.uniform() < 0.5 ? 1 : 0 })
    var context = FitContext(key: RandomKey(seed: 1))
    context.validation = data.selecting(rows: Array(200..<300))
    var network = NeuralNetwork()
    network.hiddenWidths = [64]
    network.members = 2
    let predictions = try network.fit(data.selecting(rows: Array(0..<200)), context: context)
      .predict(data.selecting(rows: Array(200..<300)).features, threads: 1)
    let loss = (0..<100).reduce(0.0) { $0 - log(predictions[$1, Int(data.labels[200 + $1])]) } / 100
    XCTAssertLessThan(loss, 0.72)
  }

  /// The problem's data with a category of 12 levels more, so that a learned vector takes part.
  private func withManyLevels(_ data: TrainingData) -> TrainingData {
    let features = data.features
    var result = data
    result.features = FeatureMatrix(
      features: features.features + [Feature("many", kind: .categorical(levels: 12))],
      columns: features.columns + [.dense((0..<features.rowCount).map { Float($0 * 7 % 12) })],
      rowCount: features.rowCount)
    return result
  }
}
