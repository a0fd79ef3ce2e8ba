import Basics

extension HistoryState {
  /// Takes up the pending events, in an order that follows from what they are.
  mutating func takeUpPending() {
    let count = pending.count
    if count == 0 { return }
    let (entityCount, amountCount) = (layout.shape.entities, layout.shape.amounts)
    var order = Array(0..<count)
    if count > 1 {
      let contents = (0..<count).map { index in
        EntityKey.content(
          pending.keys[index * entityCount..<(index + 1) * entityCount],
          pending.amounts[index * amountCount..<(index + 1) * amountCount])
      }
      order.sort { (contents[$0], $0) < (contents[$1], $1) }
      for (first, second) in zip(order, order.dropFirst()) where contents[first] == contents[second] {
        counters.duplicates += 1
      }
    }
    let taken = pending
    pending.removeAll()
    let start = log.end
    for index in order {
      makeRoom()
      taken.keys.withUnsafeBufferPointer { keys in
        taken.amounts.withUnsafeBufferPointer { amounts in
          remember(
            keys: UnsafeBufferPointer(rebasing: keys[index * entityCount..<(index + 1) * entityCount]),
            amounts: UnsafeBufferPointer(rebasing: amounts[index * amountCount..<(index + 1) * amountCount]),
            label: taken.labels[index])
        }
      }
    }
    for (place, index) in order.enumerated() where start + Int64(index) >= log.first {
      log.arrivals[log.position(start + Int64(index))] = start + Int64(place)
    }
  }

  /// Adds an event at `now` to the log and to all totals.
  private mutating func remember(
    keys: UnsafeBufferPointer<UInt64>, amounts: UnsafeBufferPointer<Int64>, label: Int8
  ) {
    let number = log.end
    let position = log.append(time: now, label: label)
    for (index, amount) in amounts.enumerated() { log.setAmount(amount, index, at: position) }
    for (index, key) in keys.enumerated() {
      log.setSlot(key == 0 ? -1 : see(key, index, number, amounts, position), entity: index, at: position)
    }
    for index in layout.links.indices { meet(index, keys, number, position) }
    for (index, entity) in layout.repeats.enumerated() {
      repeatAmount(layout.links.count + index, keys[entity], amounts[0], number, position)
    }
    for (index, graph) in layout.graphs.enumerated() {
      var centre = -1
      for (member, entity) in graph.members.enumerated() {
        let node = graphs[index].add(keys[entity], member: member)
        log.setNode(node, graph.firstNode + member, at: position)
        if member == 0 { centre = node } else if node >= 0 && centre >= 0 { graphs[index].join(centre, node) }
      }
    }
  }

  private mutating func see(
    _ key: UInt64, _ index: Int, _ number: Int64, _ amounts: UnsafeBufferPointer<Int64>, _ position: Int
  ) -> Int {
    var slot = entities[index].table.find(key)
    if slot < 0 {
      let (taken, forgot) = entities[index].insert(key, number: number, time: now, limit: plan.limits.entities)
      slot = taken
      if forgot { counters.forgotten += 1 }
    }
    entities[index].see(slot, number: number, time: now)
    if entities[index].amounts > 0 {
      for (at, amount) in amounts.enumerated() where amount != WholeAmount.missing {
        entities[index].addAmount(amount, at, slot: slot)
        let latest = slot * amounts.count + at
        var larger = entities[index].latest[latest]
        while larger >= log.first && log.amount(at, at: log.position(larger)) <= amount {
          larger = log.largerBefore(entity: index, amount: at, at: log.position(larger))
        }
        log.setLargerBefore(larger < log.first ? -1 : larger, entity: index, amount: at, at: position)
        entities[index].latest[latest] = number
      }
    }
    if entities[index].keepsHours {
      let minute = TimeOfDay.split(now, offset: clockOffset).minute
      let point = TimeOfDay.circle[minute]
      entities[index].addHour(minute / 60, cosine: point[0], sine: point[1], slot: slot)
    }
    return slot
  }

  /// What is added to times to have local ones, in microseconds.
  var clockOffset: Int64 { Int64((plan.clock?.offsetHours ?? 0) * 3.6e9) }

  /// The key of a pair of entities; 0 if one is missing.
  @inline(__always)
  func pairKey(_ link: Int, _ keys: UnsafeBufferPointer<UInt64>) -> UInt64 {
    let (left, right) = (keys[layout.links[link].sides.0], keys[layout.links[link].sides.1])
    return left <= EntityKey.together || right <= EntityKey.together ? 0 : EntityKey.combine(left, right)
  }

