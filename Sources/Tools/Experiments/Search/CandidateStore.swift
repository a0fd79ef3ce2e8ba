import Basics

/// A folder with the finished candidates of a run, so that a run that was killed goes on where it stopped.
public struct CandidateStore: Sendable {
  private let pieces: PieceStore

  private struct Entry: Codable {
    var settings: String
    var fits: CandidateFits
  }

  /// Creates the folder if it is not there.
  ///
  /// - Parameter fingerprint: What the candidates depend on: data, request and version; files with another are ignored.
  public init(folder: String, fingerprint: String) throws {
    pieces = try PieceStore(folder: folder, fingerprint: fingerprint, remedy: "choose another with --output")
  }

  /// Keeps a finished candidate.
  ///
  /// - Parameter asked: the candidate under whose settings it will be asked for, where the fit has changed them.
  public func save(_ fits: CandidateFits, as asked: Candidate? = nil) throws {
    try pieces.save(Entry(settings: settings(asked ?? fits.candidate), fits: fits), as: fits.candidate.name)
  }

  /// The kept fits of a candidate with the same settings; nil if there are none or the file is damaged.
  public func load(_ candidate: Candidate) throws -> CandidateFits? {
    guard let entry = pieces.load(candidate.name, as: Entry.self), entry.settings == (try settings(candidate)) else {
      return nil
    }
    return entry.fits
  }

  /// Removes what the folder keeps.
  public func clear() { pieces.clear() }

  /// Removes the folder with all that it keeps; a folder that is not there is no error.
  public static func remove(_ folder: String) { PieceStore.remove(folder) }

  private func settings(_ candidate: Candidate) throws -> String {
    String(decoding: try CanonicalJSON.encode(candidate), as: UTF8.self)
  }
}
