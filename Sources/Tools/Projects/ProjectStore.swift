import Basics
import Experiments

/// What a project's run has finished so far, in the folder `.partial` of the project: `assay run --resume` takes it up.
///
/// Pieces are found again only by a run on the same data with the same columns, settings, amounts, seed and version of
/// the program; the budget and the threads may differ. Nothing of a run that does not resume is kept from before.
public struct ProjectStore: Sendable {
  /// The name of the folder.
  public static let folderName = ".partial"

  private let pieces: PieceStore

  /// The store of a run. Pieces that an earlier run has left are removed unless this one resumes.
  ///
  /// - Throws: a `file` error where the folder cannot be made.
  public init(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws {
    pieces = try PieceStore(
      folder: project.path(Self.folderName), fingerprint: Self.fingerprint(project, data, context),
      remedy: "make the project's folder writable")
    if !context.resumes { pieces.clear() }
  }

  /// A piece of the run: what an earlier run has left of it, else made now and kept.
  ///
  /// - Parameters:
  ///   - name: The same in every run, and no other piece's: "boosting, fold 2".
  ///   - make: Makes the piece. What it throws is thrown, and nothing is kept: a piece that was interrupted throws.
  public func piece<Piece: Codable>(_ name: String, make: () throws -> Piece) throws -> Piece {
    if let kept = pieces.load(name, as: Piece.self) { return kept }
    let made = try make()
    try pieces.save(made, as: name)
    return made
  }

  /// The piece of a name that an earlier run has left; nil where there is none.
  public func load<Piece: Decodable>(_ name: String, as type: Piece.Type = Piece.self) -> Piece? {
    pieces.load(name, as: type)
  }

  /// Keeps a finished piece.
  public func save<Piece: Encodable>(_ piece: Piece, as name: String) throws { try pieces.save(piece, as: name) }

  /// Removes the folder: the run has finished, and what it made stands elsewhere.
  public func finish() { PieceStore.remove(pieces.folder) }

  private struct Origin: Encodable {
    var version: String
    var data: String
    var solution: String
    var columns: [String: String]
    var excluded: [String]
    var settings: [String: String]
    var amounts: [String: String]
    var seed: UInt64
  }

  private static func fingerprint(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> String {
    let origin = Origin(
      version: programVersion, data: data.hash, solution: project.solution, columns: project.columns,
      excluded: project.excluded, settings: project.settings.texts, amounts: project.amounts.texts, seed: context.seed)
    return SHA256.hexadecimal(of: try CanonicalJSON.encode(origin))
  }
}
