import Glibc

/// Reads numbers from bytes.
enum NumberParser {
  /// The whole number spelled by the bytes: an optional sign and digits. Nil if it is anything else or beyond 64 bits.
  @inline(__always)
  static func integer(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    var position = 0
    let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
    if isNegative || (count > 0 && bytes[0] == UInt8(ascii: "+")) { position = 1 }
    guard position < count else { return nil }
    var value: Int64 = 0
    // Eighteen digits cannot overflow; longer numbers are checked digit by digit.
    let isShort = count - position <= 18
    while position < count {
      let digit = bytes[position] &- 48
      guard digit < 10 else { return nil }
      if isShort {
        value = value &* 10 &+ Int64(digit)
      } else {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowOfSum) = product.addingReportingOverflow(Int64(digit))
        if overflow || overflowOfSum { return nil }
        value = sum
      }
      position += 1
    }
    return isNegative ? -value : value
  }

  /// The number spelled by the bytes: decimal digits with an optional point and exponent, or infinity.
  ///
  /// Rounded correctly: the short way is exact by the argument of Clinger ("How to read floating point numbers
  /// accurately", PLDI 1990), first in double, then in extended precision away from a tie; the rest goes to `strtod`.
  @inline(__always)
  static func float(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    var position = 0
    let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
    if isNegative || (count > 0 && bytes[0] == UInt8(ascii: "+")) { position = 1 }
    let start = position
    var mantissa: UInt64 = 0
    while position < count {
      let digit = bytes[position] &- 48
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      position += 1
    }
    var digits = position - start
    var exponent = 0
    if position < count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      while position < count {
        let digit = bytes[position] &- 48
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        position += 1
      }
      exponent = fraction - position
      digits -= exponent
    }
    if digits == 0 { return infinity(bytes, count, from: start, isNegative: isNegative) }
    if position < count {
      guard bytes[position] | 0x20 == UInt8(ascii: "e"),
        let power = integer(bytes + position + 1, count - position - 1), abs(power) < 100_000
      else { return nil }
      exponent += Int(power)
    }
    if digits <= 19 {
      if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
        let value = exponent < 0 ? Double(mantissa) / power(-exponent) : Double(mantissa) * power(exponent)
        return isNegative ? -value : value
      }
      if mantissa == 0 { return isNegative ? -0.0 : 0 }
      if let value = extended(mantissa, exponent) { return isNegative ? -value : value }
    }
    return correctlyRounded(bytes, count)
  }

  @inline(__always)
  private static func power(_ exponent: Int) -> Double {
    powersOfTen.withUnsafeBufferPointer { $0[exponent] }
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  private static func infinity(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, from start: Int, isNegative: Bool
  ) -> Double? {
    guard count - start == 3 || count - start == 8 else { return nil }
    let text = String(decoding: UnsafeBufferPointer(start: bytes + start, count: count - start), as: UTF8.self)
    let isInfinity = ["inf", "infinity"].contains(text.lowercased())
    return isInfinity ? (isNegative ? -.infinity : .infinity) : nil
  }

  /// `mantissa * 10^exponent` where one rounding to 64 bits decides the rounding to 53 bits; else nil.
  @inline(__always)
  private static func extended(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    #if arch(x86_64)
      guard exponent >= -27, exponent <= 27 else { return nil }
      let scale = extendedPowersOfTen.withUnsafeBufferPointer { $0[abs(exponent)] }
      let value = exponent < 0 ? Float80(mantissa) / scale : Float80(mantissa) * scale
      // The true value is within half a unit of the last of 64 bits: only next to a tie of the 53 bits is it undecided.
      let tail = value.significandBitPattern & 0x7FF
      return tail < 0x3FF || tail > 0x401 ? Double(value) : nil
    #else
      return nil
    #endif
  }

  #if arch(x86_64)
    /// Powers of ten that are exact in 64 bits.
    private static let extendedPowersOfTen: [Float80] = (0...27).map { exponent in
      (0..<exponent).reduce(Float80(1)) { power, _ in power * 10 }
    }
  #endif

  @inline(never)
  private static func correctlyRounded(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Double {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { text in
      for i in 0..<count { text[i] = CChar(bitPattern: bytes[i]) }
      text[count] = 0
      return strtod(text.baseAddress!, nil)
    }
  }
}
