import CKernels
import Kernels

/// One standardised column of a design.
struct DesignColumn: Sendable {
  /// The numbers of a column.
  enum Storage: Sendable {
    /// Centred and scaled numbers, one per row.
    case dense([Float])
    /// Rows that are not zero (ascending) with their raw numbers; the rest of the column is `-mean / scale`.
    case sparse(rows: [Int32], values: [Float])
  }

  let storage: Storage
  let mean: Double
  let scale: Double
}

extension DesignEncoding {
  /// Below this share of entries that are not zero, a column is kept sparse.
  private static let sparseShare = 0.15

  /// The columns of a matrix, one per term.
  func columns(_ matrix: FeatureMatrix, threads: Int) -> [DesignColumn] {
    let byFeature = parallelMap(matrix.featureCount, threads: threads) { feature in
      columns(of: feature, matrix.columns[feature], kind: matrix.features[feature].kind, rowCount: matrix.rowCount)
    }
    return byFeature.flatMap { $0 }
  }

  private func columns(
    of feature: Int, _ values: FeatureValues, kind: FeatureKind, rowCount: Int
  ) -> [DesignColumn] {
    let range = terms(of: feature)
    guard !range.isEmpty else { return [] }
    // Rows by role: what is missing, and for categories the rows of each level.
    var missing: [Int32] = []
    switch kind {
    case .numeric:
      values.forEachStored { row, value in if !value.isFinite { missing.append(Int32(row)) } }
      return range.map { index in
        let term = terms[index]
        return term.role == .value
          ? valueColumn(term, values, rowCount: rowCount)
          : DesignColumn(
            storage: .sparse(rows: missing, values: Array(repeating: 1, count: missing.count)), mean: term.mean,
            scale: term.scale)
      }
    case .categorical(let levels):
      var rowsOfLevel = [[Int32]](repeating: [], count: levels)
      let dense = values.densified(rowCount: rowCount)
      for row in 0..<rowCount {
        if let level = levelCode(dense[row], levels: levels) {
          rowsOfLevel[level].append(Int32(row))
        } else if !dense[row].isFinite {
          missing.append(Int32(row))
        }
      }
      return range.map { index in
        let term = terms[index]
        var rows = missing
        if case .level(let level) = term.role { rows = level < levels ? rowsOfLevel[level] : [] }
        return DesignColumn(
          storage: .sparse(rows: rows, values: Array(repeating: 1, count: rows.count)), mean: term.mean,
          scale: term.scale)
      }
    }
  }

  private func valueColumn(_ term: Term, _ values: FeatureValues, rowCount: Int) -> DesignColumn {
    let fill = Float(fills[term.feature])
    switch values {
    case .sparse(let rows, let numbers):
      return DesignColumn(
        storage: .sparse(rows: rows, values: numbers.map { $0.isFinite ? $0 : fill }), mean: term.mean,
        scale: term.scale)
    case .dense(let numbers):
      let nonzero = numbers.reduce(0) { $0 + ($1 != 0 ? 1 : 0) }
      if Double(nonzero) < DesignEncoding.sparseShare * Double(rowCount) {
        let rows = numbers.indices.filter { numbers[$0] != 0 }
        return DesignColumn(
          storage: .sparse(
            rows: rows.map(Int32.init), values: rows.map { numbers[$0].isFinite ? numbers[$0] : fill }),
          mean: term.mean, scale: term.scale)
      }
      let inverse = 1 / term.scale
      let standardised = numbers.map { $0.isFinite ? Float((Double($0) - term.mean) * inverse) : 0 }
      return DesignColumn(storage: .dense(standardised), mean: term.mean, scale: term.scale)
    }
  }

  /// Standardised numbers of some rows, row after row, `termCount` per row.
  func standardizedRows(_ matrix: FeatureMatrix, rows: Range<Int>) -> [Float] {
    var result = [Float](repeating: 0, count: rows.count * termCount)
    result.withUnsafeMutableBufferPointer { result in
      for feature in 0..<matrix.featureCount {
        let range = terms(of: feature)
        if range.isEmpty { continue }
        switch matrix.columns[feature] {
        case .dense(let values):
          for row in rows {
            fill(feature, values[row], kind: matrix.features[feature].kind, at: (row - rows.lowerBound), &result)
          }
        case .sparse(let at, let values):
          for row in 0..<rows.count { fill(feature, 0, kind: matrix.features[feature].kind, at: row, &result) }
          var position = lowerBound(at, Int32(rows.lowerBound))
          while position < at.count, Int(at[position]) < rows.upperBound {
            let row = Int(at[position]) - rows.lowerBound
            fill(feature, values[position], kind: matrix.features[feature].kind, at: row, &result)
            position += 1
          }
        }
      }
    }
    return result
  }

  private func fill(
    _ feature: Int, _ value: Float, kind: FeatureKind, at row: Int, _ result: inout UnsafeMutableBufferPointer<Float>
  ) {
    for index in terms(of: feature) {
      let term = terms[index]
      let raw: Double
      switch term.role {
      case .value: raw = value.isFinite ? Double(value) : term.mean
      case .missing: raw = value.isFinite ? 0 : 1
      case .level(let level): raw = value == Float(level) ? 1 : 0
      }
      result[row * termCount + index] = Float((raw - term.mean) / term.scale)
    }
  }
}

extension FeatureValues {
  /// One number per row, zeros filled in.
  func densified(rowCount: Int) -> [Float] {
    switch self {
    case .dense(let values): return values
    case .sparse(let rows, let values):
      var result = [Float](repeating: 0, count: rowCount)
      for (row, value) in zip(rows, values) { result[Int(row)] = value }
      return result
    }
  }
}

/// The first position of a sorted array whose entry is not below `value`.
func lowerBound<Value: Comparable>(_ sorted: [Value], _ value: Value) -> Int {
  var low = 0
  var high = sorted.count
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] < value { low = middle + 1 } else { high = middle }
  }
  return low
}
