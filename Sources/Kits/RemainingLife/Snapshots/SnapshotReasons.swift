import Experiments
import Foundation
import Tables

/// Why a piece of work is risky, in words.
struct SnapshotReasons {
  let bundle: ModelBundle
  let modes: FailureModes
  let threads: Int

  /// For each row at most three readings with their values and with what is usual; empty where no part of the model can
  /// say.
  ///
  /// - Parameters:
  ///   - table: The rows, with the column of what the modes say together where there are modes.
  ///   - likeliest: The position of each row's likeliest mode; nil without modes.
  func sentences(_ table: Table, likeliest: [Int?]) throws -> [String] {
    let readings = try FailureReasons(bundle: bundle, modes: modes, threads: threads)
      .readings(table, likeliest: likeliest)
    return readings.enumerated().map { row, columns in
      columns.compactMap { name in table[name].map { phrase($0, row) } }.joined(separator: "; ")
    }
  }

  private func phrase(_ column: Column, _ row: Int) -> String {
    if column.isMissing(row) { return "\(column.name) is not known" }
    guard column.kind == .integer || column.kind == .float else {
      return "\(column.name) \(column.text(at: row) ?? "")"
    }
    let value = column.selecting(rows: [row]).numbers()[0]
    let usual = bundle.usual?[column.name]?.words(for: value) ?? ""
    return "\(column.name) \(Self.plain(value))" + (usual.isEmpty ? "" : " (\(usual))")
  }

  /// A reading with four digits: temperatures in kelvin differ in the fourth.
  static func plain(_ value: Double) -> String {
    let magnitude = abs(value)
    let decimals = magnitude >= 1_000 || value == value.rounded() ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3
    return value.formatted(
      .number.precision(.fractionLength(0...decimals)).locale(Locale(identifier: "en")))
  }
}

extension ModeMeasures.Usual {
  /// What is usual, for the reader.
  var words: String {
    switch self {
    case .number(let value): SnapshotReasons.plain(value)
    case .range(let lower, let upper): "\(SnapshotReasons.plain(lower)) to \(SnapshotReasons.plain(upper))"
    case .text(let text): text
    case .unknown: "–"
    }
  }
}
