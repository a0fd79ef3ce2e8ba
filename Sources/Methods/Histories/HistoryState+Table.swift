import Basics
import Tables

extension HistoryPlan {
  /// The table with the columns of texts' parts and one column per feature added, computed from nothing but earlier rows
  /// of the table itself.
  ///
  /// - Parameter table: events in any order; the result has its order.
  /// - Throws: as `HistoryState.apply(to:)`.
  public func apply(to table: Table) throws -> Table {
    var state = try HistoryState(self)
    return try state.apply(to: table)
  }
}

extension HistoryState {
  /// Takes all events of a table in the order of time, and gives the table with one column per feature added.
  ///
  /// The rows keep their places. Labels, where the table has the plan's column, are told with the rows; each counts only
  /// when its delay has passed. A table without the label column is one whose labels are not known.
  ///
  /// - Throws: a `schema` error for columns that are absent, of the wrong kind, or named like a feature; a `data` error
  ///   with the row for a missing time, an amount that is not allowed, or events earlier than those taken before.
  public mutating func apply(to table: Table) throws -> Table {
    let table = try plan.addParts(to: table)
    let hasLabels = plan.label.map { table[$0.column] != nil } ?? false
    let events = try EventColumns(table, plan: plan, hasLabels: hasLabels)
    if let name = layout.names.first(where: { table[$0] != nil }) {
      throw AssayError(
        .schema, "the table has a column \"\(name)\" already, which is the name of a history feature",
        remedy: "rename the column")
    }
    if let row = events.order.first, events.times[row] < now {
      throw AssayError(
        .data,
        "the first event is at \(HistoryState.text(events.times[row])), before the latest one known, at "
          + HistoryState.text(now), at: "row \(row + 1)",
        remedy: "give tables in the order of time, or begin with a new state")
    }
    let columns = try observe(events)
    return try Table(table.columns + zip(layout.names, columns).map { Column($0, .single($1)) })
  }

  /// Features by column, rows as in the table.
  private mutating func observe(_ events: EventColumns) throws -> [[Float]] {
    let (width, rows) = (layout.names.count, events.times.count)
    let (entityCount, amountCount) = (layout.shape.entities, layout.shape.amounts)
    let piece = 1024
    var columns = Array(repeating: [Float](repeating: 0, count: rows), count: width)
    var buffer = [Float](repeating: 0, count: piece * width)
    // Events whose labels come late get numbers; their labels are told between the events that come before and after.
    var numbers: [Int: Int64] = [:]
    numbers.reserveCapacity(events.late.count)
    for (_, row) in events.late { numbers[row] = -1 }
    var told = 0
    for start in stride(from: 0, to: rows, by: piece) {
      let end = min(start + piece, rows)
      for place in start..<end {
        let row = events.order[place]
        try advance(to: events.times[row])
        while told < events.late.count && events.late[told].moment < now {
          tellLate(events.labels[events.late[told].row], of: numbers[events.late[told].row])
          told += 1
        }
        let isLate = !numbers.isEmpty && numbers[row] != nil
        events.keys.withUnsafeBufferPointer { keys in
          events.amounts.withUnsafeBufferPointer { amounts in
            let keys = UnsafeBufferPointer(rebasing: keys[row * entityCount..<(row + 1) * entityCount])
            let amounts = UnsafeBufferPointer(rebasing: amounts[row * amountCount..<(row + 1) * amountCount])
            buffer.withUnsafeMutableBufferPointer { buffer in
              let at = (place - start) * width
              _ = writeFeatures(
                time: now, keys: keys, amounts: amounts,
                into: UnsafeMutableBufferPointer(rebasing: buffer[at..<at + width]))
            }
            let number = add(
              keys: keys, amounts: amounts, label: events.labels.isEmpty || isLate ? -1 : events.labels[row])
            if isLate { numbers[row] = number }
          }
        }
      }
      for feature in 0..<width {
        columns[feature].withUnsafeMutableBufferPointer { column in
          for place in start..<end { column[events.order[place]] = buffer[(place - start) * width + feature] }
        }
      }
    }
    // The table was written when all of its labels had been told: whatever comes later may know them.
    for (_, row) in events.late[told...] { tellLate(events.labels[row], of: numbers[row]) }
    return columns
  }

  /// Tells a label that was reported after its delay; an event that is in no window any longer has nothing to learn.
  private mutating func tellLate(_ label: Int8, of number: Int64?) {
    guard let number, number >= 0 else { return }
    do { try learn(label: label == 1, of: number) } catch { counters.lateLabels += 1 }
  }
}
