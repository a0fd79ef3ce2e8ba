import Basics
import Checks
import Foundation
import Fraud
import Tables
import XCTest

final class PaymentSimulatorTests: XCTestCase {
  private func texts(_ table: Table, _ name: String) throws -> [String?] {
    let column = try table.column(name)
    return (0..<table.rowCount).map { column.text(at: $0) }
  }

  private func missing(_ table: Table, _ name: String) throws -> Double {
    Double(try table.column(name).missingCount) / Double(table.rowCount)
  }

  /// The probability that a fraud scores higher than an honest payment; ties count half.
  private func auc(_ scores: [Double], _ isFraud: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var ranks = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      let rank = Double(start + end + 1) / 2
      ranks += rank * Double(order[start..<end].count { isFraud[$0] })
      start = end
    }
    let frauds = Double(isFraud.count { $0 })
    return (ranks - frauds * (frauds + 1) / 2) / (frauds * (Double(scores.count) - frauds))
  }

  func testSameKeySameTables() throws {
    for seed in checkSeeds {
      let a = try PaymentSimulator(customers: 200, days: 40, key: RandomKey(seed: seed)).simulate()
      let b = try PaymentSimulator(customers: 200, days: 40, key: RandomKey(seed: seed)).simulate(threads: 2)
      let c = try PaymentSimulator(customers: 200, days: 40, key: RandomKey(seed: seed + 1)).simulate()
      XCTAssertEqual(a.payments.contentHash(), b.payments.contentHash())
      XCTAssertEqual(a.truth.contentHash(), b.truth.contentHash())
      XCTAssertEqual(a.payments.names, c.payments.names)
      XCTAssertNotEqual(a.payments.contentHash(), c.payments.contentHash())
    }
  }

  func testAboutOnePercentAreFrauds() throws {
    for seed in checkSeeds {
      let simulation = try PaymentSimulator(key: RandomKey(seed: seed)).simulate(threads: 2)
      let count = Double(simulation.payments.rowCount)
      let share = Double(simulation.isFraud.count { $0 }) / count
      XCTAssertEqual(count, 2_000 * 120 * 0.1, accuracy: 4_000, "seed \(seed)")
      XCTAssertGreaterThan(share, 0.006, "seed \(seed)")
      XCTAssertLessThan(share, 0.022, "seed \(seed)")
      XCTAssertEqual(try texts(simulation.payments, "fraud"), simulation.isFraud.map { $0 ? "yes" : "no" })
      // Every scheme occurs, each with honest look-alikes.
      let schemes = Set(try texts(simulation.truth, "scheme").compactMap { $0 })
      for scheme in [
        "stolen card", "account takeover", "shared device", "compromised merchant", "refund abuse", "none",
      ] {
        XCTAssertTrue(schemes.contains(scheme), "seed \(seed): \(scheme)")
      }
      XCTAssertTrue(zip(simulation.probabilities, simulation.isFraud).contains { $0 > 0.3 && !$1 })
    }
  }

  func testIntensityScalesFrauds() throws {
    let key = RandomKey(seed: 3)
    let none = try PaymentSimulator(customers: 500, days: 60, intensity: 0, key: key).simulate()
    XCTAssertFalse(none.isFraud.contains(true))
    let usual = try PaymentSimulator(customers: 500, days: 60, key: key).simulate()
    let many = try PaymentSimulator(customers: 500, days: 60, intensity: 4, key: key).simulate()
    XCTAssertGreaterThan(many.isFraud.count { $0 }, 2 * usual.isFraud.count { $0 })
  }

  /// Labels follow the stated probabilities. Payments of an episode share one draw, at most some twenty of them, so the
  /// variance of a sum is at most twenty times that of independent draws.
  func testProbabilitiesAreTrue() throws {
    var sums: [Int: (difference: Double, variance: Double, count: Int)] = [:]
    for seed in 0..<24 {
      let simulation = try PaymentSimulator(customers: 400, days: 80, intensity: 2, key: RandomKey(seed: UInt64(seed)))
        .simulate()
      for (p, isFraud) in zip(simulation.probabilities, simulation.isFraud) {
        let bin = p < 0.001 ? -1 : Int(p * 5)
        var sum = sums[bin] ?? (0, 0, 0)
        sum.difference += (isFraud ? 1 : 0) - p
        sum.variance += p * (1 - p)
        sum.count += 1
        sums[bin] = sum
      }
    }
    XCTAssertEqual(sums.count, 6)
    for (bin, sum) in sums {
      let clustered = bin == -1 ? 1.0 : 8
      XCTAssertLessThan(abs(sum.difference), 4 * (clustered * sum.variance).squareRoot(), "bin \(bin): \(sum)")
    }
  }

  /// No score beats the true probability: neither one column, nor the probability with noise. Single tables may say
  /// otherwise by chance, because the frauds of an episode come together; so means over some count.
  func testTheTrueProbabilityRanksBest() throws {
    var (best, blurred, byAmount) = (0.0, 0.0, 0.0)
    let seeds: [UInt64] = [1, 2, 3, 4, 7, 2026]
    for seed in seeds {
      let simulation = try PaymentSimulator(customers: 1_500, days: 100, key: RandomKey(seed: seed)).simulate()
      let own = auc(simulation.probabilities, simulation.isFraud)
      XCTAssertGreaterThan(own, 0.9)
      XCTAssertLessThan(own, 0.9999, "nothing is left to chance")
      var random = RandomKey(seed: seed)["noise"].stream()
      let noisy = simulation.probabilities.map { log($0 / (1 - $0)) + 3 * random.normal() }
      best += own / Double(seeds.count)
      blurred += auc(noisy, simulation.isFraud) / Double(seeds.count)
      byAmount += auc(try simulation.payments.column("amount").numbers(), simulation.isFraud) / Double(seeds.count)
    }
    XCTAssertLessThan(blurred, best)
    XCTAssertLessThan(byAmount, best - 0.05)
    XCTAssertGreaterThan(byAmount, 0.5, "amounts tell something")
  }

  func testReportsComeLater() throws {
    let simulation = try PaymentSimulator(key: RandomKey(seed: 7)).simulate()
    let times = try simulation.payments.column("time").numbers()
    let reports = try simulation.payments.column("fraud_reported").numbers()
    XCTAssertEqual(times, times.sorted())
    XCTAssertEqual(reports.map { !$0.isNaN }, simulation.isFraud)
    let delays = zip(times, reports).map { ($1 - $0) / 86_400 }.filter { !$0.isNaN }.sorted()
    XCTAssertGreaterThan(delays[0], 0)
    XCTAssertLessThanOrEqual(delays[delays.count - 1], 75)
    XCTAssertEqual(delays[delays.count / 2], 10, accuracy: 6)
  }

  func testColumnsLookAsInAShop() throws {
    let table = try PaymentSimulator(key: RandomKey(seed: 1)).simulate().payments
    XCTAssertEqual(Set(try texts(table, "payment_id")).count, table.rowCount)
    XCTAssertEqual(try missing(table, "device_id"), 0.03, accuracy: 0.006)
    XCTAssertEqual(try missing(table, "ip"), 0.01, accuracy: 0.004)
    XCTAssertEqual(try missing(table, "ip"), try missing(table, "ip_country"))
    for name in ["time", "account_id", "email", "card_id", "amount", "merchant_id", "channel", "fraud"] {
      XCTAssertEqual(try missing(table, name), 0, name)
    }
    let digital = try texts(table, "category").map { $0 == "gift cards" || $0 == "tickets" }
    XCTAssertEqual(try texts(table, "shipping_address").map { $0 == nil }, digital)
    XCTAssertTrue(try table.column("amount").numbers().allSatisfy { $0 >= 1 && $0 < 20_000 })
    let created = try table.column("account_created").numbers()
    XCTAssertTrue(zip(created, try table.column("time").numbers()).allSatisfy { $0 < $1 })
    // Numbers of accounts follow the time of signing up, so they tell nothing that the date does not.
    let numbers = try texts(table, "account_id").map { Int($0?.dropFirst(2) ?? "") ?? -1 }
    let byNumber = Dictionary(zip(numbers, created)) { first, _ in first }.sorted { $0.key < $1.key }.map(\.value)
    XCTAssertEqual(byNumber, byNumber.sorted())
  }

  func testHabitsAndDrift() throws {
    let table = try PaymentSimulator(customers: 1_000, days: 200, intensity: 0, key: RandomKey(seed: 5)).simulate()
      .payments
    let isApp = try texts(table, "channel").map { $0 == "app" }
    let quarter = table.rowCount / 4
    func share(_ rows: Range<Int>) -> Double { Double(rows.count { isApp[$0] }) / Double(rows.count) }
    XCTAssertGreaterThan(share(3 * quarter..<4 * quarter), share(0..<quarter) + 0.08)
    // Most payments of an account come from its home country and by few devices.
    let countries = zip(try texts(table, "ip_country"), try texts(table, "card_country")).filter { $0.0 != nil }
    XCTAssertGreaterThan(Double(countries.count { $0 == $1 }) / Double(countries.count), 0.9)
    var devices: [String: Set<String>] = [:]
    for (account, device) in zip(try texts(table, "account_id"), try texts(table, "device_id")) {
      if let account, let device { devices[account, default: []].insert(device) }
    }
    XCTAssertLessThan(devices.values.map(\.count).max() ?? 0, 6)
    let hours = try table.column("time").numbers().map { Int($0 / 3_600) % 24 }
    XCTAssertGreaterThan(hours.count { (10..<18).contains($0) }, 4 * hours.count { (2..<7).contains($0) })
  }

  func testRingsShareADeviceAndComeLate() throws {
    let days = 100
    let simulation = try PaymentSimulator(customers: 2_000, days: days, key: RandomKey(seed: 11)).simulate()
    let schemes = try texts(simulation.truth, "scheme")
    let rows = schemes.indices.filter { schemes[$0] == "shared device" }
    XCTAssertGreaterThan(rows.count, 5)
    let times = try simulation.payments.column("time").numbers()
    let start = 1_736_121_600 + Double(days) * 86_400 * 0.6
    XCTAssertTrue(rows.allSatisfy { times[$0] >= start })
    let accounts = try texts(simulation.payments, "account_id")
    let devices = try texts(simulation.payments, "device_id")
    var sharing: [String: Set<String?>] = [:]
    for row in rows { if let device = devices[row] { sharing[device, default: []].insert(accounts[row]) } }
    XCTAssertGreaterThanOrEqual(sharing.values.map(\.count).max() ?? 0, 3)
  }

  func testChallengesAndRefusals() throws {
    let simulation = try PaymentSimulator(key: RandomKey(seed: 2)).simulate()
    let passes = try simulation.truth.column("passes_challenge").numbers()
    let leaves = try simulation.truth.column("leaves_if_refused").numbers()
    let schemes = try texts(simulation.truth, "scheme")
    func mean(_ values: [Double], _ rows: [Int]) -> Double { rows.map { values[$0] }.reduce(0, +) / Double(rows.count) }
    let honest = schemes.indices.filter { !simulation.isFraud[$0] }
    let stolen = schemes.indices.filter { schemes[$0] == "stolen card" }
    XCTAssertEqual(mean(passes, honest), 0.94, accuracy: 0.01)
    XCTAssertLessThan(mean(passes, stolen), 0.25)
    XCTAssertEqual(mean(leaves, honest), 0.16, accuracy: 0.06)
    XCTAssertEqual(mean(leaves, schemes.indices.filter { simulation.isFraud[$0] }), 0)
  }

  func testOneCustomer() throws {
    let simulation = try PaymentSimulator(customers: 1, days: 400, key: RandomKey(seed: 4)).simulate()
    XCTAssertGreaterThan(simulation.payments.rowCount, 0)
    XCTAssertEqual(simulation.payments.rowCount, simulation.truth.rowCount)
  }
}
