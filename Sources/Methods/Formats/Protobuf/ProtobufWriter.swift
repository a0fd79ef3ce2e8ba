/// Writes the fields of a protobuf message.
///
/// Zeros and empty texts are left out except where asked for; a reader takes what is absent for them.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// A whole number; negative ones take ten bytes.
  mutating func integer(_ number: Int, _ value: Int, always: Bool = false) {
    guard value != 0 || always else { return }
    tag(number, 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A float32.
  mutating func float(_ number: Int, _ value: Float) {
    tag(number, 5)
    append(UInt64(value.bitPattern), 4)
  }

  /// Text in UTF-8.
  mutating func text(_ number: Int, _ value: String, always: Bool = false) {
    guard !value.isEmpty || always else { return }
    data(number, ArraySlice(value.utf8))
  }

  /// Bytes.
  mutating func data(_ number: Int, _ value: ArraySlice<UInt8>) {
    tag(number, 2)
    varint(UInt64(value.count))
    bytes += value
  }

  /// A list of whole numbers, packed.
  mutating func integers(_ number: Int, _ values: [Int]) {
    guard !values.isEmpty else { return }
    message(number) { part in for value in values { part.varint(UInt64(bitPattern: Int64(value))) } }
  }

  /// A field of its own for each number, as proto2 has lists.
  mutating func repeated(_ number: Int, _ values: [Int]) {
    for value in values { integer(number, value, always: true) }
  }

  /// A field of its own for each number, as proto2 has lists.
  mutating func repeated(_ number: Int, _ values: [Float]) {
    for value in values { float(number, value) }
  }

  /// A list of float32, packed.
  mutating func floats(_ number: Int, _ values: [Float]) {
    guard !values.isEmpty else { return }
    message(number) { part in for value in values { part.append(UInt64(value.bitPattern), 4) } }
  }

  /// A list of float64, packed.
  mutating func doubles(_ number: Int, _ values: [Double]) {
    guard !values.isEmpty else { return }
    message(number) { part in for value in values { part.append(value.bitPattern, 8) } }
  }

  /// A message in a field. Its length is known only afterwards, so the content moves over by a few bytes: cheaper than a
  /// copy at every level for messages that hold weights.
  mutating func message(_ number: Int, _ body: (inout ProtobufWriter) throws -> Void) rethrows {
    tag(number, 2)
    let start = bytes.count
    try body(&self)
    var length = ProtobufWriter()
    length.varint(UInt64(bytes.count - start))
    bytes.insert(contentsOf: length.bytes, at: start)
  }

  private mutating func tag(_ number: Int, _ type: UInt64) { varint(UInt64(number) << 3 | type) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(_ bits: UInt64, _ count: Int) {
    for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * i))) }
  }
}
