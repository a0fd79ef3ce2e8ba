import Basics
import Tables

/// For each row of a table, the last events of its entity up to and with the row itself: what sequence models learn from.
public struct EventSequences: Sendable, Equatable {
  /// The rows of the table.
  public let rowCount: Int
  /// The events per row, n.
  public let length: Int
  /// The numbers per event: those of the columns asked for, then the seconds from the event before it of the entity.
  public let names: [String]
  /// `[(row * length + place) * names.count + number]`: the latest event last; 0 before an entity's first event, and
  /// where a number is missing.
  public let values: [Float]
  /// `[row * length + place]`: 1 where there is an event.
  public let mask: [Float]
  /// `[row * length + place]`: the row of the table with the event, -1 where there is none.
  public let rows: [Int32]
}

extension HistoryPlan {
  /// The last events of an entity, per row of the table and in its order.
  ///
  /// Events at the same time as the row's own are not among them, apart from the row itself. For events of a missing
  /// entity that is `unknown` there is only the row itself.
  ///
  /// - Parameters:
  ///   - entity: the name of an entity of the plan.
  ///   - count: how many events per row, at least 1.
  ///   - columns: the columns whose numbers an event has.
  ///   - table: events in any order.
  /// - Throws: a `configuration` error for an entity that is not in the plan; a `schema` or `data` error as
  ///   `HistoryState.apply(to:)`.
  public func lastEvents(
    of entity: String, count: Int, columns: [String], in table: Table
  ) throws -> EventSequences {
    require(count >= 1, "lastEvents", "a count of \(count)")
    guard let position = entities.firstIndex(where: { $0.name == entity }) else {
      throw AssayError(
        .configuration, "there is no entity \"\(entity)\"",
        remedy: "the entities are \(entities.map(\.name).joined(separator: ", "))")
    }
    let table = try addParts(to: table)
    let events = try EventColumns(table, plan: self, hasLabels: false)
    let numbers = try columns.map { try table.column($0).numbers().map(Float.init) }
    let (rowCount, width) = (table.rowCount, columns.count + 1)
    let keys = (0..<rowCount).map { events.keys[$0 * entities.count + position] }
    let rows = EventSequences.rows(events, keys: keys, count: count)
    var values = [Float](repeating: 0, count: rowCount * count * width)
    for (place, row) in rows.enumerated() where row >= 0 {
      let row = Int(row)
      for (index, column) in numbers.enumerated() where !column[row].isNaN {
        values[place * width + index] = column[row]
      }
      if place % count > 0 && rows[place - 1] >= 0 {
        let gap = events.times[row] - events.times[Int(rows[place - 1])]
        values[place * width + columns.count] = Float(Double(gap) * 1e-6)
      }
    }
    return EventSequences(
      rowCount: rowCount, length: count, names: columns + ["secondsBefore"], values: values,
      mask: rows.map { $0 < 0 ? 0 : 1 }, rows: rows)
  }
}

extension EventSequences {
  /// The rows of the last events, `[row * count + place]`.
  static func rows(_ events: EventColumns, keys: [UInt64], count: Int) -> [Int32] {
    var rows = [Int32](repeating: -1, count: keys.count * count)
    var latest: [UInt64: [Int32]] = [:]
    var start = 0
    while start < events.order.count {
      var end = start
      while end < events.order.count && events.times[events.order[end]] == events.times[events.order[start]] {
        end += 1
      }
      // In an order of its own, so that the order of rows in the file does not matter: by what the events are.
      let tied = events.order[start..<end].sorted { events.content(of: $0) < events.content(of: $1) }
      for row in tied {
        let before = latest[keys[row]] ?? []
        let kept = before.suffix(count - 1)
        rows[row * count + count - 1] = Int32(row)
        for (place, other) in kept.enumerated() { rows[row * count + count - 1 - kept.count + place] = other }
      }
      for row in tied where keys[row] != 0 {
        latest[keys[row], default: []].append(Int32(row))
        if latest[keys[row]]!.count > 2 * count { latest[keys[row]]!.removeFirst(count) }
      }
      start = end
    }
    return rows
  }
}

extension EventColumns {
  /// A number that follows from an event's entities and amounts.
  func content(of row: Int) -> UInt64 {
    let rows = times.count
    let (entities, amounts) = (keys.count / max(rows, 1), self.amounts.count / max(rows, 1))
    return EntityKey.content(
      keys[row * entities..<(row + 1) * entities], self.amounts[row * amounts..<(row + 1) * amounts])
  }
}

extension EntityKey {
  /// A number that follows from an event's entities and amounts, to put events of equal time into an order.
  static func content(_ keys: ArraySlice<UInt64>, _ amounts: ArraySlice<Int64>) -> UInt64 {
    var content: UInt64 = 0
    for key in keys { content = mix(content &* 5 &+ key &+ 1) }
    for amount in amounts { content = mix(content &* 5 &+ UInt64(bitPattern: amount) &+ 1) }
    return content
  }
}
