import Basics
import Foundation
import Tables

/// What a project's run has found out about how its data are read: new rows are read alike.
public struct ReadingNotes: Sendable, Codable, Hashable {
  /// The name of the file in a project's folder.
  public static let fileName = "reading.json"

  /// The order of day and month in columns with dates that end with the year, by the customer's name.
  public var dates: [String: DateOrder]

  /// What reading some data has shown.
  public init(_ data: ProjectData) { dates = data.dates.mapValues(\.order) }

  /// Writes the file, or removes it where there is nothing to note.
  ///
  /// - Throws: a `file` error where it cannot be written.
  public func write(_ project: Project) throws {
    let path = project.path(Self.fileName)
    if dates.isEmpty {
      if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    } else {
      try AtomicFile.write(CanonicalJSON.encode(self, pretty: true), to: path)
    }
  }

  /// The orders that a run has left in the project's folder; none where there is no file.
  ///
  /// - Throws: a `format` error where the file is damaged.
  public static func orders(_ project: Project) throws -> [String: DateOrder] {
    let path = project.path(fileName)
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    return try CanonicalJSON.decode(ReadingNotes.self, from: FileAccess.read(path), source: path).dates
  }
}
