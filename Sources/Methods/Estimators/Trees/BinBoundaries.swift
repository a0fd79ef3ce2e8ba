import Basics
import CKernels
import Foundation

/// Finds the bins of a feature from its values: by equal frequency, with a bin of its own for every value where they
/// suffice, and for values that occur often.
struct BinBoundaries {
  /// The largest number of bins for values, 2 ... 255.
  let bins: Int
  /// Beyond so many rows the bins come from a sample of that size.
  var sampleRows = 1 << 18

  /// The bins of a column.
  func find(_ column: FeatureValues, kind: FeatureKind, rowCount: Int, key: RandomKey) -> FeatureBins {
    switch kind {
    case .categorical(let levels): return levelBins(column, levels: levels, rowCount: rowCount)
    case .numeric:
      let (values, zeros) = sample(column, rowCount: rowCount, key: key)
      return FeatureBins(cuts: cuts(sorted: sorted(values), extraZeros: zeros))
    }
  }

  /// Values of a random subset of rows without missing ones, and the number of zeros that a sparse column implies.
  private func sample(_ column: FeatureValues, rowCount: Int, key: RandomKey) -> (values: [Float], zeros: Int) {
    switch column {
    case .dense(let values):
      return (thinned(values, key: key).filter { !$0.isNaN }, 0)
    case .sparse(_, let values):
      let kept = thinned(values, key: key)
      let share = values.isEmpty ? 1 : Double(kept.count) / Double(values.count)
      return (kept.filter { !$0.isNaN }, Int((Double(rowCount - values.count) * share).rounded()))
    }
  }

  /// One value from each of `sampleRows` stretches of equal length.
  private func thinned(_ values: [Float], key: RandomKey) -> [Float] {
    guard values.count > sampleRows else { return values }
    return values.withUnsafeBufferPointer { values in
      (0..<sampleRows).map { stretch in
        let start = stretch * values.count / sampleRows
        let end = (stretch + 1) * values.count / sampleRows
        return values[start + Int(key.word(at: UInt64(stretch)) % UInt64(end - start))]
      }
    }
  }

  private func sorted(_ values: [Float]) -> [Float] {
    var values = values
    var scratch = values
    values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        if let base = values.baseAddress, let other = scratch.baseAddress {
          assay_sort_floats(base, values.count, other)
        }
      }
    }
    return values
  }

  private func cuts(sorted values: [Float], extraZeros: Int) -> [Float] {
    var distinct: [(value: Float, count: Int)] = []
    for value in values {
      if let last = distinct.last, last.value == value {
        distinct[distinct.count - 1].count += 1
      } else {
        distinct.append((value, 1))
      }
    }
    if extraZeros > 0 {
      if let zero = distinct.firstIndex(where: { $0.value >= 0 }) {
        if distinct[zero].value == 0 {
          distinct[zero].count += extraZeros
        } else {
          distinct.insert((0, extraZeros), at: zero)
        }
      } else {
        distinct.append((0, extraZeros))
      }
    }
    guard distinct.count > 1 else { return [] }
    if distinct.count <= bins {
      return zip(distinct, distinct.dropFirst()).map { between($0.value, $1.value) }
    }
    return cutsByFrequency(distinct, total: values.count + extraZeros)
  }

  /// Bins of equal frequency, but for the ends: there each is half as large as the one before, down to a few rows. What is
  /// rarest is often most telling (the largest amounts, the longest silences), and a last bin of equal frequency
  /// would hide it among hundreds of others.
  private func cutsByFrequency(_ distinct: [(value: Float, count: Int)], total: Int) -> [Float] {
    var cuts: [Float] = []
    var rest = total
    var weights = self.weights(total: total)
    var inBin = 0
    for position in 0..<distinct.count - 1 where weights.count > 1 {
      inBin += distinct[position].count
      let goal = Double(rest) * weights.shares[weights.next] / weights.left
      // A frequent value begins its own bin unless this one would stay nearly empty.
      let nextIsFrequent = Double(distinct[position + 1].count) >= goal && Double(inBin) >= goal / 2
      if Double(inBin) >= goal || nextIsFrequent {
        cuts.append(between(distinct[position].value, distinct[position + 1].value))
        rest -= inBin
        inBin = 0
        weights.take()
      }
    }
    return cuts
  }

  /// How large bins are to be, relative to each other.
  private struct Weights {
    let shares: [Double]
    private(set) var next = 0
    private(set) var left: Double

    init(_ shares: [Double]) {
      self.shares = shares
      left = shares.reduce(0, +)
    }

    var count: Int { shares.count - next }

    mutating func take() {
      left -= shares[next]
      next += 1
    }
  }

  private func weights(total: Int) -> Weights {
    let usual = Double(total) / Double(bins)
    // Few bins, or few rows in each, leave nothing to halve.
    let depth = bins < 64 || usual < 8 ? 0 : min(12, Int(log2(usual / 4)))
    let falling = (0..<depth).map { 1 / Double(2 << $0) }
    return Weights(falling.reversed() + Array(repeating: 1, count: bins - 2 * depth) + falling)
  }

  /// A number with lower <= number < upper, in the middle where there is one.
  private func between(_ lower: Float, _ upper: Float) -> Float {
    let middle = lower / 2 + upper / 2
    return middle >= lower && middle < upper ? middle : lower
  }

  /// A bin per level in the order of frequency; levels that do not occur, or beyond the number of bins, have bin 0.
  private func levelBins(_ column: FeatureValues, levels: Int, rowCount: Int) -> FeatureBins {
    var counts = [Int](repeating: 0, count: max(levels, 0))
    func count(_ code: Float, times: Int = 1) {
      if code >= 0, code < Float(levels) { counts[Int(code)] += times }
    }
    switch column {
    case .dense(let values): for code in values { count(code) }
    case .sparse(_, let values):
      for code in values { count(code) }
      count(0, times: rowCount - values.count)
    }
    let frequent = counts.indices.filter { counts[$0] > 0 }.sorted {
      counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
    }
    var binOfLevel = [UInt8](repeating: 0, count: max(levels, 0))
    for (rank, level) in frequent.prefix(bins).enumerated() { binOfLevel[level] = UInt8(rank + 1) }
    return FeatureBins(binOfLevel: binOfLevel)
  }
}
