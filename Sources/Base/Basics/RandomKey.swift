import Foundation

/// A seed from which independent streams of random numbers are derived by name or number.
///
/// Keys are values: whoever draws receives a key and derives further keys by `key["folds"]` or `key[3]`, so a result
/// depends on the seed and on the path of names, never on the order in which threads run.
///
/// The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
public struct RandomKey: Sendable, Hashable, Codable {
  /// The 64 bits that determine everything derived from this key.
  public let bits: UInt64

  /// A key from a user's seed.
  public init(seed: UInt64) {
    bits = RandomKey.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
  }

  private init(bits: UInt64) {
    self.bits = bits
  }

  /// The key of a named part of the work.
  public subscript(_ name: String) -> RandomKey {
    // FNV-1a over the name, then mixed with this key.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return RandomKey(bits: RandomKey.mix(bits ^ RandomKey.mix(hash)))
  }

  /// The key of a numbered part of the work.
  public subscript(_ index: Int) -> RandomKey {
    RandomKey(bits: RandomKey.mix(bits &+ RandomKey.mix(UInt64(bitPattern: Int64(index)) &+ 0xD1B5_4A32_D192_ED03)))
  }

  /// The random word at a position: draws need no state, so any thread can draw for any row.
  @inlinable
  public func word(at position: UInt64) -> UInt64 {
    RandomKey.mix(bits &+ (position &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// A number in [0, 1) at a position, with 53 random bits.
  @inlinable
  public func uniform(at position: UInt64) -> Double {
    Double(word(at: position) >> 11) * 0x1p-53
  }

  /// A generator that walks through the words of this key.
  public func stream() -> RandomStream { RandomStream(key: self) }

  /// The finaliser of SplitMix64.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A sequential generator over the words of a `RandomKey`; same key, same numbers.
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline let key: RandomKey
  @usableFromInline var position: UInt64 = 0

  /// A generator at the start of the key's words.
  public init(key: RandomKey) { self.key = key }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    defer { position &+= 1 }
    return key.word(at: position)
  }

  /// A number in [0, 1).
  @inlinable
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in 0 ..< bound, by Lemire's multiplication; the bias is below bound / 2^64.
  @inlinable
  public mutating func integer(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of the standard normal distribution, by the polar method of Marsaglia.
  public mutating func normal() -> Double {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * log(s) / s).squareRoot() }
    }
  }

  /// A permutation of 0 ..< count, each equally likely.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, integer(below: i + 1)) }
    return order
  }
}
