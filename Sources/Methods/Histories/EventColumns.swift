import Basics
import Tables

/// The events of a table as the engine takes them: times, keys, amounts and labels as whole numbers.
struct EventColumns: Sendable {
  var times: [Int64]
  /// `[row * entities + entity]`.
  var keys: [UInt64]
  /// `[row * amounts + amount]`.
  var amounts: [Int64]
  /// 0, 1, or -1 where it is missing; empty where there is no such column.
  var labels: [Int8]
  /// The rows whose labels were told after their delay, by the moments at which they were.
  var late: [(moment: Int64, row: Int)] = []
  /// The rows in the order of time; of equal times, in their own.
  var order: [Int]

  /// Reads what a plan needs.
  ///
  /// - Throws: a `schema` error for a column that is absent or of the wrong kind; a `data` error with the row for a
  ///   missing time, or an amount that is not allowed.
  init(_ table: Table, plan: HistoryPlan, hasLabels: Bool) throws {
    let times = try EventColumns.times(try table.column(plan.time), unit: plan.timeUnit)
    self.times = times
    let (rows, width) = (table.rowCount, plan.entities.count)
    keys = Array(repeating: 0, count: rows * width)
    var known: [String: [UInt64]] = [:]
    for (index, entity) in plan.entities.enumerated() {
      for (place, name) in entity.columns.enumerated() {
        if known[name] == nil { known[name] = try EventColumns.keys(try table.column(name)) }
        let column = known[name]!
        for row in 0..<rows {
          let at = row * width + index
          keys[at] = place == 0 ? column[row] : EntityKey.combine(keys[at], column[row])
        }
      }
      for row in 0..<rows { keys[row * width + index] = EventColumns.key(keys[row * width + index], entity) }
    }
    amounts = Array(repeating: 0, count: rows * plan.amounts.count)
    for (index, amount) in plan.amounts.enumerated() {
      let column = try table.column(amount.column)
      guard column.kind != .text && column.kind != .category && column.kind != .dateTime else {
        throw AssayError(
          .schema, "the amount \"\(amount.column)\" has values of kind \(column.kind.rawValue), not numbers",
          remedy: "name a column with numbers")
      }
      for (row, number) in column.numbers().enumerated() {
        amounts[row * plan.amounts.count + index] = try WholeAmount.of(
          number, amount, at: "column \"\(amount.column)\", row \(row + 1)")
      }
    }
    if hasLabels, let label = plan.label {
      labels = try EventColumns.labels(try table.column(label.column), label)
      if let name = label.reported, let reports = table[name] {
        let moments = try EventColumns.reports(reports)
        for row in 0..<rows where labels[row] >= 0 && moments[row] != Column.missingInteger {
          if moments[row] - label.delay.microseconds > times[row] { late.append((moments[row], row)) }
        }
        late.sort { $0 < $1 }
      }
    } else {
      labels = []
    }
    order = Array(0..<rows)
    order.sort { (times[$0], $0) < (times[$1], $1) }
  }

  /// The key of an entity as the engine takes it: what missing ones mean is decided here.
  static func key(_ key: UInt64, _ entity: HistoryPlan.Entity) -> UInt64 {
    key != 0 ? key : entity.missing == .together ? EntityKey.together : 0
  }

  private static func times(_ column: Column, unit: HistorySpan?) throws -> [Int64] {
    let place = "time column \"\(column.name)\""
    var times: [Int64]
    switch (column.values, unit) {
    case (.dateTime(let values), _): times = values
    case (.integer(let values), let unit?):
      times = values.map { value in
        let (product, overflow) = value.multipliedReportingOverflow(by: unit.microseconds)
        return value == Column.missingInteger || overflow ? Column.missingInteger : product
      }
    case (.float, let unit?), (.single, let unit?):
      times = column.numbers().map { number in
        let product = number * Double(unit.microseconds)
        return abs(product) < 0x1p61 ? Int64(product.rounded()) : Column.missingInteger
      }
    case (.integer, nil), (.float, nil), (.single, nil):
      throw AssayError(
        .schema, "it has numbers, not dates", at: place,
        remedy: "say what one unit is with timeUnit, such as timeUnit: 1s, or read the column as date-times")
    default:
      throw AssayError(
        .schema, "it has values of kind \(column.kind.rawValue), not dates", at: place,
        remedy: "name a column with dates, or read this one as date-times")
    }
    if let row = times.firstIndex(of: Column.missingInteger) {
      throw AssayError(
        .data, "the time is missing", at: "\(place), row \(row + 1)", remedy: "leave such rows out, or fill the time in"
      )
    }
    return times
  }

  /// The keys of a column's values, 0 where one is missing.
  private static func keys(_ column: Column) throws -> [UInt64] {
    switch column.values {
    case .integer(let values), .dateTime(let values):
      return values.map { $0 == Column.missingInteger ? 0 : EntityKey.hash($0) }
    case .boolean(let values): return values.map { $0 < 0 ? 0 : EntityKey.hash(Int64($0)) }
    case .category(let values):
      let levels = values.levels.map { EntityKey($0).value }
      return values.codes.map { $0 < 0 ? 0 : levels[Int($0)] }
    case .text(let values):
      return values.bytes.withUnsafeBufferPointer { bytes in
        (0..<values.count).map { row in
          values.isMissing(row) ? 0 : EntityKey.hash(UnsafeBufferPointer(rebasing: bytes[values.range(row)]))
        }
      }
    case .float, .single:
      return column.numbers().map { number in
        if number.isNaN { return 0 }
        // Whole numbers in a column with gaps are often read as floating-point ones.
        if number == number.rounded() && abs(number) < 0x1p53 { return EntityKey.hash(Int64(number)) }
        return EntityKey("\(number)").value
      }
    }
  }

  private static func reports(_ column: Column) throws -> [Int64] {
    guard case .dateTime(let moments) = column.values else {
      throw AssayError(
        .schema, "it has values of kind \(column.kind.rawValue), not dates", at: "column \"\(column.name)\"",
        remedy: "name a column that says when labels were told, or none")
    }
    return moments
  }

  private static func labels(_ column: Column, _ label: HistoryPlan.Label) throws -> [Int8] {
    let place = "label column \"\(column.name)\""
    switch column.values {
    case .boolean(let values): return values
    case .integer, .float, .single:
      return try column.numbers().enumerated().map { row, number in
        if number.isNaN { return -1 }
        guard number == 0 || number == 1 else {
          throw AssayError(
            .data, "the label is \(number), not 0 or 1", at: "\(place), row \(row + 1)",
            remedy: "make it 0 and 1, or a column of two texts with positive: TEXT")
        }
        return Int8(number)
      }
    case .category, .text:
      guard let positive = label.positive else {
        throw AssayError(
          .configuration, "it has texts, and the plan does not say which one means 1", at: place,
          remedy: "add positive: TEXT to the label")
      }
      let wanted = EntityKey(positive).value
      let keys = try keys(column)
      guard keys.contains(wanted) || !keys.contains(where: { $0 != 0 }) else {
        throw AssayError(.data, "no row has the value \"\(positive)\"", at: place, remedy: "check its spelling")
      }
      return keys.map { $0 == 0 ? -1 : $0 == wanted ? 1 : 0 }
    case .dateTime:
      throw AssayError(.schema, "it has dates, not labels", at: place, remedy: "name the column with the labels")
    }
  }
}
