/// The distribution of a stream of numbers in little memory: ranks are right within about 0.1 %.
///
/// Levels of buffers, each value of level h standing for 2^h: a full buffer is sorted and every other value moves up,
/// starting in turn with the first and the second. After Karnin, Lang and Liberty, "Optimal quantile approximation in
/// streams" (2016), with buffers of equal size and without random numbers.
struct QuantileSketch: Sendable {
  private static let capacity = 4096
  private var levels: [[Double]] = [[]]
  private var keepsOdd: [Bool] = [false]
  /// The values inserted.
  private(set) var count = 0
  private var minimum = Double.infinity
  private var maximum = -Double.infinity

  mutating func insert(_ value: Double) {
    count += 1
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    levels[0].append(value)
    var level = 0
    while levels[level].count >= QuantileSketch.capacity {
      if level + 1 == levels.count {
        levels.append([])
        keepsOdd.append(false)
      }
      let sorted = AscendingOrder.sorted(levels[level])
      levels[level].removeAll(keepingCapacity: true)
      for position in stride(from: keepsOdd[level] ? 1 : 0, to: sorted.count, by: 2) {
        levels[level + 1].append(sorted[position])
      }
      keepsOdd[level].toggle()
      level += 1
    }
  }

  /// The kept values in ascending order with the weight of all up to each.
  func summary() -> Summary {
    var weighted: [(value: Double, weight: Int)] = []
    for (level, values) in levels.enumerated() { weighted += values.map { ($0, 1 << level) } }
    weighted.sort { $0.value < $1.value }
    var total = 0
    let ends = weighted.map { item in
      total += item.weight
      return total
    }
    return Summary(values: weighted.map(\.value), ends: ends, minimum: minimum, maximum: maximum)
  }

  /// The distribution as a step function.
  struct Summary {
    fileprivate let values: [Double]
    fileprivate let ends: [Int]
    fileprivate let minimum: Double
    fileprivate let maximum: Double

    /// The value below which that share of the values lies.
    func quantile(_ probability: Double) -> Double {
      if probability <= 0 { return minimum }
      if probability >= 1 { return maximum }
      let goal = probability * Double(ends.last ?? 0)
      return values[min(ends.firstPosition { Double($0) >= goal }, values.count - 1)]
    }

    /// About how many values are below a bound, or at it.
    func count(below bound: Double, isInclusive: Bool) -> Int {
      let position = values.firstPosition { isInclusive ? $0 > bound : $0 >= bound }
      return position == 0 ? 0 : ends[position - 1]
    }
  }
}

/// Sorts finite numbers by counting their bytes, from the last to the first: for thousands of numbers several times as
/// fast as by comparing them.
private enum AscendingOrder {
  static func sorted(_ numbers: [Double]) -> [Double] {
    // As unsigned integers negative numbers are turned around, positive ones set above them.
    var keys = numbers.map { $0.bitPattern ^ ($0.sign == .minus ? .max : 1 << 63) }
    var other = keys
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      var starts = [Int](repeating: 0, count: 257)
      keys.withUnsafeBufferPointer { keys in
        for key in keys { starts[Int(key >> shift & 255) + 1] += 1 }
      }
      if starts.contains(keys.count) { continue }
      for digit in 0..<256 { starts[digit + 1] += starts[digit] }
      keys.withUnsafeBufferPointer { keys in
        other.withUnsafeMutableBufferPointer { other in
          for key in keys {
            let digit = Int(key >> shift & 255)
            other[starts[digit]] = key
            starts[digit] += 1
          }
        }
      }
      swap(&keys, &other)
    }
    return keys.map { Double(bitPattern: $0 >> 63 == 1 ? $0 ^ 1 << 63 : ~$0) }
  }
}
