import Tables

/// A number for each row, or one number for all rows; missing is not-a-number.
enum NumberVector {
  case constant(Double)
  case rows([Double])

  /// One number per row.
  func values(count: Int) -> [Double] {
    switch self {
    case .constant(let value): Array(repeating: value, count: count)
    case .rows(let values): values
    }
  }

  // The functions are inlined into their callers so that each becomes one tight loop; arrays are filled in place
  // because appending checks the capacity for every row.

  @inline(__always)
  func map(_ function: (Double) -> Double) -> NumberVector {
    switch self {
    case .constant(let value):
      return .constant(function(value))
    case .rows(let values):
      return .rows(
        filled(values.count) { result in
          values.withUnsafeBufferPointer { x in
            for i in 0..<x.count { result[i] = function(x[i]) }
          }
        })
    }
  }

  @inline(__always)
  func combined(with other: NumberVector, _ function: (Double, Double) -> Double) -> NumberVector {
    switch (self, other) {
    case (.constant(let a), .constant(let b)):
      return .constant(function(a, b))
    case (.constant(let a), .rows):
      return other.map { function(a, $0) }
    case (.rows, .constant(let b)):
      return map { function($0, b) }
    case (.rows(let left), .rows(let right)):
      return .rows(
        filled(left.count) { result in
          left.withUnsafeBufferPointer { a in
            right.withUnsafeBufferPointer { b in
              for i in 0..<a.count { result[i] = function(a[i], b[i]) }
            }
          }
        })
    }
  }

  /// Per row the first number where the condition is true, the second where it is false, missing where it is missing.
  static func choose(_ condition: NumberVector, _ yes: NumberVector, _ no: NumberVector, count: Int) -> NumberVector {
    if case .constant(let test) = condition { return test.isNaN ? .constant(.nan) : test != 0 ? yes : no }
    let tests = condition.values(count: count)
    let first = yes.values(count: count)
    let second = no.values(count: count)
    return .rows(
      filled(count) { result in
        for i in 0..<count { result[i] = tests[i].isNaN ? .nan : tests[i] != 0 ? first[i] : second[i] }
      })
  }
}

/// An array of numbers written by `body`, which must set every one.
@inline(__always)
private func filled(_ count: Int, _ body: (UnsafeMutableBufferPointer<Double>) -> Void) -> [Double] {
  Array(unsafeUninitializedCapacity: count) { buffer, initialized in
    body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
    initialized = count
  }
}

/// A text for each row, or one text for all rows.
enum TextVector {
  case constant(String?)
  case levels(CategoryValues)
  case texts(TextValues)

  /// One level code per row; a text column is turned into levels, which takes a hash look-up per row.
  func categories(count: Int) -> CategoryValues {
    switch self {
    case .constant(nil): CategoryValues(codes: Array(repeating: -1, count: count), levels: [])
    case .constant(let text?): CategoryValues(codes: Array(repeating: 0, count: count), levels: [text])
    case .levels(let values): values
    case .texts(let values): CategoryValues((0..<values.count).lazy.map { values[$0] })
    }
  }

  /// 1 where the two texts are equal, 0 where not, missing where one is missing.
  static func equal(_ a: TextVector, _ b: TextVector, count: Int) -> NumberVector {
    switch (a, b) {
    case (.constant(let x), .constant(let y)):
      return .constant(x == nil || y == nil ? .nan : x == y ? 1 : 0)
    case (.constant(let text), let rows), (let rows, .constant(let text)):
      guard let text else { return .constant(.nan) }
      return rows.equal(to: text)
    default:
      let x = a.categories(count: count)
      let y = b.categories(count: count)
      // Levels may repeat a text, so both sides are translated to one list.
      let shared = merged(x, y)
      return .rows(
        (0..<count).map { row in
          let left = x.codes[row]
          let right = y.codes[row]
          return left < 0 || right < 0 ? .nan : shared.first[Int(left)] == shared.second[Int(right)] ? 1 : 0
        })
    }
  }

  private func equal(to text: String) -> NumberVector {
    switch self {
    case .constant(let own):
      return .constant(own == nil ? .nan : own == text ? 1 : 0)
    case .levels(let values):
      let isEqual: [Double] = values.levels.map { $0 == text ? 1 : 0 }
      return .rows(values.codes.map { $0 < 0 ? .nan : isEqual[Int($0)] })
    case .texts(let values):
      let wanted = Array(text.utf8)
      return .rows(
        (0..<values.count).map { values.isMissing($0) ? .nan : values.utf8($0).elementsEqual(wanted) ? 1 : 0 })
    }
  }

  /// 1 where there is no text, else 0.
  func isMissing(count: Int) -> NumberVector {
    switch self {
    case .constant(let text): .constant(text == nil ? 1 : 0)
    case .levels(let values): .rows(values.codes.map { $0 < 0 ? 1 : 0 })
    case .texts(let values): .rows((0..<count).map { values.isMissing($0) ? 1 : 0 })
    }
  }

  /// Per row a text of the first or of the second vector, or none.
  static func pick(
    _ first: TextVector, _ second: TextVector, count: Int, _ takesFirst: (Int, _ isMissing: Bool) -> Bool?
  ) -> TextVector {
    let x = first.categories(count: count)
    let y = second.categories(count: count)
    let shared = merged(x, y)
    let codes: [Int32] = (0..<count).map { row in
      guard let isFirst = takesFirst(row, x.codes[row] < 0) else { return -1 }
      let code = isFirst ? x.codes[row] : y.codes[row]
      return code < 0 ? -1 : (isFirst ? shared.first : shared.second)[Int(code)]
    }
    return .levels(CategoryValues(codes: codes, levels: shared.levels))
  }

  /// One list of levels for two vectors, with the new code of each old one.
  private static func merged(
    _ x: CategoryValues, _ y: CategoryValues
  ) -> (levels: [String], first: [Int32], second: [Int32]) {
    let all = CategoryValues(x.levels + y.levels)
    return (all.levels, Array(all.codes.prefix(x.levels.count)), Array(all.codes.dropFirst(x.levels.count)))
  }
}
