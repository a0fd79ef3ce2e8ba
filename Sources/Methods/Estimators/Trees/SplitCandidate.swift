import Kernels

/// The best test of a leaf on one feature.
struct SplitCandidate: BitwiseCopyable, Sendable {
  /// The fall of the loss times two; -infinity if there is no test.
  var gain = -Double.infinity
  var feature: Int32 = -1
  /// Numeric: bins 1 ... cut go left.
  var cut: UInt8 = 0
  /// Whether the direction of bin 0 was learned from rows of the leaf.
  var learnedMissing = false
  /// Whether both sides surely have the minimum of rows.
  var rowsKnown = true
  /// The bins that go left, bin 0 among them if missing goes left.
  var set = SIMD8<UInt32>(repeating: 0)

  /// Puts a bin into the set of those that go left.
  mutating func insert(_ bin: Int) { set[bin >> 5] |= 1 << UInt32(bin & 31) }

  /// Whether a bin goes left.
  func contains(_ bin: Int) -> Bool { set[bin >> 5] >> UInt32(bin & 31) & 1 == 1 }
}

/// A leaf during growth.
struct GrowingLeaf {
  /// The leaf's rows are `start ..< start + count` of the grower's row list.
  var start: Int
  var count: Int
  var depth: Int
  /// Unique within the tree: 0 for the root, else from the node above.
  var number = 0
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
}
