import Basics
import Checks
import Estimators
import Evaluation
import Tables
import XCTest

/// Columns of free text: words, TF-IDF, hashing, statistics, components, numbers in texts.
final class FeaturesTextTests: XCTestCase {
  private func plan(_ change: (inout FeaturePlan.Texts) -> Void = { _ in }) -> FeaturePlan {
    var plan = FeaturePlan()
    plan.texts.statistics = false
    plan.texts.minimumDocuments = 1
    plan.texts.longestWordRun = 1
    change(&plan.texts)
    return plan
  }

  private func fit(_ texts: [String?], _ plan: FeaturePlan, labels: [Double]? = nil) throws
    -> (pipeline: FeaturePipeline, training: FeatureMatrix)
  {
    try fitFeatures(plan, [Column("note", .text(TextValues(texts)))], labels: labels)
  }

  private func terms(_ matrix: FeatureMatrix) -> [String] { matrix.names.map { String($0.dropFirst("note: ".count)) } }

  func testWeightsMatchScikitLearn() throws {
    let golden = try FeaturesGolden.load()
    for expected in golden.weights {
      let (pipeline, training) = try fit(
        golden.texts,
        plan {
          $0.minimumDocuments = expected.minimum
          $0.longestWordRun = expected.longest
          $0.sublinear = expected.sublinear
          $0.normalised = expected.normalised
        })
      XCTAssertEqual(Set(terms(training)), Set(expected.terms))
      let again = try pipeline.transform(Table([Column("note", .category(CategoryValues(golden.texts)))]))
      for (position, term) in expected.terms.enumerated() {
        let values = expected.rows.map { $0[position] }
        assertClose(try training.values("note: \(term)"), values, term)
        assertClose(try again.values("note: \(term)"), values, term)
      }
    }
  }

  func testComponentsMatchScikitLearn() throws {
    let golden = try FeaturesGolden.load()
    let (pipeline, training) = try fit(
      golden.documents,
      plan {
        $0.terms = .none
        $0.components = 3
      })
    XCTAssertEqual(training.names, ["note.topic1", "note.topic2", "note.topic3"])
    for component in 0..<3 {
      let found = training.dense(component)
      let expected = golden.components.map { $0[component] }
      // The sign of a singular vector is free.
      let sign: Float = zip(found, expected).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1 : 1
      assertClose(found.map { sign * $0 }, expected, within: 2e-5)
      let again = try pipeline.transform(Table([Column("note", .text(TextValues(golden.documents)))]))
      XCTAssertEqual(found, again.dense(component))
    }
  }

  func testWordsOfManyScripts() throws {
    let cases: [(String, [String])] = [
      ("Don't PANIC: 3.14, 1,000 and a_b!", ["1,000", "3.14", "a_b", "and", "don't", "panic"]),
      ("it's ’quoted’ l’été dogs'", ["dogs", "it's", "l'été", "quoted"]),
      ("ÜBER Straße ΑΘΉΝΑ", ["straße", "über", "αθήνα"]),
      ("e\u{301}te\u{301} \u{e9}t\u{e9} one", ["one", "\u{e9}t\u{e9}"]),
      ("東京に行く one", ["one", "に", "京", "く", "東", "行"]),
      ("so good😀😀 👍🏽 👨‍👩‍👧 ❤️ ❤ 🇫🇷🇩🇪", ["good", "so", "❤", "👍🏽", "👨‍👩‍👧", "😀", "🇩🇪", "🇫🇷"]),
      ("привет, МИР the end. 12:30", ["12", "30", "end", "the", "мир", "привет"]),
      ("a\u{301}\u{301} नमस्ते दुनिया e.g. x.5 5.", ["5", "a\u{301}\u{301}", "e", "g", "x", "दुनिया", "नमस्ते"]),
    ]
    for (text, words) in cases {
      let (_, training) = try fit([text, "other words here", "more of the same 1"], plan())
      let rows = training.features.indices.filter { training.dense($0)[0] > 0 }
      XCTAssertEqual(Set(rows.map { terms(training)[$0] }), Set(words), text)
    }
  }

  func testMissingAndEmptyTextsHaveNoTerms() throws {
    let texts: [String?] = ["good day", nil, "", "  ", "!! ?", "good night"]
    let (_, training) = try fit(texts, plan { $0.statistics = true })
    for name in ["note: good", "note: day", "note: night"] {
      let values = try training.values(name)
      for row in 1...4 { XCTAssertEqual(values[row], 0, name) }
    }
    assertClose(try training.values("note.length"), [8, .nan, 0, 2, 4, 10], within: 0)
    assertClose(try training.values("note.words"), [2, .nan, 0, 0, 2, 2], within: 0)
  }

  func testVocabularyLimits() throws {
    let texts: [String?] = ["a b c", "a b d", "a c e", "a b x y"]
    let limited = try fit(texts, plan { $0.vocabularyLimit = 2 }).training
    XCTAssertEqual(terms(limited), ["a", "b"])
    XCTAssertEqual(terms(try fit(texts, plan { $0.minimumDocuments = 2 }).training), ["a", "b", "c"])
    let common = try fit(
      texts,
      plan {
        $0.minimumDocuments = 2
        $0.maximumDocumentShare = 0.75
        $0.longestWordRun = 2
      }
    ).training
    XCTAssertEqual(terms(common), ["a b", "b", "c"], "a run may begin with a word that is too frequent")
  }

