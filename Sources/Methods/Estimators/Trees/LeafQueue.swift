/// The leaves that can be split, the most promising first; equal ones in the order they came.
struct LeafQueue {
  private var heap: [(priority: Double, leaf: Int)] = []

  private func precedes(_ a: (priority: Double, leaf: Int), _ b: (priority: Double, leaf: Int)) -> Bool {
    a.priority != b.priority ? a.priority > b.priority : a.leaf < b.leaf
  }

  /// Adds a leaf.
  mutating func insert(_ leaf: Int, priority: Double) {
    heap.append((priority, leaf))
    var child = heap.count - 1
    while child > 0, precedes(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Up to `count` leaves that satisfy a condition, in the order of the queue.
  func first(_ count: Int, where holds: (Int) -> Bool) -> [Int] {
    guard count > 0 else { return [] }
    let fitting = heap.filter { holds($0.leaf) }.sorted(by: precedes)
    return fitting.prefix(count).map(\.leaf)
  }

  /// Removes and returns the first leaf; nil if there is none.
  mutating func removeFirst() -> Int? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first.leaf }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(heap[child], heap[best]) {
        best = child
      }
      if best == parent { return first.leaf }
      heap.swapAt(parent, best)
      parent = best
    }
  }
}
