import Basics
import GRDB

/// The tables of the ledger and their history; a migration that was released is never changed.
enum LedgerSchema {
  /// "Asly": marks a SQLite file as a ledger.
  static let applicationIdentifier = 0x4173_6C79

  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs") { database in
      // Narrow rows clustered by identifier: a list of runs reads them in order and nothing else.
      try database.execute(
        sql: """
          CREATE TABLE runs (
            identifier TEXT NOT NULL PRIMARY KEY, command TEXT NOT NULL, state TEXT NOT NULL, started INTEGER NOT NULL,
            seconds REAL, data TEXT NOT NULL, target TEXT NOT NULL, metric TEXT NOT NULL, score REAL,
            model TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX runs_by_state ON runs (state);
          CREATE INDEX runs_by_target ON runs (target);
          CREATE TABLE details (
            identifier TEXT NOT NULL PRIMARY KEY REFERENCES runs ON DELETE CASCADE, dataHash TEXT NOT NULL,
            foldsHash TEXT NOT NULL, task TEXT NOT NULL, version TEXT NOT NULL, seed INTEGER NOT NULL,
            threads INTEGER NOT NULL, machine TEXT NOT NULL, arguments TEXT NOT NULL, parameters TEXT NOT NULL,
            failure TEXT NOT NULL, host TEXT NOT NULL, process INTEGER NOT NULL, processStarted TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX details_by_data ON details (dataHash);
          CREATE TABLE metrics (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, part TEXT NOT NULL, model TEXT NOT NULL,
            name TEXT NOT NULL, fold INTEGER NOT NULL, value REAL,
            PRIMARY KEY (run, part, model, name, fold)
          ) WITHOUT ROWID;
          CREATE TABLE artifacts (
            run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, kind TEXT NOT NULL, path TEXT NOT NULL,
            hash TEXT NOT NULL, bytes INTEGER NOT NULL,
            PRIMARY KEY (run, kind)
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 intervals") { database in
      try database.execute(sql: "ALTER TABLE metrics ADD COLUMN lower REAL; ALTER TABLE metrics ADD COLUMN upper REAL")
    }
    return migrator
  }()

  /// Brings a database up to date.
  ///
  /// - Throws: a `format` error if it is another program's, or was written by a newer version.
  static func prepare(_ pool: DatabasePool, path: String) throws {
    let isEmpty = try pool.read { database in
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      if tables == 0 { return true }
      let marked = try Int.fetchOne(database, sql: "PRAGMA application_id")
      guard marked == applicationIdentifier else {
        throw AssayError(
          .format, "this SQLite file is not a ledger of runs", at: path,
          remedy: "set ASSAY_HOME to another folder, or move the file away")
      }
      if try migrator.hasBeenSuperseded(database) {
        throw AssayError(
          .format, "the ledger was written by a newer version of assay", at: path,
          remedy: "update assay, or set ASSAY_HOME to another folder")
      }
      return false
    }
    if isEmpty {
      try pool.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier)")
      }
    }
    try migrator.migrate(pool)
  }
}