  /// The key of an entity with an amount; 0 if one is missing.
  @inline(__always)
  func repeatKey(_ key: UInt64, _ amount: Int64) -> UInt64 {
    amount == WholeAmount.missing ? 0 : EntityKey.combine(key, UInt64(bitPattern: amount &+ 1 << 62))
  }

  private mutating func meet(
    _ index: Int, _ keys: UnsafeBufferPointer<UInt64>, _ number: Int64, _ position: Int
  ) {
    let key = pairKey(index, keys)
    guard key != 0 else { return log.setPair(-1, index, isNew: false, at: position) }
    let (slot, isNew) = pairSlot(index, key, number)
    log.setPair(slot, index, isNew: isNew, at: position)
    let link = layout.links[index]
    let left = log.slot(entity: link.sides.0, at: position)
    let right = log.slot(entity: link.sides.1, at: position)
    for window in layout.windows.indices where pairs[index].count(slot, window) == 0 {
      entities[link.sides.0].changePartners(left, link.places.0, window, by: 1)
      entities[link.sides.1].changePartners(right, link.places.1, window, by: 1)
    }
    if isNew {
      entities[link.sides.0].addMeeting(left, link.places.0)
      entities[link.sides.1].addMeeting(right, link.places.1)
    }
    pairs[index].see(slot, time: now, left: left, right: right)
  }

  private mutating func repeatAmount(
    _ index: Int, _ key: UInt64, _ amount: Int64, _ number: Int64, _ position: Int
  ) {
    let pair = repeatKey(key, amount)
    guard pair != 0 else { return log.setPair(-1, index, isNew: false, at: position) }
    let (slot, isNew) = pairSlot(index, pair, number)
    log.setPair(slot, index, isNew: isNew, at: position)
    pairs[index].see(slot, time: now, left: -1, right: -1)
  }

  private mutating func pairSlot(_ index: Int, _ key: UInt64, _ number: Int64) -> (slot: Int, isNew: Bool) {
    let found = pairs[index].table.find(key)
    if found >= 0 { return (found, false) }
    if pairs[index].table.count >= plan.limits.pairs {
      let oldest = Int(pairs[index].table.oldest)
      if index < layout.links.count { loseTouch(index, oldest) }
      pairs[index].table.remove(oldest)
      counters.forgotten += 1
    }
    return (pairs[index].insert(key, number: number), true)
  }

  /// Takes a pair that is forgotten from the partners of its sides.
  private mutating func loseTouch(_ index: Int, _ slot: Int) {
    let (link, sides) = (layout.links[index], pairs[index].sides[slot])
    for window in layout.windows.indices where pairs[index].count(slot, window) > 0 {
      entities[link.sides.0].changePartners(Int(sides[0]), link.places.0, window, by: -1)
      entities[link.sides.1].changePartners(Int(sides[1]), link.places.1, window, by: -1)
    }
  }

  /// Takes an event out of a window that has an end.
  mutating func leave(_ number: Int64, _ window: Int) {
    let position = log.position(number)
    for index in entities.indices {
      let slot = log.slot(entity: index, at: position)
      guard slot >= 0 && entities[index].born[slot] <= number else { continue }
      entities[index].leaveCount(slot, window)
      for amount in 0..<entities[index].amounts {
        let value = log.amount(amount, at: position)
        if value != WholeAmount.missing { entities[index].leaveAmount(value, amount, slot: slot, window) }
      }
    }
    for index in pairs.indices {
      let slot = log.pair(index, at: position)
      guard slot >= 0 && pairs[index].born[slot] <= number else { continue }
      let rest = pairs[index].leave(slot, window)
      if index < layout.links.count {
        if rest == 0 || log.isNew(index, at: position) { leaveLink(index, number, window, rest == 0, position) }
      } else if rest == 0 && window == layout.finite - 1 {
        // Repeats have no window without end, so there is nothing more to remember.
        pairs[index].table.remove(slot)
      }
    }
  }

  private mutating func leaveLink(
    _ index: Int, _ number: Int64, _ window: Int, _ isLast: Bool, _ position: Int
  ) {
    let link = layout.links[index]
    for (entity, place) in [(link.sides.0, link.places.0), (link.sides.1, link.places.1)] {
      let slot = log.slot(entity: entity, at: position)
      guard slot >= 0 && entities[entity].born[slot] <= number else { continue }
      if isLast { entities[entity].changePartners(slot, place, window, by: -1) }
      if log.isNew(index, at: position) { entities[entity].leaveMeeting(slot, place, window) }
    }
  }
}
