/// A file of a public data set, as it lies in the set's folder, and how it is told from any other.
public struct DataFile: Sendable, Hashable, Codable {
  /// A size and a checksum.
  public struct Fingerprint: Sendable, Hashable, Codable {
    /// The number of bytes.
    public let bytes: Int
    /// The SHA-256 as 64 hexadecimal digits in lower case.
    public let sha256: String

    /// Creates a fingerprint.
    public init(bytes: Int, sha256: String) {
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// The name in the folder, such as `ETTh1.csv.gz`.
  public let name: String
  /// What the file is.
  public let fingerprint: Fingerprint
  /// What its content is, decompressed: publishers' files are often not compressed. A file without `.gz` behind its name
  /// and with this fingerprint serves as well. Nil for a file that is not compressed itself.
  public let plain: Fingerprint?
  /// Where the publisher offers exactly this file, or its decompressed content; nil if nowhere.
  public let address: String?

  /// Creates a description of a file.
  ///
  /// - Parameters:
  ///   - name: the name in the set's folder.
  ///   - bytes: its size.
  ///   - sha256: its SHA-256, 64 hexadecimal digits in lower case.
  ///   - plain: size and checksum of the decompressed content; the name ends in `.gz` then.
  ///   - address: where to fetch it.
  public init(_ name: String, bytes: Int, sha256: String, plain: Fingerprint? = nil, address: String? = nil) {
    self.name = name
    fingerprint = Fingerprint(bytes: bytes, sha256: sha256)
    self.plain = plain
    self.address = address
  }

  /// The names under which the file may lie, with what it must be then.
  public var forms: [(name: String, fingerprint: Fingerprint)] {
    var forms = [(name, fingerprint)]
    if let plain, name.hasSuffix(".gz") { forms.append((String(name.dropLast(3)), plain)) }
    return forms
  }
}
