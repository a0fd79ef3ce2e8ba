import Basics
import Kernels

/// The best test of a leaf on one feature.
struct SplitCandidate: BitwiseCopyable, Sendable {
  /// The fall of the loss times two; -infinity if there is no test.
  var gain = -Double.infinity
  var feature: Int32 = -1
  /// Numeric: bins 1 ... cut go left.
  var cut: UInt8 = 0
  /// Whether bin 0 goes left.
  var missingLeft = false
  /// Whether the direction of bin 0 was learned from rows of the leaf.
  var learnedMissing = false
  /// Whether both sides surely have the minimum of rows.
  var rowsKnown = true
  /// The bins that go left; for a numeric test filled once it is chosen.
  var set = SIMD8<UInt32>(repeating: 0)

  /// Puts a bin into the set of those that go left.
  mutating func insert(_ bin: Int) { set[bin >> 5] |= 1 << UInt32(bin & 31) }

  /// Fills the set of a numeric test; reads the direction of bin 0 from that of a categorical one.
  mutating func fillNumericSet(isCategorical: Bool) {
    if isCategorical {
      missingLeft = set[0] & 1 == 1
    } else {
      for bin in 1...max(1, Int(cut)) { insert(bin) }
      setMissing(goesLeft: missingLeft)
    }
  }

  /// Sends bin 0 one way.
  mutating func setMissing(goesLeft: Bool) {
    missingLeft = goesLeft
    if goesLeft { set[0] |= 1 } else { set[0] &= ~1 }
  }
}

/// A leaf during growth.
struct GrowingLeaf: Sendable {
  /// The leaf's rows are `start ..< start + count` of the grower's row list.
  var start: Int
  var count: Int
  var depth: Int
  /// Packed sums of the leaf's rows; one sum of weights per class where the tree counts classes.
  var sums: [Int64]
  /// Bounds of the leaf's value, from monotone tests above.
  var lower = -Double.infinity
  var upper = Double.infinity
  /// The leaf's histogram, if it is kept.
  var histogram: AlignedBuffer<Int64>?
  /// The node above and whether the leaf is its left child; nil at the root.
  var parent: (node: Int, isLeft: Bool)?
  var best = SplitCandidate()
  /// Draws what is random at this leaf and below; it depends on the path from the root alone.
  var key: RandomKey

  init(start: Int, count: Int, depth: Int, sums: [Int64], key: RandomKey) {
    self.start = start
    self.count = count
    self.depth = depth
    self.sums = sums
    self.key = key
  }

  /// A child with the same rows and bounds, to be narrowed.
  func child(key: RandomKey) -> GrowingLeaf {
    var child = GrowingLeaf(start: start, count: count, depth: depth + 1, sums: [], key: key)
    child.lower = lower
    child.upper = upper
    return child
  }
}
