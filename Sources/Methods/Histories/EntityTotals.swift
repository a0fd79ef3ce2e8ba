/// What is kept of each remembered value of one entity: totals per window as whole numbers, so that they are exact and
/// independent of the order in which events were added and taken away.
struct EntityTotals: Sendable, Codable {
  let windows: Int
  let amounts: Int
  /// The links this entity is a side of.
  let links: Int
  let keepsHours: Bool
  let keepsLabels: Bool
  var table = KeyTable()
  /// The number of the event that came first since the slot was given out: earlier ones belonged to somebody else.
  private(set) var born: [Int64] = []
  private(set) var firstTime: [Int64] = []
  private(set) var lastTime: [Int64] = []
  /// The events since the first.
  private(set) var gaps: [UInt32] = []
  /// `[slot * windows + window]`.
  private(set) var counts: [UInt32] = []
  /// `[(slot * amounts + amount) * windows + window]`: events that have the amount, their sums, their sums of squares in
  /// two halves.
  private(set) var present: [UInt32] = []
  private(set) var sums: [Int64] = []
  private(set) var squaresLow: [UInt64] = []
  private(set) var squaresHigh: [Int64] = []
  /// `[slot * amounts + amount]`: the largest of all, and the latest event that has the amount.
  private(set) var largest: [Int64] = []
  var latest: [Int64] = []
  /// `[slot * windows + window]`, of the windows shifted by the delay.
  private(set) var known: [UInt32] = []
  private(set) var positives: [UInt32] = []
  private(set) var lastPositive: [Int64] = []
  /// How many of the latest known labels in a row are positives.
  private(set) var positiveRun: [Int32] = []
  /// `[(slot * links + link) * windows + window]`: distinct partners, and events that were first meetings.
  private(set) var partners: [UInt32] = []
  private(set) var meetings: [UInt32] = []
  /// `[slot * 24 + hour]`, and the sums of the cosines and sines of the time of day, in units of 2^-30.
  private(set) var hours: [UInt32] = []
  private(set) var cosines: [Int64] = []
  private(set) var sines: [Int64] = []

  init(windows: Int, amounts: Int, links: Int, keepsHours: Bool, keepsLabels: Bool) {
    self.windows = windows
    self.amounts = amounts
    self.links = links
    self.keepsHours = keepsHours
    self.keepsLabels = keepsLabels
  }

  /// The memory in bytes.
  var byteCount: Int {
    let perAmount = 4 * windows + 8 * windows * 3 + 16
    var perSlot = 28 + 4 * windows + amounts * perAmount + links * windows * 8
    if keepsLabels { perSlot += windows * 8 + 12 }
    if keepsHours { perSlot += 24 * 4 + 16 }
    return table.byteCount + perSlot * born.capacity
  }

  /// Takes a slot for a key, for the event of a number at a time.
  mutating func insert(_ key: UInt64, number: Int64, time: Int64, limit: Int) -> (slot: Int, forgot: Bool) {
    let isFull = table.count >= limit
    if isFull { table.remove(Int(table.oldest)) }
    let slot = table.insert(key)
    if slot == born.count { addSlot() } else { clear(slot) }
    born[slot] = number
    firstTime[slot] = time
    lastTime[slot] = time
    gaps[slot] = 0
    return (slot, isFull)
  }

  private mutating func addSlot() {
    func extend<Value>(_ array: inout [Value], _ count: Int, _ value: Value) {
      for _ in 0..<count { array.append(value) }
    }
    extend(&born, 1, 0)
    extend(&firstTime, 1, 0)
    extend(&lastTime, 1, 0)
    extend(&gaps, 1, 0)
    extend(&counts, windows, 0)
    extend(&present, windows * amounts, 0)
    extend(&sums, windows * amounts, 0)
    extend(&squaresLow, windows * amounts, 0)
    extend(&squaresHigh, windows * amounts, 0)
    extend(&largest, amounts, .min)
    extend(&latest, amounts, -1)
    extend(&partners, windows * links, 0)
    extend(&meetings, windows * links, 0)
    if keepsLabels {
      extend(&known, windows, 0)
      extend(&positives, windows, 0)
      extend(&lastPositive, 1, .min)
      extend(&positiveRun, 1, 0)
    }
    if keepsHours {
      extend(&hours, 24, 0)
      extend(&cosines, 1, 0)
      extend(&sines, 1, 0)
    }
  }

