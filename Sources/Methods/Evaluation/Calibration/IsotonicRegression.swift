/// A rising step of least squares: the pool-adjacent-violators algorithm (Ayer et al. 1955).
public struct IsotonicRegression: Sendable, Codable, Hashable {
  /// The positions of the knots, rising.
  public let x: [Double]
  /// The values at the knots, never falling; straight lines between, constant beyond the ends.
  public let y: [Double]

  /// Creates a step from its knots.
  init(x: [Double], y: [Double]) {
    self.x = x
    self.y = y
  }

  /// Fits `labels` over `scores`; equal scores are averaged first. O(n log n). Needs at least one row.
  ///
  /// - Parameter smoothing: if true, labels are 0 or 1 and a first block of zeros or a last block of ones gets the
  ///   probability that Jeffreys' rule gives it, (ones + 1/2) / (rows + 1), since no finite number of rows shows that an
  ///   event is impossible.
  public init(scores: [Double], labels: [Double], weights: [Double]? = nil, smoothing: Bool = false) {
    precondition(!scores.isEmpty && scores.count == labels.count, "IsotonicRegression: \(scores.count) scores")
    struct Block {
      var low: Double
      var high: Double
      var sum: Double
      var weight: Double
      var mean: Double { sum / weight }
    }
    var blocks: [Block] = []
    func close() {
      // Merge while the new block is not above the one before it.
      while blocks.count > 1, blocks[blocks.count - 2].mean >= blocks[blocks.count - 1].mean {
        let last = blocks.removeLast()
        blocks[blocks.count - 1].high = last.high
        blocks[blocks.count - 1].sum += last.sum
        blocks[blocks.count - 1].weight += last.weight
      }
    }
    var current: Block?
    for row in descendingOrder(of: scores).reversed().map(Int.init) {
      let weight = weights?[row] ?? 1
      if weight <= 0 { continue }
      if let known = current, known.high == scores[row] {
        current?.sum += weight * labels[row]
        current?.weight += weight
      } else {
        if let known = current {
          blocks.append(known)
          close()
        }
        current = Block(low: scores[row], high: scores[row], sum: weight * labels[row], weight: weight)
      }
    }
    if let known = current {
      blocks.append(known)
      close()
    }
    var means = blocks.map(\.mean)
    if smoothing, let first = blocks.first, let last = blocks.last {
      if means[0] == 0 { means[0] = min(0.5 / (first.weight + 1), means.count > 1 ? means[1] : 1) }
      if means[means.count - 1] == 1 {
        means[means.count - 1] = max(1 - 0.5 / (last.weight + 1), means.count > 1 ? means[means.count - 2] : 0)
      }
    }
    var x: [Double] = []
    var y: [Double] = []
    for (block, mean) in zip(blocks, means) {
      x.append(block.low)
      y.append(mean)
      if block.high > block.low {
        x.append(block.high)
        y.append(mean)
      }
    }
    self.x = x
    self.y = y
  }

  /// The value at a score.
  public func value(at score: Double) -> Double {
    guard let first = x.first, let last = x.last else { return .nan }
    if score <= first { return y[0] }
    if score >= last { return y[y.count - 1] }
    var low = 0
    var high = x.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= score { low = middle } else { high = middle }
    }
    return y[low] + (y[high] - y[low]) * (score - x[low]) / (x[high] - x[low])
  }
}
