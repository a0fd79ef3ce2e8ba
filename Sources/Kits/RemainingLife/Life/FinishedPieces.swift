/// Where a run keeps what it has finished, so that one that was stopped is taken up: fits, by name.
public protocol FinishedPieces: Sendable {
  /// A piece of the run: what an earlier run has left of it, else made now and kept.
  ///
  /// - Parameters:
  ///   - name: The same in every run, and no other piece's: "boosting, fold 2".
  ///   - make: Makes the piece. What it throws is thrown, and nothing is kept.
  func piece<Piece: Codable>(_ name: String, make: () throws -> Piece) throws -> Piece

  /// The piece of a name that an earlier run has left; nil where there is none.
  func load<Piece: Decodable>(_ name: String, as type: Piece.Type) -> Piece?

  /// Keeps a finished piece.
  ///
  /// - Throws: a `file` error.
  func save<Piece: Encodable>(_ piece: Piece, as name: String) throws
}
