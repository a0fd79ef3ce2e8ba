import Basics

/// The histories of all entities up to now: it takes events one by one in the order of time, says of each what was
/// known before it, and then remembers it.
///
/// Tables go through the same engine (`apply(to:)`), so that a model meets in service what it was trained on. An event
/// is taken up when the first event of a later time comes; until then it is pending. What windows hold is exact.
/// Memory is bounded by the plan's limits, and by the events within the longest window that has an end plus the delay of
/// labels.
public struct HistoryState: Sendable {
  /// What is kept.
  public let plan: HistoryPlan
  let layout: HistoryLayout
  /// The time of the latest event.
  public internal(set) var now = Int64.min
  var counters = HistoryReport()
  var log: EventLog
  var entities: [EntityTotals]
  var pairs: [PairTotals]
  var graphs: [SharedGraph]
  /// Per window that has an end, the first event that is inside.
  var exits: [Int64]
  /// The first event whose label is not known yet, and the same for the ends of the shifted windows.
  var labelEntry: Int64 = 0
  var labelExits: [Int64]
  var pending = PendingEvents()

  /// The beginning: nothing is known of anybody.
  ///
  /// - Throws: a `configuration` error for a plan that contradicts itself.
  public init(_ plan: HistoryPlan) throws {
    let layout = try HistoryLayout(plan)
    self.plan = plan
    self.layout = layout
    let windows = layout.windows.count
    log = EventLog(shape: layout.shape)
    entities = plan.entities.indices.map { index in
      EntityTotals(
        windows: windows, amounts: layout.groups[index].contains(.amounts) ? plan.amounts.count : 0,
        links: layout.linkCounts[index], keepsHours: layout.groups[index].contains(.habits),
        keepsLabels: layout.groups[index].contains(.labels))
    }
    pairs = (0..<layout.shape.pairs).map { _ in PairTotals(windows: windows) }
    graphs = plan.graphs.map {
      SharedGraph(members: $0.between.count, limit: plan.limits.pairs, hubDegree: $0.hubDegree)
    }
    exits = Array(repeating: 0, count: layout.finite)
    labelExits = plan.label == nil ? [] : exits
  }

  /// The names of the features, in the order in which they are given.
  public var featureNames: [String] { layout.names }

  /// What was done and what it takes.
  public var report: HistoryReport {
    var report = counters
    report.leftOut = graphs.reduce(0) { $0 + $1.leftOut }
    report.entities = entities.map(\.table.count)
    report.eventsHeld = log.count
    report.byteCount =
      log.byteCount + entities.reduce(0) { $0 + $1.byteCount } + pairs.reduce(0) { $0 + $1.byteCount }
      + graphs.reduce(0) { $0 + $1.byteCount }
    return report
  }

  /// Takes an event.
  ///
  /// - Parameters:
  ///   - event: the event, not earlier than the one before.
  ///   - label: its label where it is known already; it counts only when the delay has passed.
  /// - Returns: the features, one per name, missing as not-a-number; and the number under which its label is told.
  /// - Throws: a `data` error for an event that is earlier than the one before, or amounts that are not allowed. The
  ///   state is as it was then.
  public mutating func observe(_ event: HistoryEvent, label: Bool? = nil) throws -> (features: [Float], id: Int64) {
    guard event.keys.count == plan.entities.count && event.amounts.count == plan.amounts.count else {
      throw AssayError(
        .data,
        "the event has \(event.keys.count) keys and \(event.amounts.count) amounts, the plan has "
          + "\(plan.entities.count) entities and \(plan.amounts.count) amounts")
    }
    let keys = zip(event.keys, plan.entities).map { key, entity in EventColumns.key(key.value, entity) }
    let amounts = try zip(event.amounts, plan.amounts).map { try WholeAmount.of($0, $1, at: $1.column) }
    try advance(to: event.time)
    let features = [Float](unsafeUninitializedCapacity: layout.names.count) { buffer, count in
      count = keys.withUnsafeBufferPointer { keys in
        amounts.withUnsafeBufferPointer { writeFeatures(time: event.time, keys: keys, amounts: $0, into: buffer) }
      }
    }
    let id = keys.withUnsafeBufferPointer { keys in
      amounts.withUnsafeBufferPointer { add(keys: keys, amounts: $0, label: label.map { $0 ? 1 : 0 } ?? -1) }
    }
    return (features, id)
  }

