import Foundation

// The types that are written and read without asking them how. `T.self == X.self` is a comparison of two pointers, and
// goes away where the compiler knows `T`; a cast (`value as? X`) would search for conformances.

/// A value as the type that it was just compared to.
@inline(__always)
private func same<Value, Other>(_ value: Value, _ type: Other.Type) -> Other {
  unsafeBitCast(value, to: type)
}

extension CBORNode {
  /// Writes a number, text or boolean; false if it is something else.
  static func appendScalar<Value>(_ value: Value, to bytes: inout [UInt8]) -> Bool {
    if Value.self == String.self {
      appendText(same(value, String.self), to: &bytes)
    } else if Value.self == Int.self {
      appendInteger(same(value, Int.self), to: &bytes)
    } else if Value.self == Double.self {
      bytes.append(CBORSimple.float64)
      bytes.appendBigEndian(same(value, Double.self).bitPattern)
    } else if Value.self == Bool.self {
      bytes.append(same(value, Bool.self) ? CBORSimple.yes : CBORSimple.no)
    } else if Value.self == Float.self {
      bytes.append(CBORSimple.float32)
      bytes.appendBigEndian(same(value, Float.self).bitPattern)
    } else if Value.self == Int64.self {
      appendInteger(same(value, Int64.self), to: &bytes)
    } else if Value.self == Int32.self {
      appendInteger(same(value, Int32.self), to: &bytes)
    } else if Value.self == UInt64.self {
      appendInteger(same(value, UInt64.self), to: &bytes)
    } else if Value.self == UInt8.self {
      appendInteger(same(value, UInt8.self), to: &bytes)
    } else if Value.self == UInt32.self {
      appendInteger(same(value, UInt32.self), to: &bytes)
    } else if Value.self == UInt16.self {
      appendInteger(same(value, UInt16.self), to: &bytes)
    } else if Value.self == Int8.self {
      appendInteger(same(value, Int8.self), to: &bytes)
    } else if Value.self == Int16.self {
      appendInteger(same(value, Int16.self), to: &bytes)
    } else if Value.self == UInt.self {
      appendInteger(same(value, UInt.self), to: &bytes)
    } else {
      return false
    }
    return true
  }

  private static func appendInteger(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    if value < 0 {
      bytes.appendHead(.negative, UInt64(~Int64(value)))
    } else {
      bytes.appendHead(.unsigned, UInt64(value))
    }
  }

  /// Writes an array of numbers or `Data` as one block; false if it is something else.
  static func appendTypedArray<Value>(_ value: Value, to bytes: inout [UInt8]) -> Bool {
    if Value.self == Data.self {
      let data = same(value, Data.self)
      bytes.appendHead(.bytes, UInt64(data.count))
      bytes.append(contentsOf: data)
      return true
    }
    @inline(__always)
    func block<Element: CBORElement>(_ type: [Element].Type) -> Bool {
      guard Value.self == type else { return false }
      same(value, type).withUnsafeBytes { memory in
        bytes.appendHead(.tag, Element.arrayTag)
        bytes.appendHead(.bytes, UInt64(memory.count))
        bytes.append(contentsOf: memory.assumingMemoryBound(to: UInt8.self))
      }
      return true
    }
    return block([Float].self) || block([Double].self) || block([Int32].self) || block([Int].self)
      || block([Int64].self) || block([UInt8].self) || block([UInt16].self) || block([UInt32].self)
      || block([Int8].self) || block([Int16].self) || block([UInt64].self)
  }
}

extension CBORSource {
  /// Reads a number, text or boolean; nil if the type is something else.
  func scalar<Value>(_ type: Value.Type, at offset: Int, path: CBORPath) throws -> Value? {
    if type == String.self { return same(try text(at: offset, path), type) }
    if type == Int.self { return same(try integer(Int.self, at: offset, path), type) }
    if type == Double.self { return same(try double(at: offset, path), type) }
    if type == Bool.self { return same(try boolean(at: offset, path), type) }
    if type == Float.self { return same(try float(at: offset, path), type) }
    if type == Int64.self { return same(try integer(Int64.self, at: offset, path), type) }
    if type == Int32.self { return same(try integer(Int32.self, at: offset, path), type) }
    if type == UInt64.self { return same(try integer(UInt64.self, at: offset, path), type) }
    if type == UInt8.self { return same(try integer(UInt8.self, at: offset, path), type) }
    if type == UInt32.self { return same(try integer(UInt32.self, at: offset, path), type) }
    if type == UInt16.self { return same(try integer(UInt16.self, at: offset, path), type) }
    if type == Int8.self { return same(try integer(Int8.self, at: offset, path), type) }
    if type == Int16.self { return same(try integer(Int16.self, at: offset, path), type) }
    if type == UInt.self { return same(try integer(UInt.self, at: offset, path), type) }
    return nil
  }

  /// Reads an array of numbers or `Data` that was written as one block; nil if the type or the item is something else.
  func typedArray<Value>(_ type: Value.Type, at offset: Int, path: CBORPath) throws -> Value? {
    // Inlined, each call compares with the metadata of a known type; otherwise the runtime would look it up every time.
    @inline(__always)
    func block<Element: CBORElement>(_ element: Element.Type) throws -> Value? {
      guard type == [Element].self else { return nil }
      return same(try array(of: element, at: offset, path), type)
    }
    if type == Data.self, let data = try data(at: offset, path) { return same(data, type) }
    guard isTag(at: offset) else { return nil }
    if let array = try block(Float.self) { return array }
    if let array = try block(Double.self) { return array }
    if let array = try block(Int32.self) { return array }
    if let array = try block(Int.self) { return array }
    if let array = try block(Int64.self) { return array }
    if let array = try block(UInt8.self) { return array }
    if let array = try block(UInt16.self) { return array }
    if let array = try block(UInt32.self) { return array }
    if let array = try block(Int8.self) { return array }
    if let array = try block(Int16.self) { return array }
    if let array = try block(UInt64.self) { return array }
    return nil
  }
}
