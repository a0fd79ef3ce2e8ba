import Basics

/// The 64-bit number that stands for an entity, so that looking it up compares no texts.
///
/// Equal texts have equal keys in every run, and a whole number has the key of its decimal digits, so it does not matter
/// whether a column was read as numbers or as texts. Two entities share a key by chance: for a million entities the
/// chance that any two do is about 3 in 100 million.
public struct EntityKey: Sendable, Hashable, Codable {
  /// The number; 0 for a missing entity.
  public let value: UInt64

  /// The entity of events in which it is missing.
  public static let missing = EntityKey(value: 0)

  /// What stands for a missing entity that is remembered as one of its own.
  static let together: UInt64 = 1

  init(value: UInt64) { self.value = value }

  /// The key of a text; nil is a missing one.
  public init(_ text: String?) {
    guard var text else {
      self = .missing
      return
    }
    value = text.withUTF8 { EntityKey.hash($0) }
  }

  /// The key of a whole number, the same as that of its digits.
  public init(_ number: Int64) { value = EntityKey.hash(number) }

  /// The key of a combination; missing if one of them is.
  public init(combining keys: [EntityKey]) {
    value = keys.dropFirst().reduce(keys.first?.value ?? 0) { EntityKey.combine($0, $1.value) }
  }

  /// Spreads all bits of a number over all bits of the result, one to one (the finaliser of MurmurHash3, A. Appleby).
  @inline(__always)
  static func mix(_ number: UInt64) -> UInt64 {
    var bits = number
    bits = (bits ^ (bits >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    bits = (bits ^ (bits >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return bits ^ (bits >> 33)
  }

  /// The key of an ordered pair; 0 if one is.
  @inline(__always)
  static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
    if first == 0 || second == 0 { return 0 }
    let key = mix(first &* 0x9E37_79B9_7F4A_7C15 &+ mix(second))
    return key < 2 ? key + 2 : key
  }

  /// The key of bytes: eight at a time through `mix`.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    var index = 0
    while index < bytes.count {
      var word: UInt64 = 0
      let end = min(index + 8, bytes.count)
      var shift: UInt64 = 0
      while index < end {
        word |= UInt64(bytes[index]) << shift
        shift += 8
        index += 1
      }
      state = mix(state ^ word) &* 5 &+ 0x52DC_E729
    }
    let key = mix(state)
    return key < 2 ? key + 2 : key
  }

  static func hash(_ number: Int64) -> UInt64 {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var start = 20
      var rest = number.magnitude
      repeat {
        start -= 1
        buffer[start] = UInt8(48 + rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        start -= 1
        buffer[start] = 45
      }
      return hash(UnsafeBufferPointer(rebasing: buffer[start..<20]))
    }
  }
}
