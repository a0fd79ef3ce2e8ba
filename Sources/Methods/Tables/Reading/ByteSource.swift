import Basics
import CNative
import Glibc

/// The bytes of a file, decompressed where it is gzip or Zstandard.
///
/// Not for use by two threads at once, but any thread may call it.
final class ByteSource: @unchecked Sendable {
  /// The file, for messages.
  let path: String
  /// The size on disk.
  let fileSize: Int
  /// Whether what is read is larger than the file.
  let isCompressed: Bool
  private let decoder: Decoder

  private enum Decoder {
    case plain(Int32)
    case gzip(assay_gzip, OpaquePointer)
    case zstd(ZstdDecoder)
  }

  /// Opens a file.
  ///
  /// - Throws: a `file` error if there is no such file, it is a directory, or it may not be read.
  init(path: String) throws {
    self.path = path
    let descriptor = try ByteSource.open(path)
    var status = stat()
    fstat(descriptor, &status)
    fileSize = Int(status.st_size)
    var magic = [UInt8](repeating: 0, count: 4)
    let known = pread(descriptor, &magic, 4, 0)
    do {
      if known >= 2, magic[0] == 0x1F, magic[1] == 0x8B {
        let functions = try Compression.gzip()
        guard let file = functions.open(descriptor, "rb") else {
          throw AssayError(.resource, "there is no memory to decompress the file", at: path)
        }
        decoder = .gzip(functions, file)
        isCompressed = true
      } else if known == 4, magic == [0x28, 0xB5, 0x2F, 0xFD] {
        decoder = .zstd(try ZstdDecoder(descriptor: descriptor, path: path))
        isCompressed = true
      } else {
        decoder = .plain(descriptor)
        isCompressed = false
      }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    switch decoder {
    case .plain(let descriptor): close(descriptor)
    case .gzip(let functions, let file): _ = functions.close(file)
    case .zstd(let decoder): close(decoder.descriptor)
    }
  }

  /// A descriptor of a regular file (or pipe) open for reading.
  static func open(_ path: String) throws -> Int32 {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR: throw AssayError(.file, "there is no such file", at: path)
      case EACCES, EPERM:
        throw AssayError(.file, "there is no permission to read the file", at: path, remedy: "change its permissions")
      default: throw AssayError(.file, "the file cannot be opened: \(String(cString: strerror(errno)))", at: path)
      }
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw AssayError(
        .file, "this is a directory", at: path, remedy: "name a file in it, or several by a pattern such as *.csv")
    }
    return descriptor
  }

  /// Reads until the buffer is full or the file ends.
  ///
  /// - Returns: the bytes read; fewer than asked for only at the end.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try readSome(into: UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  private func readSome(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    let limit = min(buffer.count, 1 << 30)
    switch decoder {
    case .plain(let descriptor):
      let count = Glibc.read(descriptor, buffer.baseAddress, limit)
      if count < 0 {
        throw AssayError(.file, "reading failed: \(String(cString: strerror(errno)))", at: path)
      }
      return count
    case .gzip(let functions, let file):
      let count = functions.read(file, buffer.baseAddress, UInt32(limit))
      var number: Int32 = 0
      let message = functions.error(file, &number).map { String(cString: $0) } ?? ""
      // A file that is cut short yields its last bytes together with the error "buffer".
      if count < 0 || (number != 0 && number != 1) {
        throw AssayError(
          .format, "the gzip data are damaged or cut short (\(message))", at: path,
          remedy: "copy or compress the file again")
      }
      return Int(count)
    case .zstd(let decoder):
      return try decoder.read(into: buffer)
    }
  }
}

/// A Zstandard stream.
final class ZstdDecoder {
  let descriptor: Int32
  private let path: String
  private let functions: assay_zstd
  private let stream: OpaquePointer
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  private var filled = 0
  private var consumed = 0
  private var isFrameOpen = false

  init(descriptor: Int32, path: String) throws {
    self.descriptor = descriptor
    self.path = path
    functions = try Compression.zstd()
    guard let stream = functions.create() else {
      throw AssayError(.resource, "there is no memory to decompress the file", at: path)
    }
    self.stream = stream
  }

  deinit { _ = functions.destroy(stream) }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    var output = assay_zstd_output(bytes: buffer.baseAddress, count: buffer.count, position: 0)
    while output.position == 0 {
      if consumed == filled {
        filled = Glibc.read(descriptor, &input, input.count)
        consumed = 0
        if filled < 0 { throw AssayError(.file, "reading failed: \(String(cString: strerror(errno)))", at: path) }
        if filled == 0 {
          if isFrameOpen { throw damaged("the data end too early") }
          return 0
        }
      }
      let code = input.withUnsafeBytes { bytes in
        var source = assay_zstd_input(bytes: bytes.baseAddress, count: filled, position: consumed)
        defer { consumed = source.position }
        return functions.decompress(stream, &output, &source)
      }
      if functions.is_error(code) != 0 { throw damaged(functions.error_name(code).map { String(cString: $0) } ?? "") }
      isFrameOpen = code != 0
    }
    return output.position
  }

  private func damaged(_ reason: String) -> AssayError {
    AssayError(
      .format, "the Zstandard data are damaged or cut short (\(reason))", at: path,
      remedy: "copy or compress the file again")
  }
}

/// The decompressors of the system, opened at first use.
enum Compression {
  private static let gzipLibrary = Result<assay_gzip, AssayError> { () throws(AssayError) in
    var functions = assay_gzip()
    try NativeLibrary.resolve(["libz.so.1", "libz.so"], package: "zlib1g") { assay_resolve_gzip($0, &functions) }
    return functions
  }
  private static let zstdLibrary = Result<assay_zstd, AssayError> { () throws(AssayError) in
    var functions = assay_zstd()
    try NativeLibrary.resolve(["libzstd.so.1", "libzstd.so"], package: "libzstd1") {
      assay_resolve_zstd($0, &functions)
    }
    return functions
  }

  static func gzip() throws -> assay_gzip { try gzipLibrary.get() }

  static func zstd() throws -> assay_zstd { try zstdLibrary.get() }
}
