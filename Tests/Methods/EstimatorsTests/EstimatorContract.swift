import Basics
import Checks
import Estimators
import Evaluation
import XCTest

/// An estimator under the contract, with what it promises beyond the common part.
struct ContractMember {
  let name: String
  /// A small configuration, quick to fit.
  let estimator: any Estimator
  /// The same method with a parameter out of its range.
  let invalid: (any Estimator)?
  var learnsRegression = true
  var learnsClasses = true
  /// Two classes and more than two.
  var learnsManyClasses = true
  /// A row of weight 2 counts as that row twice, to within rounding.
  var weightsAreRepeats = true
  /// Its contributions add up to the argument of the task's usual inverse link; else to the prediction itself.
  var contributesBeforeLink = true
  /// It learns something from the features.
  var beatsPrior = true
}

/// The estimators under the contract: a new one gets its tests by a line here.
let contractMembers: [ContractMember] = [
  ContractMember(name: "prior", estimator: PriorBaseline(), invalid: nil, beatsPrior: false),
  ContractMember(
    name: "one rule", estimator: OneRuleStump(),
    invalid: {
      var stump = OneRuleStump()
      stump.minimumWeight = 0
      return stump
    }()),
  ContractMember(
    name: "elastic net, path", estimator: ElasticNet(), invalid: ElasticNet(l1Ratio: 1.5), weightsAreRepeats: false),
  ContractMember(
    name: "elastic net, fixed",
    estimator: {
      var net = ElasticNet(l1Ratio: 0.5, lambda: 0.01)
      net.tolerance = 1e-12
      return net
    }(), invalid: ElasticNet(l1Ratio: 0.5, lambda: -1)),
  ContractMember(
    name: "nearest neighbours", estimator: NearestNeighbours(), invalid: NearestNeighbours(neighbours: 0),
    weightsAreRepeats: false),
  ContractMember(
    name: "naive Bayes", estimator: NaiveBayes(),
    invalid: {
      var bayes = NaiveBayes()
      bayes.smoothing = 0
      return bayes
    }(), learnsRegression: false),
  ContractMember(
    name: "neural network",
    estimator: {
      var network = NeuralNetwork()
      network.hiddenWidths = [16]
      network.epochs = 30
      network.members = 2
      return network
    }(),
    invalid: {
      var network = NeuralNetwork()
      network.hiddenWidths = []
      return network
    }(), weightsAreRepeats: false),
  ContractMember(
    name: "Gaussian process", estimator: GaussianProcess(),
    invalid: {
      var process = GaussianProcess()
      process.tuningRows = 0
      return process
    }(), learnsClasses: false, weightsAreRepeats: false),
  ContractMember(
    name: "boosting", estimator: Boosting(trees: 15, leaves: 7, minimumChildRows: 1), invalid: Boosting(leaves: 1)),
  ContractMember(
    name: "random forest", estimator: Forest(trees: 15), invalid: Forest(trees: 0), weightsAreRepeats: false,
    contributesBeforeLink: false),
  ContractMember(
    name: "extremely randomised trees", estimator: Forest(kind: .extraTrees, trees: 15), invalid: Forest(trees: 0),
    weightsAreRepeats: false, contributesBeforeLink: false),
]

/// What every estimator promises, checked for all of `contractMembers`.
final class EstimatorContract: XCTestCase {
  static let probabilityTolerance = 1e-9
  static let repeatTolerance = 1e-6

  func testFitTwiceGivesSameBits() throws {
    try forEachMember { member, problem, place in
      XCTAssertEqual(try bits(member, problem), try bits(member, problem), place)
    }
  }

  func testThreadsDoNotChangeBits() throws {
    try forEachMember { member, problem, place in
      let one = try bits(member, problem, threads: 1)
      for threads in 2...4 {
        XCTAssertEqual(try bits(member, problem, threads: threads), one, "\(place), \(threads) threads")
      }
    }
  }

  func testPredictionsFollowTheOrderOfRows() throws {
    try forEachMember { member, problem, place in
      let model = try fit(member, problem.data)
      var stream = RandomKey(seed: 3).stream()
      let order = stream.permutation(of: problem.test.rowCount)
      let direct = model.predict(problem.test, threads: 2).selecting(rows: order)
      XCTAssertEqual(model.predict(problem.test.selecting(rows: order), threads: 2), direct, place)
    }
  }

