import Basics
import Foundation
import Tables

/// Simulates a customer-retention table: one row per customer whose contract came up for review, over eighty weeks.
///
/// It is the data of `assay demo` and of tests that need a known truth. The columns are as a company would export them:
/// identifiers, categories, amounts, counts, dates, a survey that half of the customers do not answer, call notes in
/// free text, and missing values whose absence means something. In week 52 prices rise by eight percent, and from week
/// 60 on a competitor courts two regions, so the last weeks differ from the first. Whether a customer leaves is drawn
/// with a probability that is known (`Simulation.probabilities`) and that no model can beat.
public struct RetentionSimulator: Sendable {
  /// A simulated table with its truth.
  public struct Simulation: Sendable {
    /// The rows, by date of review.
    public var table: Table
    /// The probability with which each row's customer leaves.
    public var probabilities: [Double]
  }

  /// The column to predict: "yes" where the customer left.
  public static let target = "churned"
  /// The column of the date on which the customer's contract was reviewed.
  public static let timeColumn = "review_date"
  /// The number of weeks from the first to the last review.
  public static let weeks = 80

  /// What keeping a customer is worth, as a value file: a third of those who would leave stay for an offer that costs
  /// money for everyone who gets it, and the team makes thirty offers a week.
  public static let valueFile = """
    # What an offer to a customer is worth.
    # 35 % of those who would have left stay for it, and pay for twelve more months;
    # everyone who gets it gets ten percent off for these months, and a call that costs 25.
    currency: EUR
    positive: "yes"
    unit: customer
    actions:
      offer:
        gain: 0.35 * 12 * monthly_fee * label
        cost: 25 + 0.1 * 12 * monthly_fee
    capacity: 30 per week
    time: review_date
    today: support_tickets >= 3

    """

  /// The number of rows.
  public let rowCount: Int
  private let key: RandomKey

  /// Creates a simulator.
  ///
  /// - Parameters:
  ///   - rowCount: the number of customers, at least 1.
  ///   - key: the randomness; the same key gives the same table.
  public init(rowCount: Int = 12_000, key: RandomKey) {
    precondition(rowCount >= 1, "RetentionSimulator: \(rowCount) rows")
    self.rowCount = rowCount
    self.key = key["retention"]
  }

  /// Draws the table.
  public func simulate() throws -> Simulation {
    let customers = (0..<rowCount).map { row in
      RetentionCustomer(day: day(of: row), key: key["customer"][row])
    }
    // Numbers as a company gives them: increasing with the date of signing up, with gaps.
    let bySignup = (0..<rowCount).sorted { (customers[$0].signupDay, $0) < (customers[$1].signupDay, $1) }
    var identifiers = [String](repeating: "", count: rowCount)
    var number = 100_000
    var gaps = key["identifiers"].stream()
    for row in bySignup {
      number += 1 + gaps.integer(below: 9)
      identifiers[row] = "C-\(number)"
    }
    return Simulation(
      table: try table(customers, identifiers: identifiers), probabilities: customers.map(\.probability))
  }

  /// Working days, evenly filled: a row's place among the rows decides its date.
  private func day(of row: Int) -> Int {
    let workingDay = row * RetentionSimulator.weeks * 5 / rowCount
    return workingDay / 5 * 7 + workingDay % 5
  }

  private func table(_ customers: [RetentionCustomer], identifiers: [String]) throws -> Table {
    func integers(_ value: (RetentionCustomer) -> Int?) -> ColumnValues {
      .integer(customers.map { value($0).map(Int64.init) ?? Column.missingInteger })
    }
    func numbers(_ digits: Int, _ value: (RetentionCustomer) -> Double?) -> ColumnValues {
      let scale = pow(10, Double(digits))
      return .float(customers.map { value($0).map { ($0 * scale).rounded() / scale } ?? .nan })
    }
    func categories(_ value: (RetentionCustomer) -> String?) -> ColumnValues {
      .category(CategoryValues(customers.map(value)))
    }
    func dates(_ value: (RetentionCustomer) -> Int) -> ColumnValues {
      .dateTime(customers.map { RetentionSimulator.microseconds(day: value($0)) })
    }
    return try Table([
      Column("customer_id", .text(TextValues(identifiers))),
      Column(RetentionSimulator.timeColumn, dates(\.day)),
      Column("signup_date", dates(\.signupDay)),
      Column("tenure_months", integers(\.tenure)),
      Column("region", categories(\.region)),
      Column("age", integers(\.age)),
      Column("contract", categories(\.contract)),
      Column("plan", categories(\.plan)),
      Column("payment", categories(\.payment)),
      Column("paperless", .boolean(customers.map { $0.isPaperless ? 1 : 0 })),
      Column("monthly_fee", numbers(2, \.fee)),
      Column("usage_gb", numbers(1, \.usage)),
      Column("usage_change_percent", numbers(1, \.usageChange)),
      Column("support_tickets", integers(\.tickets)),
      Column("late_payments", integers(\.latePayments)),
      Column("satisfaction", integers(\.satisfaction)),
      Column("last_campaign", categories(\.campaign)),
      Column("call_note", .text(TextValues(customers.map(\.note)))),
      Column(RetentionSimulator.target, categories { $0.leaves ? "yes" : "no" }),
    ])
  }

  /// Day 0 is Monday, 1 January 2024.
  private static func microseconds(day: Int) -> Int64 {
    (1_704_067_200 + Int64(day) * 86_400) * 1_000_000
  }
}
