import Basics

extension HistoryState {
  /// Tells the label of an event.
  ///
  /// It may come at any time; it counts only when the delay has passed since the event. One that comes later than that
  /// counts from now on and is noted in the report: features in between did not see it.
  ///
  /// - Parameters:
  ///   - label: whether it is 1: a fraud, a failure, a sale.
  ///   - id: the number that `observe` gave the event.
  /// - Throws: a `data` error for an event that is not known or no longer remembered, or whose label was told to be the
  ///   other; a `configuration` error where the plan has no label.
  public mutating func learn(label: Bool, of id: Int64) throws {
    guard plan.label != nil else {
      throw AssayError(.configuration, "a label was told, but the plan has none", remedy: "add label: to the plan")
    }
    guard id >= 0 && id < log.end + Int64(pending.count) else {
      throw AssayError(.data, "there was no event with the number \(id)")
    }
    let value: Int8 = label ? 1 : 0
    if id >= log.end {
      let index = Int(id - log.end)
      if try isNews(value, pending.labels[index], id) { pending.labels[index] = value }
      return
    }
    let number = id < log.first ? -1 : log.arrivals[log.position(id)]
    guard number >= log.first else {
      throw AssayError(
        .data, "the label of event \(id) comes too late: the event is no longer in any window",
        remedy: "lengthen the label's delay or the longest window, or leave this label out")
    }
    let position = log.position(number)
    guard try isNews(value, log.labels[position], id) else { return }
    log.labels[position] = value
    if number < labelEntry {
      counters.lateLabels += 1
      let window = labelExits.firstIndex { $0 <= number } ?? layout.finite
      addLabel(label, number, in: window, isLatest: false)
    }
  }

  private mutating func isNews(_ value: Int8, _ known: Int8, _ id: Int64) throws -> Bool {
    if known >= 0 && known != value {
      throw AssayError(
        .data, "the label of event \(id) was told before, and was the other",
        remedy: "tell labels when they are final")
    }
    if known < 0 { counters.labels += 1 }
    return known < 0
  }

  /// Counts the label of an event whose delay has passed.
  mutating func enterLabel(_ number: Int64) {
    let label = log.labels[log.position(number)]
    if label >= 0 { addLabel(label == 1, number, in: 0, isLatest: true) }
  }

  private mutating func addLabel(_ isPositive: Bool, _ number: Int64, in window: Int, isLatest: Bool) {
    let position = log.position(number)
    if window < layout.windows.count {
      for index in entities.indices where entities[index].keepsLabels {
        let slot = log.slot(entity: index, at: position)
        guard slot >= 0 && entities[index].born[slot] <= number else { continue }
        entities[index].addLabel(isPositive, slot: slot, time: log.times[position], in: window, isLatest: isLatest)
      }
    }
    for (index, graph) in layout.graphs.enumerated() {
      var isCounted = false
      for member in graph.members.indices {
        let node = log.node(graph.firstNode + member, at: position)
        if node < 0 { continue }
        graphs[index].addLabel(isPositive, node: node)
        // Where a hub kept the nodes apart the label belongs to the component of the first.
        if !isCounted { graphs[index].addComponentLabel(isPositive, node: node) }
        isCounted = true
      }
    }
  }

  /// Takes the label of an event out of a shifted window.
  mutating func leaveLabel(_ number: Int64, _ window: Int) {
    let position = log.position(number)
    let label = log.labels[position]
    if label < 0 { return }
    for index in entities.indices where entities[index].keepsLabels {
      let slot = log.slot(entity: index, at: position)
      guard slot >= 0 && entities[index].born[slot] <= number else { continue }
      entities[index].leaveLabel(label == 1, slot: slot, window)
    }
  }
}