  /// Lets time pass: pending events are taken up, windows move on, labels become known.
  ///
  /// - Throws: a `data` error for a time before the latest event.
  public mutating func advance(to time: Int64) throws {
    guard time >= now else {
      throw AssayError(
        .data, "time goes backwards: an event at \(HistoryState.text(time)) after one at \(HistoryState.text(now))",
        remedy: "give events in the order of time, or begin with a new state")
    }
    guard abs(Double(time)) < 0x1p61 else {
      throw AssayError(.data, "the time of an event is more than 70,000 years from 1970")
    }
    if time == now { return }
    takeUpPending()
    now = time
    moveWindows()
  }

  /// Adds an event at `now` to those that are pending and returns its number.
  mutating func add(keys: UnsafeBufferPointer<UInt64>, amounts: UnsafeBufferPointer<Int64>, label: Int8) -> Int64 {
    let id = log.end + Int64(pending.count)
    pending.append(keys: keys, amounts: amounts, label: label)
    counters.events += 1
    if label >= 0 { counters.labels += 1 }
    return id
  }

  /// Moves the ends of all windows up to now.
  private mutating func moveWindows() {
    for window in 0..<layout.finite {
      let limit = now - layout.windows[window].microseconds
      while exits[window] < log.end && log.time(exits[window]) < limit {
        leave(exits[window], window)
        exits[window] += 1
      }
    }
    if let delay = layout.delay {
      while labelEntry < log.end && log.time(labelEntry) < now - delay {
        enterLabel(labelEntry)
        labelEntry += 1
      }
      for window in 0..<layout.finite {
        let limit = now - delay - layout.windows[window].microseconds
        while labelExits[window] < log.end && log.time(labelExits[window]) < limit {
          leaveLabel(labelExits[window], window)
          labelExits[window] += 1
        }
      }
    }
    removeUnneeded()
  }

  /// Lets the oldest event go where there is no room for another.
  mutating func makeRoom() {
    guard log.count >= plan.limits.events else { return }
    let oldest = log.first
    for window in 0..<layout.finite where exits[window] == oldest {
      leave(oldest, window)
      exits[window] += 1
    }
    if layout.delay != nil {
      if labelEntry == oldest {
        // Its label is not known yet, and nobody will remember to count it.
        log.labels[log.position(oldest)] = -1
        labelEntry += 1
      }
      for window in 0..<layout.finite where labelExits[window] == oldest {
        leaveLabel(oldest, window)
        labelExits[window] += 1
      }
    }
    counters.leftEarly += 1
    removeUnneeded()
  }

  private mutating func removeUnneeded() {
    var needed = exits.last ?? log.end
    if layout.delay != nil { needed = min(needed, labelEntry, labelExits.last ?? labelEntry) }
    log.removeBefore(needed)
  }

  /// A time for messages.
  static func text(_ time: Int64) -> String {
    let (minute, day) = TimeOfDay.split(time, offset: 0)
    let date = CalendarDate(daysSince1970: day)
    let second = CalendarDate.floorDivision(Int(time), by: 60_000_000).remainder / 1_000_000
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(minute / 60)):\(two(minute % 60)):\(two(second))"
  }
}

/// The events of the latest time, which do not see each other.
struct PendingEvents: Sendable, Codable {
  var keys: [UInt64] = []
  var amounts: [Int64] = []
  var labels: [Int8] = []

  var count: Int { labels.count }

  mutating func append(keys: UnsafeBufferPointer<UInt64>, amounts: UnsafeBufferPointer<Int64>, label: Int8) {
    self.keys.append(contentsOf: keys)
    self.amounts.append(contentsOf: amounts)
    labels.append(label)
  }

  mutating func removeAll() {
    keys.removeAll(keepingCapacity: true)
    amounts.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
  }
}
