import Basics
import Foundation

/// Writes numbers one after the other.
struct FeatureWriter {
  private let buffer: UnsafeMutableBufferPointer<Float>
  private(set) var count = 0

  init(_ buffer: UnsafeMutableBufferPointer<Float>) { self.buffer = buffer }

  @inline(__always)
  mutating func put(_ number: Double) {
    buffer[count] = Float(number)
    count += 1
  }

  mutating func putMissing(_ number: Int) {
    for _ in 0..<number { put(.nan) }
  }
}

extension HistoryState {
  /// Writes what is known now of the entities of an event that happens now; the order is that of the names.
  ///
  /// - Returns: how many numbers were written.
  func writeFeatures(
    time: Int64, keys: UnsafeBufferPointer<UInt64>, amounts: UnsafeBufferPointer<Int64>,
    into buffer: UnsafeMutableBufferPointer<Float>
  ) -> Int {
    var out = FeatureWriter(buffer)
    let (minute, day) = TimeOfDay.split(time, offset: clockOffset)
    for index in entities.indices {
      let key = keys[index]
      let slot = key == 0 ? -1 : entities[index].table.find(key)
      writeEntity(index, slot, isUnknown: key == 0, key: key, amounts, minute, &out)
    }
    for index in layout.links.indices { writeLink(index, keys, &out) }
    for index in layout.graphs.indices { writeGraph(index, keys, &out) }
    if let clock = plan.clock {
      let hour = minute / 60
      let isNight =
        clock.nightFrom <= clock.nightUntil
        ? hour >= clock.nightFrom && hour < clock.nightUntil : hour >= clock.nightFrom || hour < clock.nightUntil
      out.put(Double(minute) / 60)
      out.put(isNight ? 1 : 0)
      // 1970-01-01 was a Thursday, the fourth day of its week.
      out.put(CalendarDate.floorDivision(day + 3, by: 7).remainder >= 5 ? 1 : 0)
    }
    return out.count
  }

  private func writeEntity(
    _ index: Int, _ slot: Int, isUnknown: Bool, key: UInt64, _ amounts: UnsafeBufferPointer<Int64>, _ minute: Int,
    _ out: inout FeatureWriter
  ) {
    // Totals are looked at where they are: a copy would retain and release each of their arrays.
    let (groups, windows, finite) = (layout.groups[index], layout.windows, layout.finite)
    let nothing = isUnknown ? Double.nan : 0
    func count(_ window: Int) -> Double {
      slot < 0 ? nothing : Double(entities[index].counts[slot * windows.count + window])
    }
    if groups.contains(.counts) { for window in windows.indices { out.put(count(window)) } }
    if groups.contains(.velocity) && finite > 0 {
      let long = count(finite - 1) / windows[finite - 1].seconds
      for window in 0..<finite - 1 { out.put(long > 0 ? count(window) / windows[window].seconds / long : .nan) }
    }
    if groups.contains(.amounts) {
      for (amount, value) in amounts.enumerated() { writeAmount(index, slot, nothing, amount, value, &out) }
    }
    if groups.contains(.labels), let label = plan.label {
      for window in windows.indices {
        let at = slot * windows.count + window
        let known = slot < 0 ? nothing : Double(entities[index].known[at])
        let positives = slot < 0 ? nothing : Double(entities[index].positives[at])
        out.put(known)
        out.put(positives)
        out.put((positives + label.smoothing * label.prior) / (known + label.smoothing))
      }
      let last = slot < 0 ? Int64.min : entities[index].lastPositive[slot]
      out.put(last == .min ? .nan : Double(now - last) * 1e-6)
      out.put(slot < 0 ? nothing : Double(entities[index].positiveRun[slot]))
    }
    if groups.contains(.times) {
      if slot < 0 {
        out.putMissing(3)
      } else {
        let since = Double(now - entities[index].lastTime[slot]) * 1e-6
        let gap = Double(entities[index].lastTime[slot] - entities[index].firstTime[slot]) * 1e-6
        out.put(since)
        out.put(Double(now - entities[index].firstTime[slot]) * 1e-6)
        out.put(gap > 0 ? since / gap * Double(entities[index].gaps[slot]) : .nan)
      }
    }
    if groups.contains(.habits) { writeHabits(index, slot, minute, &out) }
    if groups.contains(.repeats) {
      let pair = layout.links.count + layout.repeats.firstIndex(of: index)!
      let repeated = amounts[0] == WholeAmount.missing ? 0 : repeatKey(key, amounts[0])
      let place = repeated == 0 ? -1 : pairs[pair].table.find(repeated)
      for window in 0..<finite {
        out.put(repeated == 0 ? .nan : place < 0 ? 0 : Double(pairs[pair].count(place, window)))
      }
    }
  }

