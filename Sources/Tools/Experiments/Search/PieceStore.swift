import Basics
import Foundation

/// A folder with the finished pieces of a run, one file each, so that a run that was killed goes on where it stopped.
///
/// A piece is found again under its name and the fingerprint of all that it depends on; a file that is damaged or has
/// another fingerprint counts as none.
public struct PieceStore: Sendable {
  /// The folder.
  public let folder: String
  /// What the pieces depend on, such as data, settings and version, as one text.
  public let fingerprint: String

  fileprivate struct Entry<Piece> {
    var fingerprint: String
    var name: String
    var piece: Piece
  }

  /// Creates the folder if it is not there.
  ///
  /// - Parameter remedy: What helps where the folder cannot be created.
  /// - Throws: a `file` error.
  public init(folder: String, fingerprint: String, remedy: String) throws {
    self.folder = folder
    self.fingerprint = fingerprint
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw AssayError(.file, "the folder cannot be created", at: folder, remedy: remedy)
    }
  }

  /// Keeps a piece; one of the same name is replaced.
  ///
  /// - Throws: a `file` error, for example where the disk is full.
  public func save<Piece: Encodable>(_ piece: Piece, as name: String) throws {
    let entry = Entry(fingerprint: fingerprint, name: name, piece: piece)
    try AtomicFile.write(CBOREncoder().encode(entry), to: path(name))
  }

  /// The piece of a name; nil where none is kept.
  public func load<Piece: Decodable>(_ name: String, as type: Piece.Type = Piece.self) -> Piece? {
    let path = path(name)
    guard FileManager.default.fileExists(atPath: path),
      let entry = try? CBORDecoder().decode(Entry<Piece>.self, from: FileAccess.read(path)),
      entry.fingerprint == fingerprint, entry.name == name
    else { return nil }
    return entry.piece
  }

  /// Removes the pieces that the folder keeps.
  public func clear() {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in files where file.hasSuffix(".cbor") { try? FileManager.default.removeItem(atPath: folder + "/" + file) }
  }

  /// Removes a folder with all that it keeps; a folder that is not there is no error.
  public static func remove(_ folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Where a piece stands: names that differ by what a file's name cannot hold get files of their own.
  private func path(_ name: String) -> String {
    let plain = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(60)
    let mark = SHA256.hexadecimal(of: Array(name.utf8)).prefix(8)
    return "\(folder)/\(String(plain))-\(mark).cbor"
  }
}

extension PieceStore.Entry: Encodable where Piece: Encodable {}
extension PieceStore.Entry: Decodable where Piece: Decodable {}
