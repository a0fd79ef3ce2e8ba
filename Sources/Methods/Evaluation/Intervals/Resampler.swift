import Basics

/// Draws bootstrap resamples as counts per row: with replacement within strata, or whole clusters at a time.
struct Resampler: Sendable {
  private enum Units: Sendable {
    case rows
    /// The rows of each stratum, end to end, and where each stratum ends.
    case strata(rows: [Int32], ends: [Int])
    /// The cluster of each row, 0 ..< count.
    case clusters(ofRow: [Int32], count: Int)
  }

  let rowCount: Int
  /// The number of independent units: rows or clusters.
  let unitCount: Int
  private let units: Units
  private let key: RandomKey

  /// - Parameters:
  ///   - strata: a small number per row; each stratum keeps its number of rows.
  ///   - clusters: rows drawn together; they outweigh strata.
  init(rowCount: Int, strata: [Int]?, clusters: [Int]?, key: RandomKey) {
    self.rowCount = rowCount
    self.key = key
    if let clusters {
      var index: [Int: Int32] = [:]
      let ofRow = clusters.map { cluster -> Int32 in
        if let known = index[cluster] { return known }
        let next = Int32(index.count)
        index[cluster] = next
        return next
      }
      units = .clusters(ofRow: ofRow, count: index.count)
      unitCount = index.count
    } else if let strata, let last = strata.max(), last > 0 {
      var sizes = [Int](repeating: 0, count: last + 1)
      for stratum in strata { sizes[stratum] += 1 }
      var places = [Int](repeating: 0, count: last + 1)
      for stratum in 1...last { places[stratum] = places[stratum - 1] + sizes[stratum - 1] }
      var rows = [Int32](repeating: 0, count: rowCount)
      for (row, stratum) in strata.enumerated() {
        rows[places[stratum]] = Int32(row)
        places[stratum] += 1
      }
      units = .strata(rows: rows, ends: places)
      unitCount = rowCount
    } else {
      units = .rows
      unitCount = rowCount
    }
  }

  /// How often each row is drawn in a resample (at most 255 times).
  func counts(resample: Int) -> [UInt8] {
    var stream = key[resample].stream()
    switch units {
    case .rows: return Self.draw(rowCount, &stream)
    case .strata(let rows, let ends):
      var counts = [UInt8](repeating: 0, count: rowCount)
      counts.withUnsafeMutableBufferPointer { counts in
        rows.withUnsafeBufferPointer { rows in
          var start = 0
          for end in ends {
            for _ in start..<end {
              let row = Int(rows[start + stream.integer(below: end - start)])
              if counts[row] < 255 { counts[row] += 1 }
            }
            start = end
          }
        }
      }
      return counts
    case .clusters(let ofRow, let count):
      let drawn = Self.draw(count, &stream)
      return ofRow.map { drawn[Int($0)] }
    }
  }

  /// Counts with the rows of one unit left out, for the jackknife.
  func counts(without unit: Int) -> [UInt8] {
    if case .clusters(let ofRow, _) = units { return ofRow.map { Int($0) == unit ? 0 : 1 } }
    var counts = [UInt8](repeating: 1, count: rowCount)
    counts[unit] = 0
    return counts
  }

  private static func draw(_ count: Int, _ stream: inout RandomStream) -> [UInt8] {
    var counts = [UInt8](repeating: 0, count: count)
    counts.withUnsafeMutableBufferPointer { counts in
      for _ in 0..<count {
        let drawn = stream.integer(below: count)
        if counts[drawn] < 255 { counts[drawn] += 1 }
      }
    }
    return counts
  }
}
