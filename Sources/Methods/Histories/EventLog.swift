/// The events that windows still need, in the order of time: a ring of arrays addressed by the running number of the
/// event, which grows as far as it is allowed to.
struct EventLog: Sendable, Codable {
  /// How many numbers of each kind an event has.
  struct Shape: Sendable, Codable, Hashable {
    var entities: Int
    var amounts: Int
    var pairs: Int
    var nodes: Int
  }

  let shape: Shape
  /// The number of the oldest event in it.
  private(set) var first: Int64 = 0
  /// The number of the next event.
  private(set) var end: Int64 = 0
  private(set) var times: [Int64] = []
  /// 0 or 1; -1 while nobody has told.
  var labels: [Int8] = []
  /// Where the event with this arrival number is: events of equal time are put into an order of their own.
  var arrivals: [Int64] = []
  private(set) var slots: [Int32] = []
  private(set) var amounts: [Int64] = []
  /// Per entity and amount: the latest earlier event of the entity with a larger amount, -1 for none.
  private(set) var largerBefore: [Int64] = []
  private(set) var pairs: [Int32] = []
  /// Bit p is set where pair p was new.
  private(set) var isNew: [UInt32] = []
  private(set) var nodes: [Int32] = []

  init(shape: Shape) {
    self.shape = shape
    grow(to: 1024)
  }

  var count: Int { Int(end - first) }
  var capacity: Int { times.count }

  /// The memory in bytes.
  var byteCount: Int { capacity * EventLog.bytesPerEvent(shape) }

  static func bytesPerEvent(_ shape: Shape) -> Int {
    8 + 1 + 8 + shape.entities * 4 + shape.amounts * 8 * (1 + shape.entities) + (shape.pairs + shape.nodes) * 4 + 4
  }

  /// Where an event lies.
  @inline(__always)
  func position(_ number: Int64) -> Int { Int(truncatingIfNeeded: number) & (times.count - 1) }

  @inline(__always)
  func time(_ number: Int64) -> Int64 { times[position(number)] }

  /// Adds an event and returns its position; what `set` functions do not fill in is for the caller to set.
  mutating func append(time: Int64, label: Int8) -> Int {
    if count == capacity { grow(to: capacity * 2) }
    let position = position(end)
    times[position] = time
    labels[position] = label
    isNew[position] = 0
    end += 1
    return position
  }

  @inline(__always)
  mutating func setSlot(_ slot: Int, entity: Int, at position: Int) {
    slots[position * shape.entities + entity] = Int32(truncatingIfNeeded: slot)
  }

  @inline(__always)
  mutating func setAmount(_ amount: Int64, _ index: Int, at position: Int) {
    amounts[position * shape.amounts + index] = amount
  }

  @inline(__always)
  mutating func setLargerBefore(_ number: Int64, entity: Int, amount: Int, at position: Int) {
    largerBefore[(position * shape.entities + entity) * shape.amounts + amount] = number
  }

  @inline(__always)
  mutating func setPair(_ slot: Int, _ pair: Int, isNew new: Bool, at position: Int) {
    pairs[position * shape.pairs + pair] = Int32(truncatingIfNeeded: slot)
    if new { isNew[position] |= 1 << UInt32(pair) }
  }

  @inline(__always)
  mutating func setNode(_ node: Int, _ member: Int, at position: Int) {
    nodes[position * shape.nodes + member] = Int32(truncatingIfNeeded: node)
  }

  @inline(__always)
  func slot(entity: Int, at position: Int) -> Int { Int(slots[position * shape.entities + entity]) }

  @inline(__always)
  func amount(_ index: Int, at position: Int) -> Int64 { amounts[position * shape.amounts + index] }

  @inline(__always)
  func largerBefore(entity: Int, amount: Int, at position: Int) -> Int64 {
    largerBefore[(position * shape.entities + entity) * shape.amounts + amount]
  }

  @inline(__always)
  func pair(_ pair: Int, at position: Int) -> Int { Int(pairs[position * shape.pairs + pair]) }

  @inline(__always)
  func isNew(_ pair: Int, at position: Int) -> Bool { isNew[position] >> UInt32(pair) & 1 == 1 }

  @inline(__always)
  func node(_ member: Int, at position: Int) -> Int { Int(nodes[position * shape.nodes + member]) }

  /// Forgets the events before a number.
  mutating func removeBefore(_ number: Int64) { first = max(first, min(number, end)) }

  private mutating func grow(to capacity: Int) {
    let (from, mask) = (times.count - 1, capacity - 1)
    func moved<Value>(_ old: [Value], _ stride: Int, _ empty: Value) -> [Value] {
      var new = Array(repeating: empty, count: capacity * stride)
      for number in first..<end {
        let (source, target) = (Int(number) & from, Int(number) & mask)
        for index in 0..<stride { new[target * stride + index] = old[source * stride + index] }
      }
      return new
    }
    let grown = (
      times: moved(times, 1, 0), labels: moved(labels, 1, -1), arrivals: moved(arrivals, 1, 0),
      isNew: moved(isNew, 1, 0)
    )
    slots = moved(slots, shape.entities, -1)
    amounts = moved(amounts, shape.amounts, 0)
    largerBefore = moved(largerBefore, shape.entities * shape.amounts, -1)
    pairs = moved(pairs, shape.pairs, -1)
    nodes = moved(nodes, shape.nodes, -1)
    (times, labels, arrivals, isNew) = grown
  }
}
