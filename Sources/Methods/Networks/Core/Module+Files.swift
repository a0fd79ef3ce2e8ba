import Tensors

extension Module {
  /// Writes all weights to a safetensors file, each under its path; see `weights`.
  ///
  /// - Parameters:
  ///   - path: The file, which is replaced as a whole or not at all.
  ///   - metadata: Texts that are kept in the file's header; none unless given.
  /// - Throws: a `file` error where it cannot be written.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    try SafeTensors.write(weights, metadata: metadata, to: path)
  }

  /// Takes all weights from a safetensors file whose tensors are named as the paths.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isPartial: Whether paths may be absent on either side, as when a part of a model is reused; false unless set.
  /// - Returns: The paths that were loaded.
  /// - Throws: a `file` or `format` error where it cannot be read, and a `bundle` error where tensors are missing, left
  ///   over, or of other shapes; the model is then as it was.
  @discardableResult
  public func load(from path: String, isPartial: Bool = false) throws -> [String] {
    try load(SafeTensors(opening: path).tensors(), isPartial: isPartial)
  }
}
