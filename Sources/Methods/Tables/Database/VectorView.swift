import CNative

/// The values of one column in one chunk: DuckDB's own memory, valid while the chunk is.
struct VectorView {
  let data: UnsafeRawPointer?
  /// One bit per row, set where there is a value; nil if there is one everywhere.
  let validity: UnsafePointer<UInt64>?
  let count: Int

  init(_ vector: assay_duckdb_vector?, count: Int, _ functions: assay_duckdb) {
    data = functions.vector_data(vector).map { UnsafeRawPointer($0) }
    validity = functions.vector_validity(vector).map { UnsafePointer($0) }
    self.count = count
  }

  @inline(__always)
  func isValid(_ row: Int) -> Bool {
    guard let validity else { return true }
    return validity[row >> 6] >> UInt64(row & 63) & 1 != 0
  }

  /// Calls the body with the bytes of each row's text, or with nil.
  @inline(__always)
  func forEachText(_ body: (Bytes?) -> Void) {
    guard let data else { return }
    for row in 0..<count {
      guard isValid(row) else {
        body(nil)
        continue
      }
      let address = data + row * MemoryLayout<assay_duckdb_text>.stride
      let length = Int(address.load(as: UInt32.self))
      // Short texts lie in the vector, right after the length.
      let start =
        length <= 12
        ? (address + 4).assumingMemoryBound(to: UInt8.self)
        : address.load(fromByteOffset: 8, as: UnsafePointer<UInt8>.self)
      body(Bytes(start: start, count: length))
    }
  }
}

extension VectorType {
  /// The values of consecutive vectors of one column.
  func values(of vectors: [VectorView], categoryLimit: Int) -> FieldValues {
    switch Int(number) {
    case ASSAY_DUCKDB_BOOLEAN: return .boolean(collect(vectors, UInt8.self, -1) { Int8($0) })
    case ASSAY_DUCKDB_TINYINT: return .integer(collect(vectors, Int8.self, Column.missingInteger) { Int64($0) })
    case ASSAY_DUCKDB_SMALLINT: return .integer(collect(vectors, Int16.self, Column.missingInteger) { Int64($0) })
    case ASSAY_DUCKDB_INTEGER: return .integer(collect(vectors, Int32.self, Column.missingInteger) { Int64($0) })
    case ASSAY_DUCKDB_UTINYINT: return .integer(collect(vectors, UInt8.self, Column.missingInteger) { Int64($0) })
    case ASSAY_DUCKDB_USMALLINT: return .integer(collect(vectors, UInt16.self, Column.missingInteger) { Int64($0) })
    case ASSAY_DUCKDB_UINTEGER: return .integer(collect(vectors, UInt32.self, Column.missingInteger) { Int64($0) })
    case ASSAY_DUCKDB_BIGINT:
      return integers(vectors, Int64.self) {
        $0
      } float: {
        Double($0)
      }
    case ASSAY_DUCKDB_UBIGINT:
      return integers(vectors, UInt64.self) {
        Int64(exactly: $0)
      } float: {
        Double($0)
      }
    case ASSAY_DUCKDB_HUGEINT:
      return integers(vectors, assay_duckdb_hugeint.self) {
        Int64(exactly: $0.signed)
      } float: {
        Double($0.signed)
      }
    case ASSAY_DUCKDB_UHUGEINT:
      return integers(vectors, assay_duckdb_hugeint.self) {
        Int64(exactly: $0.unsigned)
      } float: {
        Double($0.unsigned)
      }
    case ASSAY_DUCKDB_FLOAT: return .float(collect(vectors, Float.self, .nan) { Double($0) })
    case ASSAY_DUCKDB_DOUBLE: return .float(collect(vectors, Double.self, .nan) { $0 })
    case ASSAY_DUCKDB_DECIMAL: return decimals(vectors)
    case ASSAY_DUCKDB_DATE:
      return .dateTime(
        collect(vectors, Int32.self, Column.missingInteger) {
          abs(Int64($0)) == Int64(Int32.max) ? Column.missingInteger : Int64($0) * 86_400_000_000
        })
    case ASSAY_DUCKDB_TIMESTAMP, ASSAY_DUCKDB_TIMESTAMP_TZ: return .dateTime(moments(vectors) { $0 })
    case ASSAY_DUCKDB_TIMESTAMP_S: return .dateTime(moments(vectors) { $0.multiplied(by: 1_000_000) })
    case ASSAY_DUCKDB_TIMESTAMP_MS: return .dateTime(moments(vectors) { $0.multiplied(by: 1_000) })
    case ASSAY_DUCKDB_TIMESTAMP_NS:
      return .dateTime(moments(vectors) { $0 >= 0 ? $0 / 1_000 : ($0 - 999) / 1_000 })
    case ASSAY_DUCKDB_VARCHAR: return texts(vectors, categoryLimit: categoryLimit)
    default: return .skipped
    }
  }

