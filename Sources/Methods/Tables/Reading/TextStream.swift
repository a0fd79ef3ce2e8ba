import Basics

/// A text file as a sequence of blocks of whole rows in UTF-8.
///
/// Not for use by two threads at once, but any thread may call it.
final class TextStream: @unchecked Sendable {
  /// Rows, and where they may be divided.
  struct Block: Sendable {
    /// The text.
    var bytes: [UInt8]
    /// The end of the last whole row in `bytes`; what follows belongs to the next block.
    var count: Int
    /// Ends of parts that each hold whole rows, ascending; the last is `count`.
    var boundaries: [Int]
  }

  /// The longest row that is read; a longer one is most likely a quote that is not closed.
  private static let rowLimit = 256 << 20

  private let source: ByteSource
  private let encoding: TextEncoding
  private let dialect: Dialect
  private let usesReturns: Bool
  private let blockSize: Int
  private var markLength: Int
  private var undecoded: [UInt8] = []
  private var carry: [UInt8] = []
  private var isAtEnd = false

  /// Opens a file.
  ///
  /// - Parameter usesReturns: whether rows end with a carriage return alone.
  init(
    path: String, encoding: TextEncoding, markLength: Int, dialect: Dialect, usesReturns: Bool, blockSize: Int
  ) throws {
    source = try ByteSource(path: path)
    self.encoding = encoding
    self.markLength = markLength
    self.dialect = dialect
    self.usesReturns = usesReturns
    // A small file needs no large block.
    self.blockSize = source.isCompressed ? blockSize : min(blockSize, max(1 << 12, source.fileSize + 1))
  }

  /// The next rows; nil at the end.
  func next() throws -> Block? {
    var text = carry
    carry = []
    var wanted = blockSize
    while true {
      try fill(&text, upTo: wanted)
      if text.isEmpty { return nil }
      let stride = max(1 << 16, blockSize / 8)
      var boundaries = text.withUnsafeBufferPointer { dialect.rowBoundaries(in: $0, stride: stride) }
      if isAtEnd {
        if boundaries.last != text.count { boundaries.append(text.count) }
      } else if boundaries.isEmpty {
        guard wanted < TextStream.rowLimit else {
          throw AssayError(
            .format, "a row is longer than \(TextStream.rowLimit >> 20) MiB", at: source.path,
            remedy: "a quote is probably not closed; if quotes have no meaning in this file, read it without them")
        }
        wanted *= 2
        continue
      }
      let count = boundaries[boundaries.count - 1]
      carry = Array(text[count...])
      return Block(bytes: text, count: count, boundaries: boundaries)
    }
  }

  /// Appends decoded bytes until there are `wanted` or the file ends.
  private func fill(_ text: inout [UInt8], upTo wanted: Int) throws {
    while text.count < wanted, !isAtEnd {
      let start = text.count
      if encoding == .utf8 {
        text = try filled(text, upTo: wanted)
        if text.count < wanted { isAtEnd = true }
        if markLength > 0 {
          text.removeFirst(min(markLength, text.count))
          markLength = 0
        }
      } else {
        var raw = try filled(undecoded, upTo: undecoded.count + wanted - text.count)
        if raw.count < undecoded.count + wanted - text.count { isAtEnd = true }
        if markLength > 0 {
          raw.removeFirst(min(markLength, raw.count))
          markLength = 0
        }
        let used = raw.withUnsafeBufferPointer { encoding.decode($0, into: &text) }
        undecoded = Array(raw[used...])
        if isAtEnd, !undecoded.isEmpty {
          throw AssayError(
            .format, "the text in \(encoding.rawValue) ends in the middle of a character", at: source.path,
            remedy: "the file is probably cut short: copy it again")
        }
      }
      if usesReturns {
        for i in start..<text.count where text[i] == .carriageReturn { text[i] = .newline }
      }
    }
  }

  /// The bytes followed by bytes of the file, `wanted` in all unless the file ends.
  private func filled(_ bytes: [UInt8], upTo wanted: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      _ = buffer.update(fromContentsOf: bytes)
      initialized = bytes.count
      initialized += try source.read(into: UnsafeMutableBufferPointer(rebasing: buffer[bytes.count...]))
    }
  }
}
