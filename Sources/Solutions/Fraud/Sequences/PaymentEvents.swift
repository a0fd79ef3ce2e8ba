import Basics
import Foundation
import Histories
import Tables

/// Payments with what a network reads of each: who paid when, and numbers that were known at that moment.
struct PaymentEvents: Sendable, Codable {
  /// The payers; nil where it is not known who it was.
  var payers: [String?]
  /// Microseconds since 1970.
  var times: [Int64]
  /// 1 for a fraud, 0 for none, not-a-number where it is not known.
  var labels: [Float]
  /// Microseconds since 1970 before which nobody told of the fraud; the smallest number where nothing is known of that.
  var reports: [Int64]
  /// What the numbers are.
  var names: [String]
  /// A list per name, with a number per payment.
  var numbers: [[Float]]

  /// Reads payments that histories have been followed for.
  ///
  /// - Parameters:
  ///   - followed: The payments with the columns of their histories.
  ///   - payer: The column of who pays.
  ///   - usesOutcomes: Whether what was known of earlier frauds is among the numbers.
  init(_ followed: Table, payer: String, usesOutcomes: Bool) throws {
    let count = followed.rowCount
    let who = try followed.column(payer)
    payers = (0..<count).map { who.text(at: $0) }
    guard case .dateTime(let moments) = try followed.column("time").values else {
      throw AssayError(.schema, "the time is no date and time", at: "column \"time\"")
    }
    times = moments
    labels = followed["fraud"]?.numbers().map(Float.init) ?? Array(repeating: .nan, count: count)
    if case .dateTime(let told)? = followed["reported"]?.values {
      reports = told.map { $0 == Column.missingInteger ? .min : $0 }
    } else {
      reports = Array(repeating: .min, count: count)
    }
    let hours = moments.map { Double($0) / 3.6e9 * .pi / 12 }
    var found: [(String, [Float])] = [
      ("amount", try followed.column("amount").numbers().map { Float(log1p(max(0, $0))) }),
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

  /// The payments.
  var count: Int { times.count }

  /// These payments followed by others with the same numbers.
  func appending(_ others: PaymentEvents) throws -> PaymentEvents {
    guard others.names == names else {
      throw AssayError(
        .schema, "the payments have other columns than those that were learned from",
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

  /// The payments at some places.
  func selecting(_ rows: [Int]) -> PaymentEvents {
    var part = self
    part.payers = rows.map { payers[$0] }
    part.times = rows.map { times[$0] }
    part.labels = rows.map { labels[$0] }
    part.reports = rows.map { reports[$0] }
    part.numbers = numbers.map { numbers in rows.map { numbers[$0] } }
    return part
  }

  /// The last payments of each payer, at most so many, in the order of the rows.
  func latest(_ length: Int) -> PaymentEvents {
    var rows: [String: [Int]] = [:]
    for row in times.indices.sorted(by: { (times[$0], $0) < (times[$1], $1) }) {
      if let payer = payers[row] { rows[payer, default: []].append(row) }
    }
    return selecting(rows.values.flatMap { $0.suffix(length) }.sorted())
  }

  /// The places of the last payments of each payment's payer, the latest last and the payment itself among them:
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