  @inline(__always)
  private func collect<Stored, Value>(
    _ vectors: [VectorView], _ type: Stored.Type, _ none: Value, _ convert: (Stored) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: vectors.reduce(0) { $0 + $1.count }) { buffer, initialized in
      for vector in vectors {
        guard let data = vector.data else { continue }
        let stored = data.assumingMemoryBound(to: Stored.self)
        for row in 0..<vector.count {
          buffer.initializeElement(
            at: initialized + row, to: vector.isValid(row) ? convert(stored[row]) : none)
        }
        initialized += vector.count
      }
    }
  }

  /// Integers where all fit, and none is the one that stands for "missing"; else numbers.
  @inline(__always)
  private func integers<Stored>(
    _ vectors: [VectorView], _ type: Stored.Type, _ exact: (Stored) -> Int64?, float: (Stored) -> Double
  ) -> FieldValues {
    var allFit = true
    let values = collect(vectors, type, Column.missingInteger) { stored in
      guard let value = exact(stored), value != Column.missingInteger else {
        allFit = false
        return Column.missingInteger
      }
      return value
    }
    return allFit ? .integer(values) : .float(collect(vectors, type, .nan, float))
  }

  private func decimals(_ vectors: [VectorView]) -> FieldValues {
    switch decimalStorage {
    case ASSAY_DUCKDB_SMALLINT: return decimals(vectors, Int16.self) { Int128($0) }
    case ASSAY_DUCKDB_INTEGER: return decimals(vectors, Int32.self) { Int128($0) }
    case ASSAY_DUCKDB_BIGINT: return decimals(vectors, Int64.self) { Int128($0) }
    default: return decimals(vectors, assay_duckdb_hugeint.self) { $0.signed }
    }
  }

  @inline(__always)
  private func decimals<Stored>(
    _ vectors: [VectorView], _ type: Stored.Type, _ whole: (Stored) -> Int128
  ) -> FieldValues {
    if decimalScale == 0 {
      return integers(vectors, type) {
        Int64(exactly: whole($0))
      } float: {
        Double(whole($0))
      }
    }
    let divisor = (0..<decimalScale).reduce(1.0) { power, _ in power * 10 }
    let scale = decimalScale
    return .float(
      collect(vectors, type, .nan) { stored in
        let whole = whole(stored)
        // Both are exact up to 53 bits and 22 digits, so that one rounding remains.
        if whole.magnitude <= 1 << 53, scale <= 22 { return Double(whole) / divisor }
        return Double("\(whole)e-\(scale)") ?? .nan
      })
  }

  /// Moments in microseconds; the values that stand for "infinity" become missing.
  private func moments(_ vectors: [VectorView], _ microseconds: (Int64) -> Int64) -> [Int64] {
    collect(vectors, Int64.self, Column.missingInteger) {
      $0 == .max || $0 == -.max || $0 == .min ? Column.missingInteger : microseconds($0)
    }
  }

  private func texts(_ vectors: [VectorView], categoryLimit: Int) -> FieldValues {
    var dictionary = ByteDictionary()
    var codes: [Int32] = []
    codes.reserveCapacity(vectors.reduce(0) { $0 + $1.count })
    for vector in vectors {
      vector.forEachText { text in
        codes.append(text.map { dictionary.code($0) } ?? -1)
      }
      if dictionary.count > categoryLimit { return .text(plainTexts(vectors)) }
    }
    return .coded(codes, dictionary)
  }

  private func plainTexts(_ vectors: [VectorView]) -> TextValues {
    var values = TextValues()
    for vector in vectors {
      vector.forEachText { text in
        if let text { values.append(utf8: text) } else { values.append(nil) }
      }
    }
    return values
  }
}

extension Int64 {
  /// The product; the value for "missing" where it does not fit.
  fileprivate func multiplied(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? Column.missingInteger : product
  }
}

extension assay_duckdb_hugeint {
  // The struct is read as it lies, because its address need not be a multiple of sixteen.
  fileprivate var signed: Int128 { Int128(upper) << 64 | Int128(lower) }
  fileprivate var unsigned: UInt128 { UInt128(UInt64(bitPattern: upper)) << 64 | UInt128(lower) }
}
