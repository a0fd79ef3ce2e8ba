import Basics
import Foundation
import GRDB

/// Which runs to list; nil means any.
public struct RunFilter: Sendable, Hashable {
  /// How far they got.
  public var state: RunState?
  /// What ran.
  public var command: String?
  /// The target column.
  public var target: String?
  /// The hash of the data.
  public var dataHash: String?
  /// The first moment of the start.
  public var startedFrom: Date?

  /// Creates a filter.
  public init(
    state: RunState? = nil, command: String? = nil, target: String? = nil, dataHash: String? = nil,
    startedFrom: Date? = nil
  ) {
    self.state = state
    self.command = command
    self.target = target
    self.dataHash = dataHash
    self.startedFrom = startedFrom
  }

  fileprivate var conditions: (sql: [String], arguments: StatementArguments) {
    var sql: [String] = []
    var arguments = StatementArguments()
    func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      sql.append(condition)
      arguments += [value]
    }
    add("state = ?", state?.rawValue)
    add("command = ?", command)
    add("target = ?", target)
    add("identifier IN (SELECT identifier FROM details WHERE dataHash = ?)", dataHash)
    add("started >= ?", startedFrom?.microseconds)
    return (sql, arguments)
  }
}

extension Ledger {
  /// The newest runs first.
  ///
  /// - Parameters:
  ///   - limit: the most runs; nil means all.
  ///   - before: the name of the last run of the page before this one; the list goes on after it. Its cost does not
  ///     depend on how many pages came before.
  public func list(
    limit: Int? = 50, before identifier: String? = nil, filter: RunFilter = RunFilter()
  ) throws -> [RunListing] {
    var (conditions, arguments) = filter.conditions
    if let identifier {
      conditions.append("identifier < ?")
      arguments += [identifier]
    }
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let sql = """
      SELECT identifier, command, state, started, seconds, data, target, metric, score, model
      FROM runs \(condition) ORDER BY identifier DESC LIMIT \(limit ?? -1)
      """
    return try read { [arguments] database in
      let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
      var listings: [RunListing] = []
      while let row = try rows.next() {
        listings.append(
          RunListing(
            identifier: row[0] ?? "", command: row[1] ?? "", state: RunState(stored: row[2]),
            started: Date(microseconds: row[3]), seconds: row[4], data: row[5] ?? "", target: row[6] ?? "",
            metric: row[7] ?? "", score: row[8], model: row[9] ?? ""))
      }
      return listings
    }
  }

  /// The targets of the runs, each once, in alphabetical order.
  public func targets() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT DISTINCT target FROM runs ORDER BY target") }
  }

  /// The number of runs.
  public func count(filter: RunFilter = RunFilter()) throws -> Int {
    let (conditions, arguments) = filter.conditions
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    return try read { database in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM runs \(condition)", arguments: arguments) ?? 0
    }
  }

  /// The run of a name, or of the beginning of a name that no other run shares.
  ///
  /// - Throws: `configuration` if there is none or more than one; `format` if the ledger is damaged.
  public func fetch(_ nameOrBeginning: String) throws -> RunRecord {
    try read { database in
      // "~" sorts behind every character of a name.
      let found = try String.fetchAll(
        database,
        sql: "SELECT identifier FROM runs WHERE identifier >= ? AND identifier < ? ORDER BY identifier LIMIT 6",
        arguments: [nameOrBeginning, nameOrBeginning + "~"])
      let isUnique = found.count == 1 || found.first == nameOrBeginning
      guard !nameOrBeginning.isEmpty, let identifier = found.first else { throw self.noSuchRun(nameOrBeginning) }
      guard isUnique else {
        let shown = found.prefix(5).joined(separator: ", ") + (found.count > 5 ? " and more" : "")
        throw AssayError(
          .configuration, "several runs begin with \"\(nameOrBeginning)\": \(shown)", at: self.path,
          remedy: "give more characters")
      }
      return try self.record(identifier, database)
    }
  }

  private func record(_ identifier: String, _ database: Database) throws -> RunRecord {
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM runs JOIN details USING (identifier) WHERE identifier = ?",
        arguments: [identifier])
    else { throw noSuchRun(identifier) }
    func text(_ column: String) -> String { row[column] ?? "" }
    var run = RunRecord(
      identifier: identifier, command: text("command"), started: Date(microseconds: row["started"]),
      data: text("data"), dataHash: text("dataHash"), foldsHash: text("foldsHash"), target: text("target"),
      task: text("task"), metric: text("metric"), version: text("version"),
      seed: UInt64(bitPattern: row["seed"] ?? 0), threads: row["threads"] ?? 1, machine: text("machine"),
      arguments: text("arguments"),
      parameters: try CanonicalJSON.decode(
        [String: String].self, from: Array(text("parameters").utf8), source: path))
    run.state = RunState(stored: row["state"])
    run.seconds = row["seconds"]
    run.score = row["score"]
    run.model = text("model")
    run.failure = text("failure")
    run.metrics = try metrics(identifier, database)
    run.artifacts = try artifacts(identifier, database)
    return run
  }

  private func metrics(_ run: String, _ database: Database) throws -> [RunMetric] {
    try Row.fetchAll(
      database, sql: "SELECT name, model, part, fold, value, lower, upper FROM metrics WHERE run = ?", arguments: [run]
    ).compactMap { row in
      guard let part = RunMetric.Part(rawValue: row[2] ?? "") else { return nil }
      let fold: Int = row[3] ?? -1
      return RunMetric(
        row[0] ?? "", model: row[1] ?? "", part: part, fold: fold < 0 ? nil : fold, value: row[4] ?? .nan,
        lower: row[5], upper: row[6])
    }
  }

  private func artifacts(_ run: String, _ database: Database) throws -> [RunArtifact] {
    try Row.fetchAll(
      database, sql: "SELECT kind, path, hash, bytes FROM artifacts WHERE run = ?", arguments: [run]
    ).compactMap { row in
      guard let kind = RunArtifact.Kind(rawValue: row[0] ?? "") else { return nil }
      return RunArtifact(kind, path: row[1] ?? "", hash: row[2] ?? "", bytes: row[3] ?? 0)
    }
  }
}

extension RunState {
  /// The state of a stored word; a word of a newer version counts as interrupted.
  fileprivate init(stored word: String?) { self = word.flatMap(RunState.init(rawValue:)) ?? .interrupted }
}

extension Date {
  fileprivate init(microseconds: Int64?) { self.init(timeIntervalSince1970: Double(microseconds ?? 0) * 1e-6) }
}