  func testInformativeTermsAreKept() throws {
    let texts: [String?] = (0..<40).map { "\($0 % 2 == 1 ? "refund" : "thanks") common word\($0)" }
    let (_, training) = try fit(texts, plan { $0.informativeTerms = 2 })
    XCTAssertEqual(terms(training), ["refund", "thanks"])
  }

  func testRunsOfCharactersStayWithinWords() throws {
    let (_, training) = try fit(["ab é", "ab cd", "xy z1 w"], plan { $0.characterRuns = 3...3 })
    XCTAssertEqual(
      Set(terms(training).filter { $0.hasPrefix("\"") }),
      ["\" ab\"", "\"ab \"", "\" é \"", "\" cd\"", "\"cd \"", "\" xy\"", "\"xy \"", "\" z1\"", "\"z1 \"", "\" w \""])
  }

  func testHashedTermsKeepDistancesAndLength() throws {
    let texts: [String?] = ["red car", "red car", "blue sea fish", "red car car", nil, "old boat"]
    let (pipeline, training) = try fit(
      texts,
      plan {
        $0.terms = .hashed
        $0.hashBits = 18
      })
    func row(_ row: Int, _ matrix: FeatureMatrix) -> [Float] { matrix.features.indices.map { matrix.dense($0)[row] } }
    XCTAssertEqual(training.featureCount, 7, "one feature per word: no collision among 2^18 for these words")
    XCTAssertEqual(row(0, training), row(1, training))
    XCTAssertEqual(row(0, training).map { $0 * $0 }.reduce(0, +), 1, accuracy: singlePrecision)
    // "red" once and "car" twice: weights 1 and 1 + ln 2 with "red car" at 1 and 1.
    let cosine = zip(row(0, training), row(3, training)).reduce(0) { $0 + $1.0 * $1.1 }
    let more = 1 + Float(0.6931472)
    XCTAssertEqual(cosine, (1 + more) / (2 * (1 + more * more)).squareRoot(), accuracy: singlePrecision)
    XCTAssertTrue(row(4, training).allSatisfy { $0 == 0 })
    let later = try pipeline.transform(Table([Column("note", .text(TextValues(["unseen words only", "RED, car"])))]))
    XCTAssertEqual(row(1, later), row(0, training))
    XCTAssertTrue(row(0, later).allSatisfy { $0 == 0 })
  }

  func testStatistics() throws {
    let (_, training) = try fit(
      ["Hi THERE 42!", "über ÄRGER", "plain text here", "a\tb\nc d"],
      plan {
        $0.terms = .none
        $0.statistics = true
      })
    assertClose(try training.values("note.length"), [12, 10, 15, 7], within: 0)
    assertClose(try training.values("note.words"), [3, 2, 3, 4], within: 0)
    assertClose(try training.values("note.digits"), [2 / 12, 0, 0, 0])
    assertClose(try training.values("note.capitals"), [6 / 7, 5 / 9, 0, 0])
    assertClose(try training.values("note.punctuation"), [1 / 12, 0, 0, 0])
  }

  func testNumbersThatTextsBeginWith() throws {
    let texts: [String?] = [
      "12 months", "10+ years", "< 1 year", "$1,200.50", "-3.5%", nil, "1,000,000 (est.)", "7,25", "€ 15", "(20, 30]",
    ]
    let (pipeline, training) = try fit(texts, plan())
    assertClose(
      try training.values("note.number"), [12, 10, 1, 1200.5, -3.5, .nan, 1_000_000, 7, 15, 20], within: 0)
    let later = try pipeline.transform(Table([Column("note", .text(TextValues(["unknown", "99 bottles"])))]))
    assertClose(try later.values("note.number"), [.nan, 99], within: 0)
    XCTAssertEqual(try fit(["A12", "B7", "A12", "B7", "A12", "B7"], .trees).training.names, ["note"])
  }

  func testFreeTextIsToldFromLevels() throws {
    var stream = RandomKey(seed: 2).stream()
    let words = ["the", "box", "was", "late", "again", "and", "broken", "thanks", "service", "good"]
    let sentences: [String?] = (0..<100).map { _ in
      (0..<8).map { _ in words[stream.integer(below: words.count)] }.joined(separator: " ")
    }
    let levels: [String?] = (0..<100).map { ["own house with mortgage", "rented flat in town"][$0 % 2] }
    let (_, training) = try fitFeatures(
      .trees, [Column("note", .category(CategoryValues(sentences))), Column("home", .text(TextValues(levels)))])
    XCTAssertTrue(training.names.contains("note: box"))
    XCTAssertEqual(training.features.last, Feature("home", kind: .categorical(levels: 2)))
  }

  func testTextsBreakingUTF8DoNotCrash() throws {
    var values = TextValues(["some good words", "more bad words"])
    let bytes: [UInt8] = [0x66, 0xFF, 0xC3, 0x20, 0xE2, 0x82, 0x20, 0x67]
    bytes.withUnsafeBufferPointer { values.append(utf8: $0) }
    for (name, plan) in plansToCheck {
      let table = try Table([Column("note", .text(values)), Column("x", .float([1, 2, 3]))])
      let (pipeline, training) = try fitFeatures(plan, table.columns)
      XCTAssertEqual(training.rowCount, 3, name)
      XCTAssertEqual(try pipeline.transform(table).rowCount, 3, name)
    }
  }
}
