/// Numbers as unsigned words in the same order: what sorting compares. Equal numbers have equal words (0 and -0 too),
/// not-a-number stands above everything.
protocol SortableElement: TensorElement {
  associatedtype Key: FixedWidthInteger & UnsignedInteger & Sendable
  var sortKey: Key { get }
}

extension Float: SortableElement {
  var sortKey: UInt32 {
    if isNaN { return .max }
    let word = (self + 0).bitPattern
    return word >> 31 == 1 ? ~word : word | 0x8000_0000
  }
}

extension Double: SortableElement {
  var sortKey: UInt64 {
    if isNaN { return .max }
    let word = (self + 0).bitPattern
    return word >> 63 == 1 ? ~word : word | 0x8000_0000_0000_0000
  }
}

extension Int32: SortableElement {
  var sortKey: UInt32 { UInt32(bitPattern: self) ^ 0x8000_0000 }
}

extension Int64: SortableElement {
  var sortKey: UInt64 { UInt64(bitPattern: self) ^ 0x8000_0000_0000_0000 }
}

extension UInt8: SortableElement {
  var sortKey: UInt32 { UInt32(self) }
}

/// A key with its place; of equal keys the lower place comes first.
struct PlacedKey: Comparable, BitwiseCopyable {
  let key: UInt64
  let place: Int

  static func < (a: PlacedKey, b: PlacedKey) -> Bool {
    a.key < b.key || (a.key == b.key && a.place < b.place)
  }
}

/// The places of a line's elements in ascending or descending order, equal ones in the order of their places.
enum LineSorter {
  /// Writes the first `count` places of the order.
  ///
  /// - Parameters:
  ///   - source: The first element.
  ///   - length: The elements, fewer than 2^32.
  ///   - step: From one element to the next.
  ///   - target: Takes the places, `targetStep` apart.
  static func places<Element: SortableElement>(
    _ source: UnsafePointer<Element>, length: Int, step: Int, descending: Bool, count: Int,
    into target: UnsafeMutablePointer<Int64>, targetStep: Int
  ) {
    let flip: Element.Key = descending ? .max : 0
    if Element.Key.bitWidth == 32 {
      // Key and place in one word: a single comparison, and equal keys in order of place for nothing.
      var words = (0..<length).map { UInt64(source[$0 * step].sortKey ^ flip) << 32 | UInt64($0) }
      choose(count, from: &words) { $0.count < 512 ? $0.sort() : radixSort(&$0) }
      for i in 0..<count { target[i * targetStep] = Int64(words[i] & 0xFFFF_FFFF) }
    } else {
      var keys = (0..<length).map { PlacedKey(key: UInt64(source[$0 * step].sortKey ^ flip), place: $0) }
      choose(count, from: &keys) { $0.sort() }
      for i in 0..<count { target[i * targetStep] = Int64(keys[i].place) }
    }
  }

  /// Brings the least `count` items to the front, sorted.
  @inline(__always)
  private static func choose<Item: Comparable>(
    _ count: Int, from items: inout [Item], sortAll: (inout [Item]) -> Void
  ) {
    guard count > 0 else { return }
    if count * 4 > items.count { return sortAll(&items) }
    // A heap of the best so far, the worst of them on top, which most items do not even enter.
    items.withUnsafeMutableBufferPointer { items in
      func sink(_ start: Int) {
        var root = start
        while true {
          var child = 2 * root + 1
          if child >= count { return }
          if child + 1 < count, items[child] < items[child + 1] { child += 1 }
          if !(items[root] < items[child]) { return }
          items.swapAt(root, child)
          root = child
        }
      }
      for root in stride(from: count / 2 - 1, through: 0, by: -1) { sink(root) }
      for index in count..<items.count where items[index] < items[0] {
        items[0] = items[index]
        sink(0)
      }
      items[..<count].sort()
    }
  }

  /// Sorts words that lie in order of their lower halves by their upper halves: four passes over a byte each.
  private static func radixSort(_ words: inout [UInt64]) {
    var other = words
    for shift in stride(from: 32, to: 64, by: 8) {
      var counts = [Int](repeating: 0, count: 256)
      for word in words { counts[Int(word >> UInt64(shift) & 0xFF)] += 1 }
      if counts.contains(words.count) { continue }
      var start = 0
      for byte in 0..<256 { (start, counts[byte]) = (start + counts[byte], start) }
      for word in words {
        let byte = Int(word >> UInt64(shift) & 0xFF)
        other[counts[byte]] = word
        counts[byte] += 1
      }
      swap(&words, &other)
    }
  }
}