  private mutating func clear(_ slot: Int) {
    func reset<Value>(_ array: inout [Value], _ stride: Int, _ value: Value) {
      for index in slot * stride..<(slot + 1) * stride { array[index] = value }
    }
    reset(&counts, windows, 0)
    reset(&present, windows * amounts, 0)
    reset(&sums, windows * amounts, 0)
    reset(&squaresLow, windows * amounts, 0)
    reset(&squaresHigh, windows * amounts, 0)
    reset(&largest, amounts, .min)
    reset(&latest, amounts, -1)
    reset(&partners, windows * links, 0)
    reset(&meetings, windows * links, 0)
    if keepsLabels {
      reset(&known, windows, 0)
      reset(&positives, windows, 0)
      reset(&lastPositive, 1, .min)
      reset(&positiveRun, 1, 0)
    }
    if keepsHours {
      reset(&hours, 24, 0)
      reset(&cosines, 1, 0)
      reset(&sines, 1, 0)
    }
  }

  /// Notes that the entity took part in an event now.
  mutating func see(_ slot: Int, number: Int64, time: Int64) {
    if number > born[slot] { gaps[slot] &+= 1 }
    lastTime[slot] = time
    table.touch(slot)
    for index in slot * windows..<(slot + 1) * windows { counts[index] &+= 1 }
  }

  /// Adds an amount to all windows.
  mutating func addAmount(_ amount: Int64, _ index: Int, slot: Int) {
    let square = Int128(amount) * Int128(amount)
    let start = (slot * amounts + index) * windows
    for at in start..<start + windows {
      present[at] &+= 1
      sums[at] &+= amount
      setSquares(squares(at) &+ square, at)
    }
    let own = slot * amounts + index
    largest[own] = max(largest[own], amount)
  }

  /// Takes an event out of a window.
  mutating func leaveCount(_ slot: Int, _ window: Int) { counts[slot * windows + window] &-= 1 }

  /// Takes an amount out of a window.
  mutating func leaveAmount(_ amount: Int64, _ index: Int, slot: Int, _ window: Int) {
    let at = (slot * amounts + index) * windows + window
    present[at] &-= 1
    sums[at] &-= amount
    setSquares(squares(at) &- Int128(amount) * Int128(amount), at)
  }

  /// The sum of squares at an index into `present`.
  @inline(__always)
  func squares(_ at: Int) -> Int128 { Int128(squaresHigh[at]) << 64 | Int128(squaresLow[at]) }

  @inline(__always)
  private mutating func setSquares(_ value: Int128, _ at: Int) {
    squaresLow[at] = UInt64(truncatingIfNeeded: value)
    squaresHigh[at] = Int64(truncatingIfNeeded: value >> 64)
  }

  /// Notes a label that has become known, in the windows from one on: the shorter ones have passed the event.
  mutating func addLabel(_ isPositive: Bool, slot: Int, time: Int64, in window: Int, isLatest: Bool) {
    for index in slot * windows + window..<(slot + 1) * windows {
      known[index] &+= 1
      if isPositive { positives[index] &+= 1 }
    }
    if isPositive { lastPositive[slot] = max(lastPositive[slot], time) }
    if isLatest { positiveRun[slot] = isPositive ? positiveRun[slot] &+ 1 : 0 }
  }

  /// Takes a label out of a window.
  mutating func leaveLabel(_ isPositive: Bool, slot: Int, _ window: Int) {
    known[slot * windows + window] &-= 1
    if isPositive { positives[slot * windows + window] &-= 1 }
  }

  /// Notes the time of day.
  mutating func addHour(_ hour: Int, cosine: Int64, sine: Int64, slot: Int) {
    hours[slot * 24 + hour] &+= 1
    cosines[slot] &+= cosine
    sines[slot] &+= sine
  }

  /// Where the partners of a link are, for the first window.
  @inline(__always)
  func partnerIndex(_ slot: Int, _ link: Int) -> Int { (slot * links + link) * windows }

  /// One partner more, or fewer, in a window. What was forgotten in between leaves nothing below 0.
  mutating func changePartners(_ slot: Int, _ link: Int, _ window: Int, by change: Int) {
    let at = partnerIndex(slot, link) + window
    partners[at] = UInt32(max(0, Int(partners[at]) + change))
  }

  /// One first meeting more in all windows.
  mutating func addMeeting(_ slot: Int, _ link: Int) {
    let start = partnerIndex(slot, link)
    for at in start..<start + windows { meetings[at] &+= 1 }
  }

  /// One first meeting fewer in a window.
  mutating func leaveMeeting(_ slot: Int, _ link: Int, _ window: Int) {
    meetings[partnerIndex(slot, link) + window] &-= 1
  }
}
