import Basics
import Foundation
import GRDB

/// The list of all runs, in a SQLite file that any number of processes may read and write at once.
///
/// ```swift
/// let ledger = try Ledger(path: Ledger.defaultPath())
/// var run = RunRecord(identifier: RunIdentifier.make(at: .now, entropy: 7), command: "train", started: .now)
/// try ledger.insert(run)
/// try ledger.add([RunMetric("log loss", model: "boosting 1", part: .validation, fold: 0, value: 0.31)], to: run.identifier)
/// run.state = .finished
/// try ledger.finish(run)
/// for line in try ledger.list(limit: 20) { print(line.identifier, line.score ?? .nan) }
/// ```
///
/// Every call is one transaction: after a crash it is there whole or not at all. A writer waits for up to 30 seconds
/// while another process writes.
public final class Ledger: Sendable {
  /// The file.
  public let path: String
  let pool: DatabasePool

  /// The usual place: `ledger.sqlite` in `$ASSAY_HOME`, else in `assay` below `$XDG_DATA_HOME`, else in
  /// `~/.local/share/assay`.
  public static func defaultPath(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let home = given("ASSAY_HOME") { return home + "/ledger.sqlite" }
    if let data = given("XDG_DATA_HOME") { return data + "/assay/ledger.sqlite" }
    return (given("HOME") ?? NSHomeDirectory()) + "/.local/share/assay/ledger.sqlite"
  }

  /// Opens a ledger, creating the file and its folder if they are absent.
  ///
  /// - Throws: `file` if it cannot be read and written, `format` if the file is damaged, another program's, or of a
  ///   newer version.
  public init(path: String) throws {
    self.path = path
    let folder = (path as NSString).deletingLastPathComponent
    try FileAccess.createFolder(folder.isEmpty ? "." : folder)
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.maximumReaderCount = 2
    configuration.label = "ledger"
    pool = try Ledger.explained(path) { [configuration] in
      // Two processes that create the file at once would both find it without tables.
      try FileLock.holding(path + ".lock") {
        let pool = try DatabasePool(path: path, configuration: configuration)
        try LedgerSchema.prepare(pool, path: path)
        return pool
      }
    }
  }

  // MARK: Writing

