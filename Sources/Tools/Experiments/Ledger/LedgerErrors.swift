import Basics
import Foundation
import GRDB

extension Ledger {
  /// Runs a body and turns what SQLite says into words that a user understands.
  static func explained<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as AssayError {
      throw error
    } catch let error as DatabaseError {
      throw explanation(error, path)
    } catch is RowDecodingError {
      throw damaged(path)
    }
  }

  private static func damaged(_ path: String) -> AssayError {
    AssayError(
      .format, "the ledger of runs is damaged", at: path,
      remedy: "move the file away (a new one is made), or restore a copy of it")
  }

  private static func explanation(_ error: DatabaseError, _ path: String) -> AssayError {
    let elsewhere = "set ASSAY_HOME to another folder"
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return damaged(path)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return AssayError(
        .file, "the ledger of runs cannot be opened for writing", at: path,
        remedy: "check the permissions of the file and its folder, or \(elsewhere)")
    case .SQLITE_FULL:
      return AssayError(.file, "the disk is full", at: path, remedy: "free some space, or \(elsewhere)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return AssayError(
        .resource, "another program has held the ledger of runs for more than 30 seconds", at: path,
        remedy: "end it, or \(elsewhere)")
    default:
      let words = error.message ?? "SQLite error \(error.resultCode.rawValue)"
      return AssayError(.file, "the ledger of runs does not work: \(words)", at: path, remedy: elsewhere)
    }
  }
}

/// A lock between processes, held by an open file.
enum FileLock {
  /// Runs a body while no other process runs one under the same path.
  ///
  /// - Throws: a `file` error if the lock file cannot be made, and what the body throws.
  static func holding<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileAccess.failure(errno, doing: "write", path) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileAccess.failure(errno, doing: "lock", path) }
    }
    return try body()
  }
}
