import Basics
import Tensors

/// Shapes that small tests go through.
enum SmallShapes {
  /// All shapes of up to three axes of sizes 0 to 3.
  static let all = shapes(sizes: 0...3)

  /// Those with at most six elements or so, for checks that take many evaluations.
  static let few = all.filter { $0.reduce(1, *) <= 6 && $0.count { $0 == 0 } <= 1 }

  /// Pairs of shapes of which at least one broadcasts to the other, in both orders, and pairs of which both do.
  static let pairs: [([Int], [Int])] = broadcastPairs(all)

  /// Pairs of few elements.
  static let fewPairs: [([Int], [Int])] = broadcastPairs(
    few.filter { $0.count < 3 } + [[2, 1, 3], [0, 1, 2], [1, 2, 2]])

  private static func shapes(sizes: ClosedRange<Int>) -> [[Int]] {
    var result: [[Int]] = [[]]
    var last: [[Int]] = [[]]
    for _ in 0..<3 {
      last = last.flatMap { shape in sizes.map { shape + [$0] } }
      result += last
    }
    return result
  }

  private static func broadcastPairs(_ shapes: [[Int]]) -> [([Int], [Int])] {
    var pairs: [([Int], [Int])] = []
    var seen: Set<[[Int]]> = []
    for shape in shapes {
      for mask in 0..<1 << shape.count {
        let other = shape.indices.map { mask >> $0 & 1 == 1 ? 1 : shape[$0] }
        let opposite = shape.indices.map { mask >> $0 & 1 == 1 ? shape[$0] : 1 }
        let short = Array(other.drop { $0 == 1 })
        for pair in [(shape, other), (other, shape), (shape, short), (short, opposite)] {
          if seen.insert([pair.0, pair.1]).inserted { pairs.append(pair) }
        }
      }
    }
    return pairs
  }
}

/// All places of a shape in row-major order.
func places(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { places, size in places.flatMap { place in (0..<size).map { place + [$0] } } }
}

/// The number of a place in row-major order.
func number(of place: [Int], in shape: [Int]) -> Int { zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 } }

/// All subsets of the axes of a shape.
func axisSubsets(_ rank: Int) -> [[Int]] { (0..<1 << rank).map { mask in (0..<rank).filter { mask >> $0 & 1 == 1 } } }

/// Random float64 numbers.
func random(_ shape: [Int], in range: Range<Double> = -2..<2, seed: UInt64 = 1) -> Tensor {
  Tensor.uniform(shape, in: range, key: RandomKey(seed: seed), type: .float64)
}

/// 0, 1, 2, ... in a shape, float32.
func counting(_ shape: [Int], type: ElementType = .float32) -> Tensor {
  Tensor.range(shape.reduce(1, *)).reshaped(to: shape).cast(to: type)
}
