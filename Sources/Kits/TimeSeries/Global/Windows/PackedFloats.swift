import Foundation

/// Single-precision numbers that are saved as bytes, little-endian, instead of one text each.
struct PackedFloats: Sendable, Hashable, Codable {
  var values: [Float]

  init(_ values: [Float]) { self.values = values }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let bytes = try container.decode(Data.self)
    guard bytes.count % 4 == 0 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(bytes.count) bytes are no numbers")
    }
    values = bytes.withUnsafeBytes { raw in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let words = values.map { $0.bitPattern.littleEndian }
    try container.encode(words.withUnsafeBytes { Data($0) })
  }
}
