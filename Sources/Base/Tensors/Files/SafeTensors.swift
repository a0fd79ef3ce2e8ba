import Basics
import Foundation
import Kernels

/// A file of named tensors in the safetensors format (github.com/huggingface/safetensors), opened for reading.
///
/// Opening reads and checks the header alone; a tensor's bytes are read when it is asked for, straight into its memory,
/// so a few tensors of a large file cost no more than they hold. Nothing in a file can stop the program: whatever is
/// wrong with it throws an `AssayError` that names the file, the tensor and the fault.
///
/// The types F32, F64, BF16, I32, I64, U8 and BOOL are read as they are. F16 is widened to float32, I8, I16 and U16 to
/// int32, U32 to int64, all without loss; other types are refused when they are asked for.
public struct SafeTensors: Sendable {
  /// What the file says about a tensor.
  public struct Entry: Sendable, Hashable {
    /// The tensor's name.
    public let name: String
    /// The sizes of its axes.
    public let shape: [Int]
    /// The type's name in the file: "F32", "BF16".
    public let storedType: String
    /// The element type that it is read as; nil where the type cannot be read.
    public let type: ElementType?
    /// Its bytes in the file.
    public let byteCount: Int
  }

  /// The texts that were stored beside the tensors.
  public let metadata: [String: String]
  /// The tensors of the file, by name.
  public let entries: [Entry]
  private let header: SafeTensorsHeader
  private let bytes: ByteReader
  /// The bytes before the first tensor.
  private let dataStart: Int
  private let source: String

  /// Opens a file and checks its header.
  ///
  /// - Throws: a `file` error if it cannot be read; a `format` error that says what is wrong with it.
  public init(opening path: String) throws {
    try self.init(ByteReader(file: path), source: path)
  }

  /// Reads the bytes of a whole file.
  ///
  /// - Parameters:
  ///   - bytes: Header and tensors.
  ///   - source: The name for messages; "safetensors" unless given.
  /// - Throws: a `format` error that says what is wrong with them.
  public init(_ bytes: [UInt8], source: String = "safetensors") throws {
    try self.init(ByteReader(bytes: bytes), source: source)
  }

  private init(_ bytes: ByteReader, source: String) throws {
    self.bytes = bytes
    self.source = source
    let prefix = try bytes.read(at: 0, count: min(8, bytes.count), source)
    let length = try SafeTensorsHeader.length(prefix: prefix, fileLength: bytes.count, source: source)
    dataStart = 8 + length
    header = try SafeTensorsHeader(
      bytes.read(at: 8, count: length, source), dataLength: bytes.count - dataStart, source: source)
    metadata = header.metadata
    entries = header.entries.values.sorted { $0.name < $1.name }.map {
      Entry(
        name: $0.name, shape: $0.shape, storedType: $0.typeName, type: $0.type?.elementType,
        byteCount: $0.range.count)
    }
  }

  /// The names of the tensors, sorted.
  public var names: [String] { entries.map(\.name) }

  /// Reads a tensor.
  ///
  /// - Throws: a `format` error if there is none of this name, or if its type or its values cannot be held; a `file`
  ///   error if the file cannot be read any more; a `resource` error if it is larger than the machine's memory.
  public func tensor(_ name: String) throws -> Tensor {
    let place = "\(source), tensor \"\(name)\""
    guard let entry = header.entries[name] else {
      let known = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
      throw AssayError(
        .format, "there is no tensor of this name", at: place,
        remedy: names.isEmpty ? "the file holds none" : "the file holds \(known)")
    }
    guard let type = entry.type else {
      throw AssayError(
        .format, "elements of type \(entry.typeName) cannot be read", at: place,
        remedy: "store it as one of \(StoredType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let count = entry.range.count / type.byteCount
    let needed = count * type.elementType.byteCount
    guard needed <= MachineMemory.limit else {
      throw AssayError(
        .resource, "it takes \(needed) bytes, more than the \(MachineMemory.limit) of this machine's memory", at: place,
        remedy: "use a machine with more memory")
    }
    let tensor = Tensor(uninitialized: entry.shape, type.elementType, for: "SafeTensors")
    try withExtendedLifetime(tensor) {
      let target = UnsafeMutableRawBufferPointer(start: tensor.storage.pointer, count: needed)
      let start = dataStart + entry.range.lowerBound
      if type.isSame {
        try bytes.read(at: start, into: target, place)
        if type == .bool, !target.allSatisfy({ $0 <= 1 }) {
          throw AssayError(
            .format, "a truth value is neither 0 nor 1", at: place, remedy: "store it as U8 if it holds numbers")
        }
      } else {
        try widen(type, count, from: start, into: target, place)
      }
    }
    return tensor
  }

  /// Reads narrow elements piece by piece, so that the file's bytes need little room beside the tensor.
  private func widen(
    _ type: StoredType, _ count: Int, from start: Int, into target: UnsafeMutableRawBufferPointer, _ place: String
  ) throws {
    guard count > 0, let base = target.baseAddress else { return }
    let piece = 1 << 20
    for first in stride(from: 0, to: count, by: piece) {
      let taken = min(piece, count - first)
      let narrow = try bytes.read(at: start + first * type.byteCount, count: taken * type.byteCount, place)
      narrow.withUnsafeBytes {
        guard let source = $0.baseAddress else { return }
        type.widen(source, into: base + first * type.elementType.byteCount, count: taken)
      }
    }
  }

  /// Reads several tensors: those of some names, or all unless names are given.
  ///
  /// - Throws: as `tensor(_:)`.
  public func tensors(_ names: [String]? = nil) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in names ?? self.names { tensors[name] = try tensor(name) }
    return tensors
  }
}

/// Bytes that are read from any place: an open file, or an array.
private final class ByteReader: Sendable {
  let count: Int
  /// -1 for an array.
  private let descriptor: Int32
  private let bytes: [UInt8]

  init(bytes: [UInt8]) {
    self.bytes = bytes
    count = bytes.count
    descriptor = -1
  }

  init(file path: String) throws {
    var information = stat()
    guard stat(path, &information) == 0 else { throw FileAccess.failure(errno, doing: "read", path) }
    let kind = information.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw FileAccess.failure(EISDIR, doing: "read", path) }
    guard kind == S_IFREG else {
      throw AssayError(
        .file, "this is a pipe or a device, and its tensors are read out of order", at: path,
        remedy: "save it as a file first")
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileAccess.failure(errno, doing: "read", path) }
    bytes = []
    guard fstat(descriptor, &information) == 0 else {
      let problem = errno
      close(descriptor)
      throw FileAccess.failure(problem, doing: "read", path)
    }
    count = Int(information.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func read(at start: Int, count: Int, _ place: String) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(
        at: start, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), place
      )
      initialized = count
    }
  }

  /// Fills memory with the bytes from a place on; they were there when the file was opened.
  func read(at start: Int, into target: UnsafeMutableRawBufferPointer, _ place: String) throws {
    guard let base = target.baseAddress, target.count > 0 else { return }
    if descriptor < 0 {
      bytes.withUnsafeBytes { base.copyMemory(from: $0.baseAddress! + start, byteCount: target.count) }
      return
    }
    var done = 0
    while done < target.count {
      let got = pread(descriptor, base + done, target.count - done, off_t(start + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw FileAccess.failure(errno, doing: "read", place) }
      guard got > 0 else {
        throw AssayError(
          .file, "the file became shorter while it was read", at: place, remedy: "read it again once it is complete")
      }
      done += got
    }
  }
}
