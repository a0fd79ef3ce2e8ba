import Basics
import Tensors

extension ONNXTensor {
  /// The tensor; see `Kind.elementType` for its type.
  ///
  /// - Throws: a `format` error with the name if shape, type and content do not agree.
  public func tensor() throws -> Tensor { try tensor(besides: ExternalData(folder: nil)) }

  /// The tensor, whose numbers may lie in a file beside the model.
  func tensor(besides files: ExternalData) throws -> Tensor {
    guard let kind = Kind(rawValue: kind), let type = kind.elementType else {
      throw problem("has elements of kind \(self.kind), which is not supported")
    }
    // Sizes beside a 0 count as well: later shapes may be made of them.
    var most = 1
    for size in shape {
      let (product, overflow) = most.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflow, product < 1 << 40 else { throw problem("has the impossible shape \(shape)") }
      most = product
    }
    let count = shape.contains(0) ? 0 : most
    if content.isExternal { return try raw(files.bytes(content.external, of: name)[...], kind, type, count) }
    if let bytes = content.raw { return try raw(bytes, kind, type, count) }
    switch kind {
    case .float32: return try filled(content.floats, count)
    case .float64: return try filled(content.doubles, count)
    case .int32, .int16, .int8, .uint16: return try filled(content.integers.map(Int32.init(truncatingIfNeeded:)), count)
    case .int64, .uint32, .uint64: return try filled(content.integers.map(Int64.init), count)
    case .uint8: return try filled(content.integers.map(UInt8.init(truncatingIfNeeded:)), count)
    case .bool: return try filled(content.integers.map { $0 != 0 }, count)
    case .bfloat16:
      return try filled(content.integers.map { BFloat16(bits: UInt16(truncatingIfNeeded: $0)) }, count)
    case .float16: return try filled(content.integers.map { Self.half(UInt16(truncatingIfNeeded: $0)) }, count)
    case .text: throw problem("holds texts, which are not supported")
    }
  }

  private func filled<Element: TensorElement>(_ values: [Element], _ count: Int) throws -> Tensor {
    guard values.count == count else { throw problem("has shape \(shape) but \(values.count) numbers") }
    return Tensor(values, shape: shape)
  }

  private func raw(_ bytes: ArraySlice<UInt8>, _ kind: Kind, _ type: ElementType, _ count: Int) throws -> Tensor {
    guard bytes.count == count * kind.byteCount else {
      throw problem("has shape \(shape) but \(bytes.count) bytes of numbers")
    }
    let result = Tensor(uninitialized: shape, type, for: "ONNX")
    bytes.withUnsafeBytes { source in
      func words<Word: FixedWidthInteger, Element: TensorElement>(_ word: Word.Type, _ value: (Word) -> Element) {
        let target = result.pointer(Element.self)
        for i in 0..<count {
          target[i] = value(source.loadUnaligned(fromByteOffset: i * MemoryLayout<Word>.size, as: word))
        }
      }
      switch kind {
      case .float32, .float64, .bfloat16, .int32, .int64, .uint8:
        if let start = source.baseAddress { result.storage.pointer.copyMemory(from: start, byteCount: source.count) }
      case .float16: words(UInt16.self) { Self.half($0) }
      case .int8: words(Int8.self) { Int32($0) }
      case .int16: words(Int16.self) { Int32($0) }
      case .uint16: words(UInt16.self) { Int32($0) }
      case .uint32: words(UInt32.self) { Int64($0) }
      case .uint64: words(UInt64.self) { Int64(truncatingIfNeeded: $0) }
      // Bytes other than 0 and 1 are no truth values in memory.
      case .bool: words(UInt8.self) { $0 != 0 }
      case .text: break
      }
    }
    return result
  }

  /// A number of half precision: 5 bits of exponent, 10 of fraction.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }

  private func problem(_ what: String) -> AssayError {
    AssayError(.format, what, at: "tensor \"\(name)\"", remedy: "write the model anew with single precision")
  }
}

/// Weights that lie in files beside the model.
final class ExternalData {
  private let folder: String?
  private var files: [String: [UInt8]] = [:]

  init(folder: String?) { self.folder = folder }

  /// The bytes that the entries "location", "offset" and "length" name.
  func bytes(_ entries: [String: String], of name: String) throws -> ArraySlice<UInt8> {
    func problem(_ what: String) -> AssayError { AssayError(.format, what, at: "tensor \"\(name)\"") }
    let location = entries["location"] ?? ""
    // A model may only name files beside it or in folders below.
    guard let folder, !location.isEmpty, !location.hasPrefix("/"),
      !location.split(separator: "/").contains("..")
    else { throw problem("its numbers lie in the file \"\(location)\", which is not beside the model") }
    let path = folder + "/" + location
    if files[path] == nil { files[path] = try FileAccess.read(path) }
    let all = files[path] ?? []
    let offset = entries["offset"].map { Int($0) } ?? 0
    let length = entries["length"].map { Int($0) } ?? all.count - (offset ?? 0)
    guard let offset, let length, offset >= 0, length >= 0, offset <= all.count, length <= all.count - offset else {
      throw problem("the file \"\(location)\" has no \(entries["length"] ?? "") bytes at \(entries["offset"] ?? "0")")
    }
    return all[offset..<offset + length]
  }
}
