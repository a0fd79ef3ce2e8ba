import Basics
import Foundation
import Histories
import Tables

/// Events with what a network reads of each: who acted when, and numbers that were known at that moment.
struct EventNumbers: Sendable, Codable {
  /// Who acted; nil where it is not known who it was.
  var payers: [String?]
  /// Microseconds since 1970.
  var times: [Int64]
  /// 1 for a target, 0 for none, not-a-number where it is not known.
  var labels: [Float]
  /// Microseconds since 1970 before which nobody told of the outcome; the smallest number where nothing is known of that.
  var reports: [Int64]
  /// What the numbers are.
  var names: [String]
  /// A list per name, with a number per event.
  var numbers: [[Float]]

  /// Reads events that histories have been followed for.
  ///
  /// - Parameters:
  ///   - followed: The events with the columns of their histories.
  ///   - payer: The column of who acts.
  ///   - usesOutcomes: Whether what was known of earlier targets is among the numbers.
  init(_ followed: Table, _ problem: AlertProblem, payer: String, usesOutcomes: Bool) throws {
    let count = followed.rowCount
    let who = try followed.column(payer)
    payers = (0..<count).map { who.text(at: $0) }
    guard case .dateTime(let moments) = try followed.column(problem.time).values else {
      throw AssayError(.schema, "the time is no date and time", at: "column \"\(problem.time)\"")
    }
    times = moments
    labels = followed[problem.outcome]?.numbers().map(Float.init) ?? Array(repeating: .nan, count: count)
    if case .dateTime(let told)? = followed[problem.reported]?.values {
      reports = told.map { $0 == Column.missingInteger ? .min : $0 }
    } else {
      reports = Array(repeating: .min, count: count)
    }
    let hours = moments.map { Double($0) / 3.6e9 * .pi / 12 }
    var found: [(String, [Float])] = [
      ("amount", try followed.column(problem.amount).numbers().map { Float(log1p(max(0, $0))) }),
      ("hour sine", hours.map { Float(sin($0)) }), ("hour cosine", hours.map { Float(cos($0)) }),
    ]
    if let gaps = followed["\(payer).sinceLast"]?.numbers() { found.append(("gap", gaps.map { Float(log1p($0)) })) }
    for name in followed.names {
      let isNovelty = name.hasPrefix("\(payer)*") && name.hasSuffix(".isNew")
      let isKnown = usesOutcomes && name.contains(".label.share.") && !name.hasPrefix(payer)
      if isNovelty || isKnown || name == "\(payer).hour.distance" {
        found.append((name, try followed.column(name).numbers().map(Float.init)))
      }
    }
    names = found.map(\.0)
    numbers = found.map(\.1)
  }

  /// How many there are.
  var count: Int { times.count }

  /// These events followed by others with the same numbers.
  func appending(_ others: EventNumbers) throws -> EventNumbers {
    guard others.names == names else {
      throw AssayError(
        .schema, "the rows have other columns than those that were learned from",
        remedy: "give the columns that the project names, or run again: assay run")
    }
    var all = self
    all.payers += others.payers
    all.times += others.times
    all.labels += others.labels
    all.reports += others.reports
    for place in all.numbers.indices { all.numbers[place] += others.numbers[place] }
    return all
  }

  /// The events at some places.
  func selecting(_ rows: [Int]) -> EventNumbers {
    var part = self
    part.payers = rows.map { payers[$0] }
    part.times = rows.map { times[$0] }
    part.labels = rows.map { labels[$0] }
    part.reports = rows.map { reports[$0] }
    part.numbers = numbers.map { numbers in rows.map { numbers[$0] } }
    return part
  }

  /// The last events of each payer, at most so many, in the order of the rows.
  func latest(_ length: Int) -> EventNumbers {
    var rows: [String: [Int]] = [:]
    for row in times.indices.sorted(by: { (times[$0], $0) < (times[$1], $1) }) {
      if let payer = payers[row] { rows[payer, default: []].append(row) }
    }
    return selecting(rows.values.flatMap { $0.suffix(length) }.sorted())
  }

  /// The places of the last events of each event's payer, the latest last and the event itself among them:
  /// `[row * length + place]`, -1 where there is none.
  func windows(_ length: Int) throws -> [Int32] {
    let plan = HistoryPlan(
      time: "time", entities: [.init("payer", columns: ["payer"], features: [.counts], missing: .unknown)],
      windows: [.days(1)], clock: nil)
    let table = try Table([
      Column("time", .dateTime(times)), Column("payer", .category(CategoryValues(payers))),
    ])
    return try plan.lastEvents(of: "payer", count: length, columns: [], in: table).rows
  }
}
