import Basics
import Checks
import DataSets
import Foundation
import XCTest

final class DataSetRegistryTests: XCTestCase {
  func testCardsAreComplete() throws {
    let cards = DataSetRegistry.all.map(\.card)
    XCTAssertEqual(Set(cards.map(\.name)).count, cards.count, "two sets share a name")
    let solutions = [
      "fdh-card-fraud", "carclaims-fraud", "cmapss-fd001", "ai4i2020", "m4-hourly-weekly", "etth1",
      "bank-call-arrivals",
    ]
    XCTAssertEqual(Array(cards.prefix(7).map(\.name)), solutions)
    for card in cards {
      XCTAssertEqual(card.name, card.name.lowercased())
      XCTAssertFalse(card.name.contains { $0 == "/" || $0 == " " }, card.name)
      for text in [card.title, card.licence, card.citation, card.shape, card.split, card.metric] {
        XCTAssertFalse(text.isEmpty, card.name)
      }
      XCTAssertFalse(card.files.isEmpty, card.name)
      XCTAssertTrue(card.publisher.hasPrefix("https://"), card.name)
      XCTAssertEqual(Set(card.files.map(\.name)).count, card.files.count, card.name)
      for result in card.results { XCTAssertFalse(result.figures.isEmpty, "\(card.name): \(result.method)") }
    }
  }

  func testFilesAreFullyDescribed() throws {
    let digits = Set("0123456789abcdef")
    for card in DataSetRegistry.all.map(\.card) {
      for file in card.files {
        let place = "\(card.name)/\(file.name)"
        XCTAssertFalse(file.name.contains("/"), place)
        XCTAssertEqual(file.name.hasSuffix(".gz"), file.plain != nil, place)
        for (_, fingerprint) in file.forms {
          XCTAssertEqual(fingerprint.sha256.count, 64, place)
          XCTAssertTrue(fingerprint.sha256.allSatisfy(digits.contains), place)
          XCTAssertGreaterThan(fingerprint.bytes, 0, place)
        }
        if let address = file.address { XCTAssertNotNil(URL(string: address)?.host, place) }
      }
    }
  }

  func testPublishersAreNoPackageRegistries() throws {
    let registries = ["pypi.", "npmjs.", "cran.", "crates.io", "rubygems.", "huggingface."]
    for card in DataSetRegistry.all.map(\.card) {
      for address in [card.publisher] + card.files.compactMap(\.address) {
        XCTAssertTrue(address.hasPrefix("https://"), address)
        XCTAssertFalse(registries.contains { address.contains($0) }, address)
      }
    }
  }

  func testCardsRoundTrip() throws {
    for card in DataSetRegistry.all.map(\.card) {
      let bytes = try CanonicalJSON.encode(card)
      XCTAssertEqual(try CanonicalJSON.decode(DataSetCard.self, from: bytes), card)
    }
  }

  func testNamesAreFoundInAnyCase() throws {
    XCTAssertEqual(try DataSetRegistry.set(named: "ETTh1").card.name, "etth1")
  }

  func testUnknownNamesGetTheNearest() throws {
    for (asked, offered) in [
      ("cmaps-fd001", "cmapss-fd001"), ("card-fraud", "fdh-card-fraud"), ("ai4i", "ai4i2020"),
      ("m4", "m4-hourly-weekly"),
    ] {
      assertAssayError(.configuration, saying: [asked, "did you mean \(offered)?", "assay data list"]) {
        try DataSetRegistry.set(named: asked)
      }
    }
  }

  func testProblems() throws {
    XCTAssertEqual(try DataSetRegistry.problem(named: "Fraud"), .fraud)
    XCTAssertEqual(Set(DataSetRegistry.sets(for: .fraud).map(\.card.problem)), [.fraud])
    assertAssayError(.configuration, saying: ["frauds", "fraud, maintenance, capacity"]) {
      try DataSetRegistry.problem(named: "frauds")
    }
  }

  func testEmptyCellsOfResultsAreLeftOut() {
    let results = PublishedResult.table(["a", "b"], source: "s", ["first": [1, .nan], "second": [2, 3]])
    XCTAssertEqual(results.map(\.figures), [[.init("a", 1)], [.init("a", 2), .init("b", 3)]])
    XCTAssertEqual(results.map(\.method), ["first", "second"])
  }
}