  /// Enters a run, with whatever is known of it.
  ///
  /// - Throws: `configuration` if there is a run of this name already; `file` or `format`, see `init`.
  public func insert(_ run: RunRecord) throws {
    try write { database in
      guard try !Ledger.exists(run.identifier, database) else {
        throw AssayError(.configuration, "there is a run \"\(run.identifier)\" already", at: self.path)
      }
      let owner = ProcessMark.current
      try Ledger.put(run, database)
      try database.execute(
        sql: """
          INSERT INTO details (identifier, dataHash, foldsHash, task, version, seed, threads, machine, arguments,
            parameters, failure, host, process, processStarted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run.identifier, run.dataHash, run.foldsHash, run.task, run.version, Int64(bitPattern: run.seed), run.threads,
          run.machine, run.arguments, try Ledger.json(run.parameters), run.failure, owner.host, owner.process,
          owner.started,
        ])
      try Ledger.put(run.metrics, run.identifier, database)
      try Ledger.put(run.artifacts, run.identifier, database)
    }
  }

  /// Adds measured numbers to a run; one that was measured before is replaced.
  ///
  /// - Throws: `configuration` if there is no such run.
  public func add(_ metrics: [RunMetric], to identifier: String) throws {
    try write { database in
      try self.require(identifier, database)
      try Ledger.put(metrics, identifier, database)
    }
  }

  /// Adds files to a run; one of the same kind is replaced.
  ///
  /// - Throws: `configuration` if there is no such run.
  public func add(_ artifacts: [RunArtifact], to identifier: String) throws {
    try write { database in
      try self.require(identifier, database)
      try Ledger.put(artifacts, identifier, database)
    }
  }

  /// Enters the end of a run: replaces what is known of it; metrics and files in the record are added to those that
  /// are there.
  ///
  /// - Throws: `configuration` if there is no such run.
  public func finish(_ run: RunRecord) throws {
    try write { database in
      try self.require(run.identifier, database)
      try database.execute(
        sql: """
          UPDATE runs SET command = ?, state = ?, started = ?, seconds = ?, data = ?, target = ?, metric = ?, score = ?,
            model = ? WHERE identifier = ?
          """,
        arguments: [
          run.command, run.state.rawValue, run.started.microseconds, run.seconds, run.data, run.target, run.metric,
          run.score, run.model, run.identifier,
        ])
      try database.execute(
        sql: """
          UPDATE details SET dataHash = ?, foldsHash = ?, task = ?, version = ?, seed = ?, threads = ?, machine = ?,
            arguments = ?, parameters = ?, failure = ? WHERE identifier = ?
          """,
        arguments: [
          run.dataHash, run.foldsHash, run.task, run.version, Int64(bitPattern: run.seed), run.threads, run.machine,
          run.arguments, try Ledger.json(run.parameters), run.failure, run.identifier,
        ])
      try Ledger.put(run.metrics, run.identifier, database)
      try Ledger.put(run.artifacts, run.identifier, database)
    }
  }

  /// Marks all runs of this machine that are marked as running although their process has ended, or the machine was
  /// started anew since, as `abandoned`. Of runs on another machine nothing is known.
  ///
  /// - Returns: their names.
  @discardableResult
  public func closeAbandonedRuns() throws -> [String] {
    try write { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT runs.identifier, host, process, processStarted FROM runs JOIN details USING (identifier)
          WHERE state = 'running'
          """)
      let abandoned = rows.compactMap { row -> String? in
        let owner = ProcessMark(host: row[1] ?? "", process: row[2] ?? 0, started: row[3] ?? "")
        return owner.hasEnded ? row[0] : nil
      }
      for identifier in abandoned {
        try database.execute(
          sql: "UPDATE runs SET state = ? WHERE identifier = ?",
          arguments: [RunState.abandoned.rawValue, identifier])
      }
      return abandoned
    }
  }

  private static func put(_ run: RunRecord, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO runs (identifier, command, state, started, seconds, data, target, metric, score, model)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.identifier, run.command, run.state.rawValue, run.started.microseconds, run.seconds, run.data, run.target,
        run.metric, run.score, run.model,
      ])
  }

  private static func put(_ metrics: [RunMetric], _ run: String, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO metrics (run, part, model, name, fold, value, lower, upper) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    for metric in metrics {
      // SQLite keeps no not-a-number; NULL stands for it.
      let value = metric.value.isNaN ? nil : metric.value
      try statement.execute(
        arguments: [
          run, metric.part.rawValue, metric.model, metric.name, metric.fold ?? -1, value, metric.lower, metric.upper,
        ])
    }
  }

  private static func put(_ artifacts: [RunArtifact], _ run: String, _ database: Database) throws {
    for artifact in artifacts {
      try database.execute(
        sql: "INSERT OR REPLACE INTO artifacts (run, kind, path, hash, bytes) VALUES (?, ?, ?, ?, ?)",
        arguments: [run, artifact.kind.rawValue, artifact.path, artifact.hash, artifact.bytes])
    }
  }

  private static func json(_ parameters: [String: String]) throws -> String {
    String(decoding: try CanonicalJSON.encode(parameters), as: UTF8.self)
  }

  private static func exists(_ identifier: String, _ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE identifier = ?)", arguments: [identifier]) ?? false
  }

  private func require(_ identifier: String, _ database: Database) throws {
    guard try Ledger.exists(identifier, database) else { throw noSuchRun(identifier) }
  }

  func noSuchRun(_ identifier: String) -> AssayError {
    AssayError(
      .configuration, "there is no run \"\(identifier)\" in the ledger", at: path, remedy: "assay runs lists them")
  }

  func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Ledger.explained(path) { try pool.write(body) }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Ledger.explained(path) { try pool.read(body) }
  }
}

extension Date {
  /// Microseconds since 1970.
  var microseconds: Int64 { Int64((timeIntervalSince1970 * 1e6).rounded()) }
}
