import Alerts
import Basics
import Checks
import Experiments
import Foundation
import Projects
import Tables
import XCTest

/// The kit with names, nouns and settings that are not those of payments.
final class ServiceDeskTests: XCTestCase {
  private let desk = ServiceDesk()

  private func withDesk(_ body: (_ project: Project, _ data: ProjectData, _ later: Table) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = folder + "/desk"
      let start = try desk.simulated(key: RandomKey(seed: 5))
      try ProjectFolder.make(desk, in: place, start: start, threads: 2)
      let path = place + "/" + Project.fileName
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.components(separatedBy: "\nvalue:")[0].write(toFile: path, atomically: true, encoding: .utf8)
      let project = try Project.open(place, among: [desk]).project
      try body(project, ProjectData(project, desk.card, threads: 2), XCTUnwrap(start.later))
    }
  }

  func testTicketsAreLearnedFromAndToldInTheirOwnWords() throws {
    try withDesk { project, data, later in
      let findings = try desk.check(project, data)
      XCTAssertTrue(findings.contains { $0.words.contains("tickets") && $0.words.contains("escalations") })
      let outcome = try desk.run(project, data, ProjectContext(budget: 600, candidateLimit: 2, threads: 2, seed: 1))
      // Who escalates is known of a client after two days; chance has 0.5, and knowing all clients' shares about 0.85.
      XCTAssertGreaterThan(outcome.results.measure("roc-auc")?.value.value ?? 0, 0.75)
      XCTAssertNotNil(outcome.results.measure("scored-tickets-per-second"))
      // Five of the fifty tickets of a day are queued: chance would find a tenth.
      let found = try XCTUnwrap(outcome.results.measure("queue-recall")?.value.value)
      XCTAssertGreaterThan(found, 0.25)
      let told = String(decoding: try JSONEncoder().encode(outcome.results), as: UTF8.self).lowercased()
      for word in ["payment", "fraud", "honest", "customer", "card ", "payer", "terminal", "a escalation"] {
        XCTAssertFalse(told.contains(word), "\(word): \(told.split(separator: word)[0].suffix(80))")
      }
      try TableWriter.write(later, to: project.path("later.csv"))
      let rows = try ProjectData(
        project, desk.card, source: project.path("later.csv"), lacking: Set(desk.card.fields.map(\.name)), threads: 2)
      let predicted = try desk.predict(project, rows, ProjectContext(threads: 2, explains: true))
      XCTAssertEqual(predicted.rowCount, later.rowCount)
      XCTAssertEqual(Array(predicted.names.prefix(2)), ["ticket", "opened"])
      let reasons = try predicted.column("reason")
      XCTAssertTrue(
        (0..<reasons.count).contains { reasons.text(at: $0)?.contains("escalations known of this") ?? false })
    }
  }

  func testFeaturesAreToldByTheNameOfTheAmount() throws {
    let nouns = AlertNouns(
      event: "ticket", target: "escalation", ordinary: "settled", ageing: "", moved: "hours asked for",
      sharers: "others")
    let table = try Table([
      Column("client.effort.ratio.7d", .float([2])), Column("client.effort.sum.1d", .float([8])),
      Column("client.label.positives.7d", .float([1])), Column("client.amount.sum.1d", .float([3])),
    ])
    let words = HistoryWords(nouns, amount: "effort")
    XCTAssertEqual(
      table.names.map { words.phrase($0, table, 0) },
      [
        "the effort is 2 times the mean of this client in 7d", "hours asked for by this client in 1d: 8",
        "escalations known of this client in 7d: 1", "client amount sum 1d is 3",
      ])
  }

  func testFewTargetsRankWhatIsUnusual() throws {
    try withDesk { project, data, _ in
      var data = data
      let labels = try data.table.column("escalated").numbers()
      var known = 0
      let few = labels.map { label -> Double in
        if label == 1 { known += 1 }
        return label == 1 && known > 3 ? 0 : label
      }
      data.table = try data.table.setting(Column("escalated", .float(few)))
      let findings = try desk.check(project, data)
      XCTAssertTrue(findings.contains { $0.words.contains("ranks tickets by how unusual they are") })
      let outcome = try desk.run(project, data, ProjectContext(budget: 600, candidateLimit: 2, threads: 2, seed: 1))
      XCTAssertTrue(
        outcome.results.headline.contains("only 3 tickets are marked as escalations"), outcome.results.headline)
      XCTAssertEqual(outcome.results.measure("known-escalations")?.value.value, 3)
    }
  }
}
