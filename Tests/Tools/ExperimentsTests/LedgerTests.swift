import Basics
import Checks
import Experiments
import Foundation
import XCTest

/// A record of a finished run; `number` makes it distinct and orders it in time.
func sampleRun(_ number: Int) -> RunRecord {
  let started = Date(timeIntervalSince1970: 1_770_000_000 + Double(number))
  var run = RunRecord(
    identifier: RunIdentifier.make(at: started, entropy: UInt64(number) &* 0x9E37_79B9_7F4A_7C15), command: "train",
    started: started, data: "customers.csv", dataHash: "hash\(number % 3)", foldsHash: "folds", target: "churn",
    task: "binary", metric: "log loss", version: "0.1.0", seed: .max - UInt64(number), threads: 2, machine: "test",
    arguments: "assay train customers.csv --target churn", parameters: ["budget": "60 s", "trees \"x\"": "é"])
  run.state = number % 5 == 0 ? .failed : .finished
  run.seconds = 12.5
  run.score = 0.3 + Double(number) * 1e-6
  run.model = "boosting 3"
  return run
}

final class LedgerTests: XCTestCase {
  private func withLedger<Result>(_ body: (Ledger) throws -> Result) throws -> Result {
    try withTemporaryFolder { try body(try Ledger(path: $0 + "/deep/er/ledger.sqlite")) }
  }

  func testARunComesBackAsItWasEntered() throws {
    try withLedger { ledger in
      var run = sampleRun(1)
      run.failure = "it did not converge"
      run.metrics = [
        RunMetric("log loss", model: "boosting 3", part: .validation, fold: 0, value: 0.31),
        RunMetric("log loss", model: "boosting 3", part: .validation, fold: 1, value: 0.29),
        RunMetric("roc auc", model: "boosting 3", part: .test, value: 0.81),
      ]
      run.artifacts = [
        RunArtifact(.bundle, path: "/out/model", hash: "abc", bytes: 1234),
        RunArtifact(.testPredictions, path: "/out/test-predictions.csv"),
      ]
      try ledger.insert(run)
      var found = try ledger.fetch(run.identifier)
      found.metrics.sort { $0.name + "\($0.fold ?? -1)" < $1.name + "\($1.fold ?? -1)" }
      XCTAssertEqual(found, run)
      XCTAssertEqual(found.foldValues(of: "log loss", model: "boosting 3"), [0.31, 0.29])
      XCTAssertEqual(found.foldValues(of: "roc auc", model: "boosting 3", part: .test), [])
      XCTAssertEqual(found.artifact(.testPredictions)?.path, "/out/test-predictions.csv")
      XCTAssertNil(found.artifact(.report))
    }
  }

  func testARunGrowsWhileItRuns() throws {
    try withLedger { ledger in
      var run = RunRecord(identifier: "260101-000000-aaaa", command: "train", started: Date(timeIntervalSince1970: 0))
      try ledger.insert(run)
      XCTAssertEqual(try ledger.fetch(run.identifier).state, .running)
      try ledger.add([RunMetric("log loss", model: "a", part: .validation, fold: 0, value: 0.5)], to: run.identifier)
      try ledger.add([RunMetric("log loss", model: "a", part: .validation, fold: 0, value: 0.4)], to: run.identifier)
      try ledger.add([RunMetric("roc auc", model: "a", part: .validation, value: .nan)], to: run.identifier)
      try ledger.add([RunArtifact(.report, path: "/r.html")], to: run.identifier)
      run.state = .finished
      run.seconds = 3
      run.score = 0.41
      run.dataHash = "later"
      run.metrics = [RunMetric("log loss", model: "a", part: .test, value: 0.41)]
      try ledger.finish(run)
      let found = try ledger.fetch(run.identifier)
      XCTAssertEqual(found.state, .finished)
      XCTAssertEqual(found.dataHash, "later")
      XCTAssertEqual(found.foldValues(of: "log loss", model: "a"), [0.4])
      XCTAssertEqual(found.metrics.count, 3)
      XCTAssertTrue(found.metrics.contains { $0.name == "roc auc" && $0.value.isNaN })
      XCTAssertEqual(found.artifact(.report)?.path, "/r.html")
      let listed = try ledger.list()[0]
      XCTAssertEqual(listed.score, 0.41)
      XCTAssertEqual(listed.seconds, 3)
    }
  }

