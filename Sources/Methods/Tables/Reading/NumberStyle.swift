/// How numbers with decoration are written: the decimal sign, the sign between thousands, currency and percent signs.
///
/// A whole column must follow one style; plain numbers are read without it.
struct NumberStyle: Sendable, Hashable {
  /// The sign before the fraction.
  var decimal: UInt8
  /// The sign between groups of three digits.
  var group: UInt8

  /// The styles in the order in which they are tried: 1,234.5; 1.234,5; 1 234,5; 1'234.5.
  static let all = [
    NumberStyle(decimal: UInt8(ascii: "."), group: UInt8(ascii: ",")),
    NumberStyle(decimal: UInt8(ascii: ","), group: UInt8(ascii: ".")),
    NumberStyle(decimal: UInt8(ascii: ","), group: UInt8(ascii: " ")),
    NumberStyle(decimal: UInt8(ascii: "."), group: UInt8(ascii: "'")),
  ]

  private static let decorations: [[UInt8]] = ["$", "€", "£", "¥", "%", "USD", "EUR", "GBP", "CHF"].map {
    Array($0.utf8)
  }

  /// The number spelled by the bytes in this style; nil if it is not.
  func parse(_ bytes: Bytes) -> Double? {
    var rest = bytes[...]
    var isNegative = false
    if rest.first == UInt8(ascii: "-") {
      isNegative = true
      rest = rest.dropFirst()
    }
    rest = NumberStyle.undecorated(rest)
    if !isNegative, rest.first == UInt8(ascii: "-") {
      isNegative = true
      rest = rest.dropFirst()
    }
    guard let first = rest.first, first &- 48 < 10 else { return nil }
    var plain: [UInt8] = []
    plain.reserveCapacity(rest.count)
    var isFraction = false
    var isGrouped = false
    var digitsInGroup = 0
    for byte in rest {
      if byte &- 48 < 10 {
        plain.append(byte)
        digitsInGroup += 1
      } else if byte == group, !isFraction {
        // The first group has one to three digits, every later one three.
        guard isGrouped ? digitsInGroup == 3 : (1...3).contains(digitsInGroup) else { return nil }
        isGrouped = true
        digitsInGroup = 0
      } else if byte == decimal, !isFraction {
        guard !isGrouped || digitsInGroup == 3 else { return nil }
        isFraction = true
        plain.append(UInt8(ascii: "."))
      } else {
        return nil
      }
    }
    guard isFraction || !isGrouped || digitsInGroup == 3 else { return nil }
    let value = plain.withUnsafeBufferPointer { NumberParser.float($0.baseAddress!, $0.count) }
    return value.map { isNegative ? -$0 : $0 }
  }

  /// The bytes without a currency or percent sign, and the spaces next to it, at either end.
  private static func undecorated(_ bytes: Slice<Bytes>) -> Slice<Bytes> {
    var rest = bytes
    for decoration in decorations {
      if rest.starts(with: decoration) { rest = rest.dropFirst(decoration.count) }
      if rest.count >= decoration.count, rest.suffix(decoration.count).elementsEqual(decoration) {
        rest = rest.dropLast(decoration.count)
      }
    }
    while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    while rest.last == UInt8(ascii: " ") { rest = rest.dropLast() }
    return rest
  }
}
