import Basics
import Foundation
import Tables

extension Guard {
  /// Entities on both sides of the split, and columns that look like an entity where none is declared.
  func entityFindings(_ data: GuardedData) -> [GuardFinding] {
    guard let test = data.test, test.rowCount > 0 else { return [] }
    if let name = data.entityColumn, let training = data.training[name], let measured = test[name] {
      let known = Set(presentHashes(training))
      let rows = presentHashes(measured)
      let shared = rows.count { known.contains($0) }
      guard shared > 0 else { return [] }
      let entities = Set(rows).intersection(known).count
      // Over time the same customers come again; whether that flatters depends on who is scored later.
      let isTimed = data.timeColumn != nil && !data.isRandomSplit
      return [
        GuardFinding(
          .entities, severity: isTimed ? .warning : .stop, column: name,
          evidence: "\(entities) values of \"\(name)\" are on both sides of the split, in \(shared) of "
            + "\(test.rowCount) test rows",
          remedy:
            "split by entity, or, if the same ones will be scored later, keep it with --allow \"entities:\(name)\" "
            + "\"reason\"")
      ]
    }
    guard data.isRandomSplit, data.entityColumn == nil else { return [] }
    return data.training.columns.compactMap { column in
      guard let other = test[column.name], looksLikeEntity(column) else { return nil }
      let known = Set(presentHashes(column))
      let rows = presentHashes(other)
      let share = Double(rows.count { known.contains($0) }) / Double(max(1, rows.count))
      guard share >= 0.2 else { return nil }
      return GuardFinding(
        .entities, severity: .warning, column: column.name,
        evidence: "column \"\(column.name)\" looks like an entity (\(known.count) values, "
          + String(format: "%.1f", Double(column.count) / Double(max(1, known.count)))
          + " rows each), and \(Split.percent(share)) of the test rows have one that was learned from",
        remedy: "if new ones will be scored later, split with --entity \"\(column.name)\"")
    }
  }

  /// Two rows or more per value on average, at least twenty values, and a name that says so.
  private func looksLikeEntity(_ column: Column) -> Bool {
    switch column.kind {
    case .integer, .text, .category: break
    default: return false
    }
    let words = nameWords(column.name)
    let isNamed =
      words.last.map { ["id", "uid", "uuid", "guid", "identifier"].contains($0) } ?? false
      || words.contains { Self.entityWords.contains($0) && words.count <= 2 }
    guard isNamed else { return false }
    let distinct = Set(presentHashes(column)).count
    return distinct >= 20 && 2 * distinct <= column.count
  }

  private static let entityWords: Set<String> = [
    "customer", "client", "user", "patient", "account", "member", "subscriber", "household", "person", "student",
    "employee", "driver", "device", "machine", "vehicle", "merchant", "seller", "subject", "participant",
    "policyholder",
  ]

  private func presentHashes(_ column: Column) -> [UInt64] {
    let hashes = column.valueHashes()
    return hashes.indices.filter { !column.isMissing($0) }.map { hashes[$0] }
  }

  /// Test rows before training rows in the declared time, and timed data split at random.
  func timeFindings(_ data: GuardedData, sample: LeakSample) -> [GuardFinding] {
    if let name = data.timeColumn {
      guard let training = data.training[name], let test = data.test?[name] else { return [] }
      let last = training.numbers().filter { !$0.isNaN }.max() ?? -.infinity
      let times = test.numbers().filter { !$0.isNaN }
      let early = times.count { $0 <= last }
      guard early > 0 else { return [] }
      let share = Double(early) / Double(times.count)
      return [
        GuardFinding(
          .time, severity: share >= 0.1 ? .stop : .warning,
          evidence: "\(Split.percent(share)) of the test rows are not later than the last training row in "
            + "\"\(name)\", so the past is predicted from the future",
          remedy: "split with --time \"\(name)\", or keep the split with --allow time \"reason\"")
      ]
    }
    guard data.isRandomSplit else { return laterTestFindings(data) }
    guard data.test != nil else { return [] }
    return data.training.columns.compactMap { column in
      guard column.kind == .dateTime, let drift = drift(column, sample) else { return nil }
      return GuardFinding(
        .time, severity: .warning, column: column.name,
        evidence: "the rows are divided at random, but column \"\(column.name)\" is a time: \(drift)",
        remedy: "if later rows will be scored, split with --time \"\(column.name)\"")
    }
  }

  /// Given test rows that are all later than the training rows, while no time is declared.
  private func laterTestFindings(_ data: GuardedData) -> [GuardFinding] {
    data.training.columns.compactMap { column in
      guard column.kind == .dateTime, let other = data.test?[column.name] else { return nil }
      let times = other.numbers().filter { !$0.isNaN }
      guard let first = times.min(), let last = column.numbers().filter({ !$0.isNaN }).max(), first >= last
      else { return nil }
      return GuardFinding(
        .time, severity: .warning, column: column.name,
        evidence: "every test row is later in \"\(column.name)\" than the training rows, but candidates are judged, "
          + "and intervals made, on rows drawn at random",
        remedy: "judge them on later rows too with --time \"\(column.name)\"")
    }
  }

  /// How much the target changes along a time column, in words; nil if the column has one value.
  private func drift(_ column: Column, _ sample: LeakSample) -> String? {
    let times = sample.coded(column).numbers
    let present = times.indices.filter { !times[$0].isNaN }
    guard present.count >= 20, Set(present.lazy.map { times[$0] }).count > 1 else { return nil }
    let order = descendingOrder(of: present.map { -times[$0] }).map { sample.labels[present[Int($0)]] }
    let third = order.count / 3
    if sample.task.width == 1 {
      let first = order.prefix(third).reduce(0, +) / Double(third)
      let last = order.suffix(third).reduce(0, +) / Double(third)
      return
        "the target's mean is \(number(first)) in the first third and \(number(last)) in the last, and neighbours in "
        + "time correlate with \(String(format: "%.2f", neighbourCorrelation(order)))"
    }
    var counts = [[Double]](repeating: [Double](repeating: 0, count: sample.task.width), count: 2)
    for label in order.prefix(third) { counts[0][Int(label)] += 1 / Double(third) }
    for label in order.suffix(third) { counts[1][Int(label)] += 1 / Double(third) }
    let moved = counts[0].indices.max { abs(counts[0][$0] - counts[1][$0]) < abs(counts[0][$1] - counts[1][$1]) } ?? 0
    return "class \"\(sample.task.classes[moved])\" has \(Split.percent(counts[0][moved])) of the first third and "
      + "\(Split.percent(counts[1][moved])) of the last"
  }

  private func neighbourCorrelation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    var products = 0.0
    var squares = 0.0
    for i in values.indices {
      squares += (values[i] - mean) * (values[i] - mean)
      if i > 0 { products += (values[i] - mean) * (values[i - 1] - mean) }
    }
    return squares > 0 ? products / squares : 0
  }

  private func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
