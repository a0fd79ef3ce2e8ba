/// The kinds of items in CBOR (RFC 8949, section 3.1): the upper three bits of an item's first byte.
enum CBORMajor: UInt8 {
  case unsigned = 0
  case negative = 1
  case bytes = 2
  case text = 3
  case array = 4
  case map = 5
  case tag = 6
  case simple = 7
}

/// Single-byte items and first bytes of major type 7.
enum CBORSimple {
  static let no: UInt8 = 0xF4
  static let yes: UInt8 = 0xF5
  static let null: UInt8 = 0xF6
  static let float32: UInt8 = 0xFA
  static let float64: UInt8 = 0xFB
}

/// Containers within containers, at most: both sides keep to it, so a file cannot exhaust the stack.
let cborMaximumDepth = 96

/// An element of the arrays that are written as one block of memory (typed arrays, RFC 8746, section 2.1).
protocol CBORElement: BitwiseCopyable {
  /// The tag of an array of these in little-endian order.
  static var arrayTag: UInt64 { get }
}

extension UInt8: CBORElement { static var arrayTag: UInt64 { 64 } }
extension UInt16: CBORElement { static var arrayTag: UInt64 { 69 } }
extension UInt32: CBORElement { static var arrayTag: UInt64 { 70 } }
extension UInt64: CBORElement { static var arrayTag: UInt64 { 71 } }
extension Int8: CBORElement { static var arrayTag: UInt64 { 72 } }
extension Int16: CBORElement { static var arrayTag: UInt64 { 77 } }
extension Int32: CBORElement { static var arrayTag: UInt64 { 78 } }
extension Int64: CBORElement { static var arrayTag: UInt64 { 79 } }
extension Int: CBORElement { static var arrayTag: UInt64 { 79 } }
extension Float: CBORElement { static var arrayTag: UInt64 { 85 } }
extension Double: CBORElement { static var arrayTag: UInt64 { 86 } }

#if _endian(big)
  #error("typed arrays are copied as little-endian memory")
#endif

extension [UInt8] {
  /// Adds the head of an item: its kind and its argument in the fewest bytes (RFC 8949, section 4.2.1).
  mutating func appendHead(_ major: CBORMajor, _ argument: UInt64) {
    let kind = major.rawValue << 5
    switch argument {
    case 0..<24: append(kind | UInt8(argument))
    case 24...0xFF:
      append(kind | 24)
      append(UInt8(argument))
    case 0x100...0xFFFF:
      append(kind | 25)
      appendBigEndian(UInt16(argument))
    case 0x1_0000...0xFFFF_FFFF:
      append(kind | 26)
      appendBigEndian(UInt32(argument))
    default:
      append(kind | 27)
      appendBigEndian(argument)
    }
  }

  /// Adds a number's bytes, the most significant first.
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}

/// The keys from the root to a value; made into an array only for messages and for types that ask.
indirect enum CBORPath {
  case root
  case child(CBORPath, any CodingKey)

  var keys: [any CodingKey] {
    var keys: [any CodingKey] = []
    var path = self
    while case .child(let parent, let key) = path {
      keys.append(key)
      path = parent
    }
    return keys.reversed()
  }
}

/// The position in an array, or the "super" of a class, as a key.
struct CBORKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  static let ofSuper = CBORKey("super")

  init(_ name: String) {
    stringValue = name
    intValue = nil
  }

  init(_ index: Int) {
    stringValue = String(index)
    intValue = index
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(intValue) }
}
