import CKernels

/// The SHA-256 digest of bytes that arrive in pieces (FIPS 180-4).
///
/// It tells whether two tables or files are the same and whether a bundle was damaged. Speed on one thread: about two
/// gigabytes per second where the processor has instructions for it, else several hundred megabytes.
public struct SHA256: Sendable {
  private var state: SIMD8<UInt32> = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
  ]
  /// The bytes that do not fill a block yet, always fewer than 64.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0
  private let isPortable: Bool

  /// The digest of nothing so far.
  ///
  /// - Parameter portable: leaves the processor's instructions for it unused; the digest is the same.
  public init(portable: Bool = false) { isPortable = portable }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds the bytes of a memory region, for example the storage of an array of numbers.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let taken = min(64 - pending.count, rest.count)
      pending.append(contentsOf: rest.prefix(taken))
      rest = rest.dropFirst(taken)
      if pending.count < 64 { return }
      pending.withUnsafeBytes { SHA256.absorb($0, into: &state, portable: isPortable) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64 * 64
    SHA256.absorb(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)), into: &state, portable: isPortable)
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// The 32 bytes of the digest of everything added; more can be added afterwards.
  public func digest() -> [UInt8] {
    var state = state
    var tail = pending
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    withUnsafeBytes(of: (byteCount &* 8).bigEndian) { tail.append(contentsOf: $0) }
    tail.withUnsafeBytes { SHA256.absorb($0, into: &state, portable: isPortable) }
    return (0..<8).flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: state[word] >> (24 - 8 * UInt32($0))) }
    }
  }

  /// The digest as 64 hexadecimal digits in lower case.
  public func hexadecimal() -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The 32 bytes of the digest of some bytes.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest()
  }

  /// The digest of some bytes as 64 hexadecimal digits in lower case.
  public static func hexadecimal(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal()
  }
}

extension SHA256 {
  /// The round constants: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
  ]

  /// Mixes whole blocks of 64 bytes into the state.
  private static func absorb(_ blocks: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>, portable: Bool) {
    guard blocks.count >= 64, let start = blocks.baseAddress else { return }
    let isDone =
      !portable
      && withUnsafeMutableBytes(of: &state) { state in
        state.withMemoryRebound(to: UInt32.self) { state in
          assay_sha256_blocks(
            state.baseAddress, start.assumingMemoryBound(to: UInt8.self), blocks.count / 64, constants) != 0
        }
      }
    if !isDone { absorbPortably(blocks, from: start, into: &state) }
  }

  private static func absorbPortably(
    _ blocks: UnsafeRawBufferPointer, from start: UnsafeRawPointer, into state: inout SIMD8<UInt32>
  ) {
    constants.withUnsafeBufferPointer { constants in
      // The message schedule of one block, on the stack.
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        for block in stride(from: 0, to: blocks.count, by: 64) {
          for i in 0..<16 {
            schedule[i] = UInt32(bigEndian: start.loadUnaligned(fromByteOffset: block + 4 * i, as: UInt32.self))
          }
          for i in 16..<64 {
            let w15 = schedule[i - 15]
            let w2 = schedule[i - 2]
            let s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >> 3)
            let s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >> 10)
            schedule[i] = schedule[i - 16] &+ s0 &+ schedule[i - 7] &+ s1
          }
          state = state &+ compress(state, schedule: UnsafeBufferPointer(schedule), constants: constants)
        }
      }
    }
  }

  /// The 64 rounds over one block, eight at a time so that the eight variables need not be moved.
  @inline(__always)
  private static func compress(
    _ state: SIMD8<UInt32>, schedule: UnsafeBufferPointer<UInt32>, constants: UnsafeBufferPointer<UInt32>
  ) -> SIMD8<UInt32> {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in stride(from: 0, to: 64, by: 8) {
      round(a, b, c, &d, e, f, g, &h, schedule[i] &+ constants[i])
      round(h, a, b, &c, d, e, f, &g, schedule[i + 1] &+ constants[i + 1])
      round(g, h, a, &b, c, d, e, &f, schedule[i + 2] &+ constants[i + 2])
      round(f, g, h, &a, b, c, d, &e, schedule[i + 3] &+ constants[i + 3])
      round(e, f, g, &h, a, b, c, &d, schedule[i + 4] &+ constants[i + 4])
      round(d, e, f, &g, h, a, b, &c, schedule[i + 5] &+ constants[i + 5])
      round(c, d, e, &f, g, h, a, &b, schedule[i + 6] &+ constants[i + 6])
      round(b, c, d, &e, f, g, h, &a, schedule[i + 7] &+ constants[i + 7])
    }
    return [a, b, c, d, e, f, g, h]
  }

  @inline(__always)
  private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
    _ h: inout UInt32, _ word: UInt32
  ) {
    let choice = (e & f) ^ (~e & g)
    let majority = (a & b) ^ (a & c) ^ (b & c)
    let t = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ word
    d = d &+ t
    h = t &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
  }

  @inline(__always)
  private static func rotate(_ value: UInt32, _ bits: UInt32) -> UInt32 {
    (value >> bits) | (value << (32 - bits))
  }
}
