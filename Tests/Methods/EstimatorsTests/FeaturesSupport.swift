import Basics
import Estimators
import Evaluation
import Foundation
import Tables
import XCTest

/// Largest difference of a feature in single precision from its value in exact arithmetic, relative to 1.
let singlePrecision: Float = 2e-6

let binary = LearningTask.classification(classes: ["no", "yes"])

/// Fits with labels 0, 1, 0, 1, ... unless given.
func fitFeatures(
  _ plan: FeaturePlan, _ columns: [Column], task: LearningTask = binary, labels: [Double]? = nil,
  weights: [Double]? = nil, seed: UInt64 = 1, threads: Int = 2
) throws -> (pipeline: FeaturePipeline, training: FeatureMatrix) {
  let table = try Table(columns)
  return try FeaturePipeline.fit(
    plan: plan, table: table, task: task, labels: labels ?? (0..<table.rowCount).map { Double($0 % 2) },
    weights: weights, key: RandomKey(seed: seed), threads: threads)
}

extension FeatureMatrix {
  /// The dense numbers of the feature of a name.
  func values(_ name: String, file: StaticString = #filePath, line: UInt = #line) throws -> [Float] {
    let position = try XCTUnwrap(
      features.firstIndex { $0.name == name }, "no feature \(name) in \(features.map(\.name))", file: file, line: line)
    return dense(position)
  }

  var names: [String] { features.map(\.name) }
}

/// Equal within a tolerance, missing equal to missing.
func assertClose(
  _ found: [Float], _ expected: [Float], within tolerance: Float = singlePrecision, _ message: String = "",
  file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(found.count, expected.count, message, file: file, line: line)
  for (row, (a, b)) in zip(found, expected).enumerated() {
    XCTAssertTrue(
      a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(1, abs(b)), "row \(row): \(a), not \(b) \(message)",
      file: file, line: line)
  }
}

/// Bit for bit the same, so that missing equals missing.
func assertIdentical(
  _ a: FeatureMatrix, _ b: FeatureMatrix, _ message: String = "", file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(a.features, b.features, message, file: file, line: line)
  for feature in a.features.indices {
    switch (a.columns[feature], b.columns[feature]) {
    case (.dense(let x), .dense(let y)):
      XCTAssertEqual(
        x.map(\.bitPattern), y.map(\.bitPattern), "\(a.features[feature].name) \(message)", file: file, line: line)
    case (let x, let y):
      XCTAssertEqual(x, y, "\(a.features[feature].name) \(message)", file: file, line: line)
    }
  }
}

/// Expected values from scikit-learn, numpy and scipy; `Tests/Golden/Estimators/features.py` makes them.
struct FeaturesGolden: Decodable {
  struct Weights: Decodable {
    let minimum: Int
    let longest: Int
    let sublinear: Bool
    let normalised: Bool
    let terms: [String]
    let rows: [[Float]]
  }

  let texts: [String]
  let weights: [Weights]
  let documents: [String]
  let components: [[Float]]
  let numbers: [Double]
  let standard: [Float]
  let robust: [Float]
  let probes: [Double]
  let normal: [Float]

  static func load() throws -> FeaturesGolden {
    var tests = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { tests.deleteLastPathComponent() }
    let file = tests.appendingPathComponent("Golden/Estimators/features.json")
    return try JSONDecoder().decode(FeaturesGolden.self, from: Data(contentsOf: file))
  }
}

/// A table with columns of every kind, missing values in all of them.
func mixedTable(rows: Int, seed: UInt64) throws -> (table: Table, labels: [Double]) {
  var stream = RandomKey(seed: seed).stream()
  let cities = ["Łódź", "Paris", "東京", "Cairo", "", "New York", "Åre"]
  let words = [
    "refund", "late", "great", "Don't", "naïve", "😀", "東京", "broken", "thanks", "12", "ÜBER", "e\u{301}t\u{e9}",
  ]
  func missing() -> Bool { stream.uniform() < 0.1 }
  var age: [Int64] = []
  var amount: [Double] = []
  var ratio: [Float] = []
  var active: [Int8] = []
  var city: [String?] = []
  var shop: [String?] = []
  var comment: [String?] = []
  var term: [String?] = []
  var opened: [Int64] = []
  var closed: [Int64] = []
  for _ in 0..<rows {
    age.append(missing() ? Column.missingInteger : Int64(18 + stream.integer(below: 60)))
    amount.append(missing() ? .nan : exp(3 * stream.normal()))
    ratio.append(missing() ? .nan : Float(stream.normal()))
    active.append(missing() ? -1 : Int8(stream.integer(below: 2)))
    city.append(missing() ? nil : cities[stream.integer(below: cities.count)])
    shop.append(missing() ? nil : "shop\(stream.integer(below: 60))")
    let length = stream.integer(below: 12)
    let text = (0..<length).map { _ in words[stream.integer(below: words.count)] }.joined(separator: " ")
    comment.append(missing() ? nil : text)
    term.append(missing() ? nil : "\(12 * (1 + stream.integer(below: 5))) months")
    let day: Int64 = 86_400_000_000
    opened.append(missing() ? Column.missingInteger : Int64(stream.integer(below: 20_000)) * day - 5_000 * day)
    closed.append(missing() ? Column.missingInteger : Int64(stream.integer(below: 1_000_000_000)) * 1_000_000)
  }
  let table = try Table([
    Column("age", .integer(age)), Column("amount", .float(amount)), Column("ratio", .single(ratio)),
    Column("active", .boolean(active)), Column("city", .category(CategoryValues(city))),
    Column("shop", .text(TextValues(shop))), Column("comment", .text(TextValues(comment))),
    Column("term", .category(CategoryValues(term))), Column("opened", .dateTime(opened)),
    Column("closed", .dateTime(closed)),
  ])
  return (table, (0..<rows).map { _ in Double(stream.integer(below: 2)) })
}

/// The presets, and one plan with every option on.
var plansToCheck: [(name: String, plan: FeaturePlan)] {
  var everything = FeaturePlan.linear
  everything.numbers.scaling = .robust
  everything.numbers.imputation = .mode
  everything.categories.codesUpTo = 40
  everything.categories.codesBeyond = true
  everything.categories.statisticsAbove = 0
  everything.categories.statistics = .outOfFold(4)
  everything.categories.frequencyAbove = 0
  everything.dates = FeaturePlan.Dates()
  everything.dates.cyclic = true
  everything.texts.terms = .hashed
  everything.texts.characterRuns = 2...3
  everything.texts.components = 5
  everything.interactions.numberColumns = 3
  everything.interactions.categoryColumns = 2
  return [
    ("trees", .trees), ("linear", .linear), ("neighbours", .neighbours), ("network", .network),
    ("everything", everything),
  ]
}