  private func writeAmount(
    _ index: Int, _ slot: Int, _ nothing: Double, _ amount: Int, _ value: Int64, _ out: inout FeatureWriter
  ) {
    let (amountCount, count) = (plan.amounts.count, layout.windows.count)
    let resolution = plan.amounts[amount].resolution
    let own = value == WholeAmount.missing ? Double.nan : Double(value)
    var number = slot < 0 ? -1 : entities[index].latest[slot * amountCount + amount]
    var largest = WholeAmount.missing
    for window in 0..<count {
      let at = (slot * amountCount + amount) * count + window
      let present = slot < 0 ? 0 : entities[index].present[at]
      guard present > 0 else {
        out.put(nothing)
        out.putMissing(5)
        continue
      }
      if window < layout.finite {
        // The chain of ever larger earlier amounts: its last one inside the window is the window's largest.
        while number >= exits[window] && number >= log.first {
          largest = log.amount(amount, at: log.position(number))
          number = log.largerBefore(entity: index, amount: amount, at: log.position(number))
        }
      } else {
        largest = entities[index].largest[slot * amountCount + amount]
      }
      let (n, sum) = (Double(present), Double(entities[index].sums[at]))
      let mean = sum / n
      // Whole numbers: exact, where a difference of large floating-point sums would not be.
      let spread =
        Int128(present) * entities[index].squares(at) - Int128(entities[index].sums[at])
        * Int128(entities[index].sums[at])
      // The conversion of wide numbers is slow, and few need it.
      let short = Int64(truncatingIfNeeded: spread)
      let wide = Int128(short) == spread ? Double(short) : Double(spread)
      let deviation = present > 1 ? (wide / (n * (n - 1))).squareRoot() : .nan
      out.put(sum * resolution)
      out.put(mean * resolution)
      out.put(Double(largest) * resolution)
      out.put(deviation * resolution)
      out.put(mean > 0 ? own / mean : .nan)
      out.put(deviation > 0 ? (own - mean) / deviation : .nan)
    }
  }

  private func writeHabits(_ index: Int, _ slot: Int, _ minute: Int, _ out: inout FeatureWriter) {
    guard slot >= 0 else { return out.putMissing(4) }
    let (x, y) = (Double(entities[index].cosines[slot]), Double(entities[index].sines[slot]))
    let start = slot * 24
    var all: UInt32 = 0
    for hour in 0..<24 { all &+= entities[index].hours[start + hour] }
    let mean = (atan2(y, x) / (2 * .pi) * 24 + 24).truncatingRemainder(dividingBy: 24)
    let apart = abs(Double(minute) / 60 - mean)
    let hour = minute / 60
    let near =
      entities[index].hours[start + hour] &+ entities[index].hours[start + (hour + 1) % 24]
      &+ entities[index].hours[start + (hour + 23) % 24]
    out.put(mean)
    out.put((x * x + y * y).squareRoot() / (Double(all) * 0x1p30))
    out.put(min(apart, 24 - apart))
    out.put(Double(near) / Double(all))
  }

  private func writeLink(_ index: Int, _ keys: UnsafeBufferPointer<UInt64>, _ out: inout FeatureWriter) {
    let (link, windows) = (layout.links[index], layout.windows.count)
    let key = pairKey(index, keys)
    let slot = key == 0 ? -1 : pairs[index].table.find(key)
    out.put(key == 0 ? .nan : slot < 0 ? 1 : 0)
    out.put(slot < 0 ? .nan : Double(now - pairs[index].lastTime[slot]) * 1e-6)
    for window in 0..<windows {
      out.put(key == 0 ? .nan : slot < 0 ? 0 : Double(pairs[index].count(slot, window)))
    }
    writePartners(link.sides.0, link.places.0, keys[link.sides.0], &out)
    writePartners(link.sides.1, link.places.1, keys[link.sides.1], &out)
  }

  private func writePartners(_ entity: Int, _ link: Int, _ key: UInt64, _ out: inout FeatureWriter) {
    let windows = layout.windows.count
    let slot = key == 0 ? -1 : entities[entity].table.find(key)
    for window in 0..<windows {
      guard slot >= 0 else {
        out.put(key == 0 ? .nan : 0)
        out.put(.nan)
        continue
      }
      let at = entities[entity].partnerIndex(slot, link) + window
      let count = entities[entity].counts[slot * windows + window]
      out.put(Double(entities[entity].partners[at]))
      out.put(count > 0 ? Double(entities[entity].meetings[at]) / Double(count) : .nan)
    }
  }

  /// What the component would be that the event is about to make.
  private func writeGraph(_ index: Int, _ keys: UnsafeBufferPointer<UInt64>, _ out: inout FeatureWriter) {
    let members = layout.graphs[index].members
    var roots: [Int] = []
    var (known, positives, unseen) = (0, 0, 0)
    var sizes = Array(repeating: 0, count: members.count)
    var nodes = Array(repeating: -1, count: members.count)
    for (member, entity) in members.enumerated() where keys[entity] > EntityKey.together {
      nodes[member] = graphs[index].find(keys[entity], member: member)
      if nodes[member] < 0 {
        unseen += 1
        sizes[member] += 1
        continue
      }
      let root = graphs[index].root(nodes[member])
      if roots.contains(root) { continue }
      roots.append(root)
      for other in members.indices { sizes[other] += Int(graphs[index].memberSizes[root * members.count + other]) }
      known += Int(graphs[index].componentKnown[root])
      positives += Int(graphs[index].componentPositives[root])
    }
    out.put(Double(sizes.reduce(0, +)))
    for size in sizes { out.put(Double(size)) }
    out.put(Double(known))
    out.put(Double(positives))
    out.put(known > 0 ? Double(positives) / Double(known) : .nan)
    out.put(Double(roots.count + unseen))
    for node in nodes {
      let labels = node < 0 ? (known: 0, positives: 0) : graphs[index].neighbourLabels(node)
      out.put(node < 0 ? 0 : Double(graphs[index].degrees[node]))
      out.put(labels.known > 0 ? Double(labels.positives) / Double(labels.known) : .nan)
    }
  }
}