  func testOneRowAtATimeGivesTheSamePredictions() throws {
    try forEachMember { member, problem, place in
      let model = try fit(member, problem.data)
      let all = model.predict(problem.test, threads: 1)
      for row in [0, 1, problem.test.rowCount - 1] {
        let single = model.predict(problem.test.selecting(rows: [row]), threads: 1)
        XCTAssertEqual(single, all.selecting(rows: [row]), "\(place), row \(row)")
      }
      XCTAssertEqual(model.predict(problem.test.selecting(rows: []), threads: 2).rowCount, 0, place)
    }
  }

  func testPredictionsAreFiniteAndProbabilitiesSumToOne() throws {
    try forEachMember { member, problem, place in
      try checkPredictions(try fit(member, problem.data), problem.test, place)
    }
  }

  func testSavedModelPredictsTheSame() throws {
    try forEachMember { member, problem, place in
      let model = try fit(member, problem.data)
      let loaded = try reload(model)
      XCTAssertEqual(loaded.predict(problem.test, threads: 1), model.predict(problem.test, threads: 1), place)
      XCTAssertEqual(loaded.task, problem.data.task, place)
    }
  }

  func testSavedConfigurationFitsTheSame() throws {
    try forEachMember { member, problem, place in
      let model = try reload(member.estimator).fit(problem.data, context: FitContext(key: RandomKey(seed: 11)))
      let direct = try fit(member, problem.data)
      XCTAssertEqual(model.predict(problem.test, threads: 1), direct.predict(problem.test, threads: 1), place)
    }
  }

  func testBeatsThePriorOnAnEasyProblem() throws {
    try forEachMember { member, problem, place in
      guard member.beatsPrior else { return }
      let prior = try PriorBaseline().fit(problem.data, context: FitContext(key: RandomKey(seed: 1)))
      let learned = problem.loss(of: try fit(member, problem.data))
      XCTAssertLessThan(learned, 0.95 * problem.loss(of: prior), place)
    }
  }

