import Basics
import Foundation

/// A folder with the finished candidates of a run, so that a run that was killed goes on where it stopped.
public struct CandidateStore: Sendable {
  /// The folder.
  public let folder: String
  /// What the candidates depend on: data, request and version; files with another fingerprint are ignored.
  public let fingerprint: String

  private struct Entry: Codable {
    var fingerprint: String
    var settings: String
    var fits: CandidateFits
  }

  /// Creates the folder if it is not there.
  public init(folder: String, fingerprint: String) throws {
    self.folder = folder
    self.fingerprint = fingerprint
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw AssayError(
        .file, "the folder cannot be created", at: folder, remedy: "choose another with --output")
    }
  }

  /// Keeps a finished candidate.
  ///
  /// - Parameter asked: the candidate under whose settings it will be asked for, where the fit has changed them.
  public func save(_ fits: CandidateFits, as asked: Candidate? = nil) throws {
    let entry = Entry(fingerprint: fingerprint, settings: try settings(asked ?? fits.candidate), fits: fits)
    try AtomicFile.write(CBOREncoder().encode(entry), to: path(fits.candidate))
  }

  /// The kept fits of a candidate with the same settings; nil if there are none or the file is damaged.
  public func load(_ candidate: Candidate) throws -> CandidateFits? {
    let path = path(candidate)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let entry = try? CBORDecoder().decode(Entry.self, from: FileAccess.read(path)),
      entry.fingerprint == fingerprint, entry.settings == (try settings(candidate))
    else { return nil }
    return entry.fits
  }

  /// Removes what the folder keeps.
  public func clear() {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in files where file.hasSuffix(".cbor") { try? FileManager.default.removeItem(atPath: folder + "/" + file) }
  }

  /// Removes the folder with all that it keeps; a folder that is not there is no error.
  public static func remove(_ folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func settings(_ candidate: Candidate) throws -> String {
    String(decoding: try CanonicalJSON.encode(candidate), as: UTF8.self)
  }

  private func path(_ candidate: Candidate) -> String {
    folder + "/" + candidate.name.replacingOccurrences(of: " ", with: "-") + ".cbor"
  }
}
