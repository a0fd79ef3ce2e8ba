import Basics
import Foundation
import Projects
import Tables

extension FraudPrevention {
  /// The sets that `start` takes.
  public var publicSets: [String] { ["fdh-card-fraud", "carclaims-fraud"] }

  /// The payments of the Fraud Detection Handbook, and car insurance claims.
  public func start(of name: String, tables: [String: Table]) throws -> ProjectStart? {
    guard let table = tables.values.first, tables.count == 1 else { return nil }
    switch name {
    case "fdh-card-fraud": return try Self.handbook(table)
    case "carclaims-fraud": return try Self.claims(table)
    default: return nil
    }
  }

  private static func handbook(_ table: Table) throws -> ProjectStart {
    ProjectStart(
      table: table,
      columns: [
        "time": "TX_DATETIME", "amount": "TX_AMOUNT", "fraud": "TX_FRAUD", "customer": "CUSTOMER_ID",
        "terminal": "TERMINAL_ID", "payment": "TRANSACTION_ID", "part": "split",
      ],
      // The scenario is part of the answer; the others are the time in other units.
      excluded: ["TX_FRAUD_SCENARIO", "TX_TIME_SECONDS", "TX_TIME_DAYS"],
      settings: ["windows": "1d, 7d", "queue": "100"],
      words: """
        They are three weeks of simulated card payments, with the handbook's split: a week to learn from, a week in which \
        frauds become known, a week to test, without customers already known as defrauded.
        """)
  }

  /// Claims have no moment and no amount: the week of the accident and the middle of the vehicle's price band stand in.
  private static func claims(_ table: Table) throws -> ProjectStart {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let years = try table.column("Year").numbers()
    let weeks = try table.column("WeekOfMonth").numbers()
    let names = try table.column("Month")
    let bands = try table.column("VehiclePrice")
    let times = years.indices.map { row -> Int64 in
      let month = (months.firstIndex(of: names.text(at: row) ?? "") ?? 0) + 1
      let day = CalendarDate.daysSince1970(year: Int(years[row]), month: month, day: 1) ?? 0
      return Int64(day + 7 * max(0, Int(weeks[row]) - 1)) * 86_400_000_000
    }
    let amounts = years.indices.map { row -> Double in
      let text = (bands.text(at: row) ?? "").replacing(",", with: "")
      let numbers = text.split { !$0.isNumber }.compactMap { Double($0) }
      return numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
    }
    return ProjectStart(
      table: try table.setting(Column("claimed", .dateTime(times))).setting(Column("price", .float(amounts))),
      columns: ["time": "claimed", "amount": "price", "fraud": "FraudFound", "terminal": "RepNumber", "part": "split"],
      excluded: ["PolicyNumber", "Year"], settings: ["windows": "7d, 30d, 90d", "label delay": "30 days"],
      words: "They are motor insurance claims of 1994 to 1996; the last year is the test.")
  }
}
