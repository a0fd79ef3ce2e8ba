import CKernels

/// How the values of one feature become bins: 0 for missing, 1 upwards for values.
///
/// A numeric value's bin is 1 plus the number of cuts below it, so `bin <= k` is `value <= cuts[k - 1]`: a test on bins
/// and the same test on raw numbers never differ.
public struct FeatureBins: Sendable, Equatable, Codable {
  /// Ascending cuts of a numeric feature, at most 254.
  public let cuts: [Float]
  /// The bin of each level code of a categorical feature, 0 where the level shares the bin of missing and unseen
  /// levels; nil for a numeric feature.
  public let binOfLevel: [UInt8]?

  /// Bins of a numeric feature.
  public init(cuts: [Float]) {
    precondition(cuts.count <= 254, "FeatureBins: \(cuts.count) cuts, at most 254")
    self.cuts = cuts
    binOfLevel = nil
  }

  /// Bins of a categorical feature.
  public init(binOfLevel: [UInt8]) {
    cuts = []
    self.binOfLevel = binOfLevel
  }

  /// Whether the feature is categorical.
  public var isCategorical: Bool { binOfLevel != nil }

  /// The number of bins, the one of missing values included.
  public var count: Int {
    if let binOfLevel { return 1 + Int(binOfLevel.max() ?? 0) }
    return 2 + cuts.count
  }

  /// The largest value of the bins up to this one; infinity for the last.
  public func threshold(ofBin bin: Int) -> Float { bin <= cuts.count ? cuts[bin - 1] : .infinity }

  /// The bin of a level code; missing, unseen and rare levels have bin 0.
  public func bin(ofLevel code: Float) -> UInt8 {
    guard let binOfLevel, code >= 0, code < Float(binOfLevel.count) else { return 0 }
    return binOfLevel[Int(code)]
  }

  /// The bin of a value.
  public func bin(of value: Float) -> UInt8 {
    if isCategorical { return bin(ofLevel: value) }
    if value.isNaN { return 0 }
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] < value { low = middle + 1 } else { high = middle }
    }
    return UInt8(low + 1)
  }

  /// The cuts as the kernels want them: 256 numbers, the rest infinite.
  var paddedCuts: [Float] { cuts + [Float](repeating: .infinity, count: 256 - cuts.count) }

  /// Writes the bins of the rows `range` of a column.
  func assign(
    _ column: FeatureValues, rows range: Range<Int>, paddedCuts: [Float], to bins: UnsafeMutablePointer<UInt8>
  ) {
    switch column {
    case .dense(let values):
      values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        if isCategorical {
          for row in range { bins[row - range.lowerBound] = bin(ofLevel: base[row]) }
        } else {
          assay_bin_values(base + range.lowerBound, range.count, paddedCuts, bins)
        }
      }
    case .sparse(let rows, let values):
      bins.update(repeating: bin(of: 0), count: range.count)
      var position = rows.partitioningIndex { $0 >= range.lowerBound }
      while position < rows.count, rows[position] < range.upperBound {
        bins[Int(rows[position]) - range.lowerBound] = bin(of: values[position])
        position += 1
      }
    }
  }
}

extension Array where Element == Int32 {
  /// The first position whose row satisfies a condition that holds from some row on.
  fileprivate func partitioningIndex(where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(Int(self[middle])) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
