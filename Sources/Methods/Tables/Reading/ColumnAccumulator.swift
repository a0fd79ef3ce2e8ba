import Basics

/// Collects the values of a column piece by piece.
///
/// One thread at a time may use it.
final class ColumnAccumulator: @unchecked Sendable {
  /// What the next pieces are parsed as.
  private(set) var task: FieldTask
  /// The kind that was demanded, or nil.
  let demanded: ColumnKind?
  /// The task by which texts were found to be values of another kind when the column was finished.
  private(set) var inferred: FieldTask?
  private let options: ReadOptions
  private var store: Store

  private enum Store {
    case nothing
    case integer([Int64])
    case float([Double])
    case single([Float])
    case boolean([Int8])
    case dateTime([Int64])
    case coded([Int32], ByteDictionary)
    case text(TextValues)
  }

  init(task: FieldTask, demanded: ColumnKind?, options: ReadOptions, expectedRows: Int) {
    self.task = task
    self.demanded = demanded
    self.options = options
    store = ColumnAccumulator.store(for: task, expectedRows: expectedRows, options)
  }

  private static func store(for task: FieldTask, expectedRows: Int, _ options: ReadOptions) -> Store {
    switch task {
    case .skip: return .nothing
    case .integer: return .integer(reserved(expectedRows))
    case .float, .number:
      return options.precision == .single ? .single(reserved(expectedRows)) : .float(reserved(expectedRows))
    case .boolean: return .boolean(reserved(expectedRows))
    case .dateTime: return .dateTime(reserved(expectedRows))
    case .coded: return .coded(reserved(expectedRows), ByteDictionary())
    case .text: return .text(TextValues())
    }
  }

  /// Gives up the values: the column must be read again with another task.
  func abandon() {
    task = .skip
    store = .nothing
  }

  /// Adds the values of the next piece.
  func append(_ values: FieldValues) {
    switch values {
    case .skipped, .failed: break
    case .integer(let values): append(integers: values)
    case .float(let values): append(floats: values)
    case .boolean(let values): append(booleans: values)
    case .dateTime(let values): append(dateTimes: values)
    case .coded(let codes, let dictionary): append(codes: codes, dictionary)
    case .text(let values): append(texts: values)
    }
  }

  private func append(integers values: [Int64]) {
    switch take() {
    case .integer(var all):
      all.append(contentsOf: values)
      store = .integer(all)
    case let other:
      store = other
      append(floats: values.map { $0 == Column.missingInteger ? .nan : Double($0) })
    }
  }

  private func append(floats values: [Double]) {
    switch take() {
    case .float(var all):
      all.append(contentsOf: values)
      store = .float(all)
    case .single(var all):
      all.append(contentsOf: values.lazy.map(Float.init))
      store = .single(all)
    case .integer(let earlier):
      // The column turns out to hold numbers that are not whole.
      task = .float
      let numbers = earlier.lazy.map { $0 == Column.missingInteger ? Double.nan : Double($0) }
      store = options.precision == .single ? .single(numbers.map(Float.init)) : .float(Array(numbers))
      append(floats: values)
    case let other: store = other
    }
  }

  private func append(booleans values: [Int8]) {
    guard case .boolean(var all) = take() else { return }
    all.append(contentsOf: values)
    store = .boolean(all)
  }

  private func append(dateTimes values: [Int64]) {
    guard case .dateTime(var all) = take() else { return }
    all.append(contentsOf: values)
    store = .dateTime(all)
  }

  private func append(codes: [Int32], _ dictionary: ByteDictionary) {
    switch take() {
    case .coded(var all, var known):
      let translation = (0..<dictionary.count).map { code in
        dictionary.bytes.withUnsafeBufferPointer { bytes in
          known.code(Bytes(rebasing: bytes[dictionary.range(code)]))
        }
      }
      all.append(contentsOf: codes.lazy.map { $0 < 0 ? -1 : translation[Int($0)] })
      if known.count > options.categoryLimit, demanded != .category {
        task = .text
        store = .text(TextValues(codes: all, of: known))
      } else {
        store = .coded(all, known)
      }
    case .text(var all):
      all.append(contentsOf: TextValues(codes: codes, of: dictionary))
      store = .text(all)
    case let other: store = other
    }
  }

  private func append(texts values: TextValues) {
    switch take() {
    case .text(var all):
      all.append(contentsOf: values)
      store = .text(all)
    case .coded(let codes, let dictionary):
      task = .text
      var all = TextValues(codes: codes, of: dictionary)
      all.append(contentsOf: values)
      store = .text(all)
    case let other: store = other
    }
  }

  /// The store, leaving nothing behind, so that appending to it copies nothing.
  private func take() -> Store {
    defer { store = .nothing }
    return store
  }

  /// Takes the last rows away again.
  func removeLast(_ count: Int) {
    switch take() {
    case .nothing: break
    case .integer(let all): store = .integer(Array(all.dropLast(count)))
    case .float(let all): store = .float(Array(all.dropLast(count)))
    case .single(let all): store = .single(Array(all.dropLast(count)))
    case .boolean(let all): store = .boolean(Array(all.dropLast(count)))
    case .dateTime(let all): store = .dateTime(Array(all.dropLast(count)))
    case .coded(let codes, let dictionary):
      // Levels that are in none of the rows left must not remain.
      let kept = codes.dropLast(count)
      let used = Int(kept.max() ?? -1) + 1
      store = .coded(Array(kept), dictionary.prefix(used))
    case .text(let all): store = .text(all.selecting(rows: Array(0..<(all.count - count))))
    }
  }

  /// The values so far; the accumulator is empty afterwards and goes on with the task that it has come to.
  ///
  /// - Parameter infers: whether text whose values are all numbers, dates or truth values becomes such a column.
  func finish(infers: Bool) -> ColumnValues {
    defer { store = ColumnAccumulator.store(for: task, expectedRows: 0, options) }
    switch take() {
    case .nothing: return .float([])
    case .integer(let all):
      let isEmpty = demanded == nil && all.allSatisfy { $0 == Column.missingInteger }
      guard isEmpty || demanded == .float else { return .integer(all) }
      let numbers = all.lazy.map { $0 == Column.missingInteger ? Double.nan : Double($0) }
      return options.precision == .single ? .single(numbers.map(Float.init)) : .float(Array(numbers))
    case .float(let all): return .float(all)
    case .single(let all): return .single(all)
    case .boolean(let all): return .boolean(all)
    case .dateTime(let all): return .dateTime(all)
    case .coded(let codes, let dictionary):
      if infers, let found = KindInference.values(codes: codes, dictionary, options) {
        inferred = found.task
        return found.values
      }
      if demanded == .category || (demanded == nil && dictionary.count <= options.categoryLimit(rows: codes.count)) {
        return .category(CategoryValues(codes: codes, levels: (0..<dictionary.count).map { dictionary.text($0) }))
      }
      return .text(TextValues(codes: codes, of: dictionary))
    case .text(let all):
      if infers, let found = KindInference.values(all, options) {
        inferred = found.task
        return found.values
      }
      return .text(all)
    }
  }
}

private func reserved<Value>(_ count: Int) -> [Value] {
  var values: [Value] = []
  values.reserveCapacity(count)
  return values
}