  func testListsPagesAndFilters() throws {
    try withLedger { ledger in
      let runs = (0..<57).map(sampleRun)
      for run in runs.shuffled() { try ledger.insert(run) }
      let newestFirst = runs.map(\.identifier).sorted(by: >)
      XCTAssertEqual(newestFirst.reversed(), runs.map(\.identifier))
      XCTAssertEqual(try ledger.list(limit: nil).map(\.identifier), newestFirst)
      var pages: [String] = []
      var last: String?
      while true {
        let page = try ledger.list(limit: 10, before: last)
        if page.isEmpty { break }
        pages += page.map(\.identifier)
        last = page.last?.identifier
      }
      XCTAssertEqual(pages, newestFirst)
      XCTAssertEqual(try ledger.count(), 57)
      XCTAssertEqual(try ledger.count(filter: RunFilter(state: .failed)), 12)
      XCTAssertEqual(try ledger.list(filter: RunFilter(state: .failed)).count, 12)
      XCTAssertEqual(try ledger.count(filter: RunFilter(command: "train", target: "churn", dataHash: "hash1")), 19)
      XCTAssertEqual(try ledger.count(filter: RunFilter(target: "x' OR 1=1 --")), 0)
      XCTAssertEqual(try ledger.count(filter: RunFilter(startedFrom: runs[50].started)), 7)
      let line = try ledger.list(limit: 1)[0]
      XCTAssertEqual(line.started, runs[56].started)
      XCTAssertEqual(line.model, "boosting 3")
      XCTAssertEqual(line.metric, "log loss")
      XCTAssertEqual(line.data, "customers.csv")
    }
  }

  func testBeginningsOfNames() throws {
    try withLedger { ledger in
      for name in ["260101-101010-aaaa", "260101-101010-aabb", "260102-101010-cccc", "260102-101010-cccc-again"] {
        try ledger.insert(RunRecord(identifier: name, command: "train", started: Date(timeIntervalSince1970: 0)))
      }
      XCTAssertEqual(try ledger.fetch("260101-101010-aab").identifier, "260101-101010-aabb")
      XCTAssertEqual(try ledger.fetch("260102-101010-cccc").identifier, "260102-101010-cccc")
      assertAssayError(.configuration, saying: ["several runs", "260101-101010-aaaa, 260101-101010-aabb"]) {
        try ledger.fetch("2601")
      }
      for name in ["9", "", "260101-101010-aabbx", "%", "2601_1"] {
        assertAssayError(.configuration, saying: ["there is no run \"\(name)\"", "assay runs"]) {
          try ledger.fetch(name)
        }
      }
    }
  }

  func testMistakes() throws {
    try withLedger { ledger in
      let run = sampleRun(1)
      try ledger.insert(run)
      assertAssayError(.configuration, saying: ["there is a run"]) { try ledger.insert(run) }
      assertAssayError(.configuration, saying: ["no run"]) { try ledger.finish(sampleRun(2)) }
      assertAssayError(.configuration, saying: ["no run"]) { try ledger.add([RunMetric](), to: "x") }
      assertAssayError(.configuration, saying: ["no run"]) { try ledger.add([RunArtifact](), to: "x") }
    }
  }

  func testUsualPlace() {
    XCTAssertEqual(Ledger.defaultPath(environment: ["ASSAY_HOME": "/a", "HOME": "/h"]), "/a/ledger.sqlite")
    XCTAssertEqual(
      Ledger.defaultPath(environment: ["ASSAY_HOME": "", "XDG_DATA_HOME": "/x"]), "/x/assay/ledger.sqlite")
    XCTAssertEqual(Ledger.defaultPath(environment: ["HOME": "/h"]), "/h/.local/share/assay/ledger.sqlite")
  }

  func testIdentifiers() {
    let moment = Date(timeIntervalSince1970: 1_770_000_000)
    XCTAssertEqual(RunIdentifier.make(at: moment, entropy: 0), "260202-024000-0000")
    XCTAssertEqual(RunIdentifier.make(at: moment, entropy: 31 + 10 << 5), "260202-024000-za00")
    XCTAssertLessThan(
      RunIdentifier.make(at: moment, entropy: .max), RunIdentifier.make(at: moment + 1, entropy: 0))
  }

  func testMachine() {
    let machine = Machine.current
    XCTAssertGreaterThan(machine.cores, 0)
    XCTAssertGreaterThan(machine.memory, 0.1)
    let made = Machine(processor: "P", cores: 1, memory: 3.8, system: "S")
    XCTAssertEqual(made.description, "P, 1 core, 4 GiB, S")
    XCTAssertEqual(Machine.describe(), machine.description)
  }
}