  func testWeightsCountAsRepeatedRows() throws {
    for member in contractMembers where member.weightsAreRepeats {
      for problem in ContractProblem.all(for: member) {
        var weighted = problem.data
        weighted.weights = (0..<weighted.rowCount).map { $0 % 3 == 0 ? 2 : 1 }
        let repeated = problem.data.selecting(
          rows: (0..<problem.data.rowCount).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] })
        let a = try fit(member, weighted).predict(problem.test, threads: 1).values
        let b = try fit(member, repeated).predict(problem.test, threads: 1).values
        let scale = problem.scale
        for (x, y) in zip(a, b) {
          XCTAssertEqual(x, y, accuracy: EstimatorContract.repeatTolerance * scale, "\(member.name), \(problem.name)")
        }
      }
    }
  }

  func testAwkwardTables() throws {
    for member in contractMembers {
      for problem in ContractProblem.all(for: member) {
        for (name, data) in problem.awkward() {
          let place = "\(member.name), \(problem.name), \(name)"
          do {
            let model = try fit(member, data)
            let sameFeatures = problem.test.featureCount == data.features.featureCount
            try checkPredictions(model, sameFeatures ? problem.test : data.features, place)
            XCTAssertEqual(
              try reload(model).predict(data.features, threads: 1), model.predict(data.features, threads: 1), place)
          } catch {
            XCTFail("\(place): \(error)")
          }
        }
      }
    }
  }

  func testUnseenValuesAtPrediction() throws {
    try forEachMember { member, problem, place in
      let model = try fit(member, problem.data)
      let strange = problem.test.features.indices.map { feature -> FeatureValues in
        let values: [Float] = [.nan, 1e30, -1e30, .infinity, 999]
        return .dense((0..<problem.test.rowCount).map { values[($0 + feature) % values.count] })
      }
      let matrix = FeatureMatrix(
        features: problem.test.features, columns: strange, rowCount: problem.test.rowCount)
      let predictions = model.predict(matrix, threads: 1)
      XCTAssertFalse(predictions.values.contains(where: \.isNaN), place)
    }
  }

  func testInfiniteFeatureIsRefusedByName() throws {
    try forEachMember { member, problem, place in
      var columns = problem.data.features.columns
      var values = problem.data.features.dense(1)
      values[4] = .infinity
      columns[1] = .dense(values)
      var data = problem.data
      data.features = FeatureMatrix(
        features: data.features.features, columns: columns, rowCount: data.rowCount)
      XCTAssertThrowsError(try fit(member, data), place) { error in
        XCTAssertEqual((error as? AssayError)?.kind, .data, place)
        XCTAssertTrue("\(error)".contains(data.features.features[1].name), "\(place): \(error)")
      }
    }
  }

  func testMissingLabelAndNoRowsAreRefused() throws {
    try forEachMember { member, problem, place in
      var data = problem.data
      data.labels[2] = .nan
      XCTAssertThrowsError(try fit(member, data), place) { XCTAssertEqual(($0 as? AssayError)?.kind, .data, place) }
      XCTAssertThrowsError(try fit(member, problem.data.selecting(rows: [])), place) {
        XCTAssertEqual(($0 as? AssayError)?.kind, .data, place)
      }
    }
  }

  func testParameterOutOfRangeIsRefused() throws {
    for member in contractMembers {
      guard let invalid = member.invalid, let problem = ContractProblem.all(for: member).first else { continue }
      XCTAssertThrowsError(
        try invalid.fit(problem.data, context: FitContext(key: RandomKey(seed: 1))), member.name
      ) { XCTAssertEqual(($0 as? AssayError)?.kind, .configuration, member.name) }
    }
  }

  func testTaskThatIsNotLearnedIsRefused() throws {
    for member in contractMembers {
      for problem in [ContractProblem.regression, .binary, .multiclass] where !problem.isLearned(by: member) {
        XCTAssertThrowsError(try fit(member, problem.data), "\(member.name), \(problem.name)") {
          XCTAssertEqual(($0 as? AssayError)?.kind, .configuration, member.name)
        }
      }
    }
  }

  func testInterruptionStopsTheFit() throws {
    try forEachMember { member, problem, place in
      guard member.beatsPrior else { return }
      let interruption = Interruption()
      interruption.request()
      let context = FitContext(key: RandomKey(seed: 1), interruption: interruption)
      XCTAssertThrowsError(try member.estimator.fit(problem.data, context: context), place) {
        XCTAssertEqual(($0 as? AssayError)?.kind, .cancelled, place)
      }
    }
  }

  func testContributionsSumToTheMargin() throws {
    try forEachMember { member, problem, place in
      guard let model = try fit(member, problem.data) as? any ContributingModel else { return }
      let contributions = model.contributions(problem.test, threads: 2)
      XCTAssertEqual(contributions.rowCount, problem.test.rowCount, place)
      XCTAssertEqual(contributions, model.contributions(problem.test, threads: 1), place)
      let predictions = model.predict(problem.test, threads: 1)
      for row in 0..<problem.test.rowCount {
        let margins = (0..<contributions.width).map { contributions.margin(row: row, output: $0) }
        let shares = margins.count == 1 && predictions.width == 2 ? [1 - margins[0], margins[0]] : margins
        for (output, expected) in (member.contributesBeforeLink ? problem.inverseLink(margins) : shares).enumerated() {
          XCTAssertEqual(predictions[row, output], expected, accuracy: 1e-6 * problem.scale, place)
        }
      }
    }
  }

  // MARK: Helpers

  private func forEachMember(_ body: (ContractMember, ContractProblem, String) throws -> Void) throws {
    for member in contractMembers {
      for problem in ContractProblem.all(for: member) { try body(member, problem, "\(member.name), \(problem.name)") }
    }
  }

  private func fit(_ member: ContractMember, _ data: TrainingData, threads: Int = 1) throws -> any Model {
    try member.estimator.fit(data, context: FitContext(key: RandomKey(seed: 11), threads: threads))
  }

  private func bits(_ member: ContractMember, _ problem: ContractProblem, threads: Int = 1) throws -> [UInt64] {
    try fit(member, problem.data, threads: threads).predict(problem.test, threads: threads).values.map(\.bitPattern)
  }

  private func checkPredictions(_ model: any Model, _ features: FeatureMatrix, _ place: String) throws {
    let predictions = model.predict(features, threads: 1)
    XCTAssertEqual(predictions.rowCount, features.rowCount, place)
    XCTAssertEqual(predictions.width, model.task.width, place)
    XCTAssertTrue(predictions.values.allSatisfy(\.isFinite), place)
    guard predictions.width > 1 else { return }
    for row in 0..<predictions.rowCount {
      let row = (0..<predictions.width).map { predictions[row, $0] }
      XCTAssertTrue(row.allSatisfy { (0...1).contains($0) }, "\(place): \(row)")
      XCTAssertEqual(row.reduce(0, +), 1, accuracy: EstimatorContract.probabilityTolerance, place)
    }
  }

  private func reload<M: Model>(_ model: M) throws -> any Model {
    try JSONDecoder().decode(M.self, from: JSONEncoder().encode(model))
  }

  private func reload<E: Estimator>(_ estimator: E) throws -> any Estimator {
    try JSONDecoder().decode(E.self, from: JSONEncoder().encode(estimator))
  }
}
