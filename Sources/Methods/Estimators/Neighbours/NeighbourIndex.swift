import Basics
import CKernels
import Kernels

/// Training rows laid out for finding those nearest to a row.
struct NeighbourIndex: Sendable, Codable {
  /// A training row and its distance.
  struct Neighbour: Sendable, Hashable {
    var row: Int
    var squaredDistance: Double
  }

  let rowCount: Int
  private let encoding: DesignEncoding
  private let numericFeatures: [Int]
  private let categoricalFeatures: [Int]
  private let mismatch: Float
  /// The key of the random projection; nil if there is none.
  private let projection: RandomKey?
  /// The coordinates of the rows, `width` per row.
  private let points: PackedNumbers
  private let squaredNorms: PackedNumbers
  /// Category codes, feature after feature; -1 stands for missing, levels without a code of their own keep theirs.
  private let codes: [[Float]]

  private static let widestExact = 512
  private static let projectedWidth = 256
  private static let queryBlock = 64
  private static let pointBlock = 1024
  /// More candidates than asked for, so that rounding of the fast distances does not lose a neighbour.
  private static let spare = 8

  /// The coordinates per row.
  private var width: Int { projection == nil ? encoding.termCount : NeighbourIndex.projectedWidth }

  init(_ matrix: FeatureMatrix, weights: [Double], mismatch: Float, key: RandomKey, threads: Int) {
    rowCount = matrix.rowCount
    self.mismatch = mismatch
    numericFeatures = matrix.features.indices.filter { matrix.features[$0].kind == .numeric }
    categoricalFeatures = matrix.features.indices.filter { matrix.features[$0].kind != .numeric }
    let numeric = NeighbourIndex.columns(numericFeatures, of: matrix)
    encoding = DesignEncoding(numeric, weights: weights, indicatorScale: 1, threads: threads)
    projection = encoding.termCount > NeighbourIndex.widestExact ? key : nil
    let width = projection == nil ? encoding.termCount : NeighbourIndex.projectedWidth
    let coordinates = NeighbourIndex.coordinates(numeric, encoding, projection, threads: threads)
    points = PackedNumbers(coordinates)
    squaredNorms = PackedNumbers(NeighbourIndex.squaredNorms(coordinates, width: width, rows: matrix.rowCount))
    codes = categoricalFeatures.map { NeighbourIndex.codes(matrix, $0) }
  }

  private static func columns(_ features: [Int], of matrix: FeatureMatrix) -> FeatureMatrix {
    FeatureMatrix(
      features: features.map { matrix.features[$0] }, columns: features.map { matrix.columns[$0] },
      rowCount: matrix.rowCount)
  }

  private static func codes(_ matrix: FeatureMatrix, _ feature: Int) -> [Float] {
    matrix.dense(feature).map { $0.isFinite ? $0 : -1 }
  }

  private static func squaredNorms(_ points: [Float], width: Int, rows: Int) -> [Float] {
    (0..<rows).map { row in
      var sum: Float = 0
      for column in 0..<width { sum += points[row * width + column] * points[row * width + column] }
      return sum
    }
  }

  private static func coordinates(
    _ numeric: FeatureMatrix, _ encoding: DesignEncoding, _ projection: RandomKey?, threads: Int
  ) -> [Float] {
    let shard = 256
    let directions = projection.map { key -> [Float] in
      let size = 1 / Float(projectedWidth).squareRoot()
      return (0..<encoding.termCount * projectedWidth).map {
        key.word(at: UInt64($0)) >> 63 == 0 ? size : -size
      }
    }
    let parts = parallelMap((numeric.rowCount + shard - 1) / shard, threads: threads) { part -> [Float] in
      let rows = part * shard..<min(numeric.rowCount, (part + 1) * shard)
      let standardized = encoding.standardizedRows(numeric, rows: rows)
      guard let directions else { return standardized }
      var projected = [Float](repeating: 0, count: rows.count * projectedWidth)
      standardized.withUnsafeBufferPointer { standardized in
        directions.withUnsafeBufferPointer { directions in
          multiply(
            MatrixView(standardized.baseAddress!, width: encoding.termCount),
            MatrixView(directions.baseAddress!, width: projectedWidth), rows: rows.count,
            inner: encoding.termCount, columns: projectedWidth, into: &projected, stride: projectedWidth)
        }
      }
      return projected
    }
    return parts.flatMap { $0 }
  }

  /// The nearest rows to each row of a matrix, nearest first, ties by row; `count` of them, or as many as there are.
  ///
  /// - Parameter excluding: For each row of the matrix the training row that it is itself, left out.
  func nearest(_ matrix: FeatureMatrix, count: Int, excluding own: [Int]? = nil, threads: Int) -> [[Neighbour]] {
    let queries = NeighbourIndex.coordinates(
      NeighbourIndex.columns(numericFeatures, of: matrix), encoding, projection, threads: threads)
    let norms = NeighbourIndex.squaredNorms(queries, width: width, rows: matrix.rowCount)
    let queryCodes = categoricalFeatures.map { NeighbourIndex.codes(matrix, $0) }
    let block = NeighbourIndex.queryBlock
    let parts = parallelMap((matrix.rowCount + block - 1) / block, threads: threads) { part in
      let rows = part * block..<min(matrix.rowCount, (part + 1) * block)
      return search(rows, queries, norms, queryCodes, count: count, own)
    }
    return parts.flatMap { $0 }
  }

  private func search(
    _ rows: Range<Int>, _ queries: [Float], _ norms: [Float], _ queryCodes: [[Float]], count: Int, _ own: [Int]?
  ) -> [[Neighbour]] {
    let block = NeighbourIndex.pointBlock
    var candidates = rows.map { _ in NearestCandidates(capacity: count + NeighbourIndex.spare) }
    var distances = [Float](repeating: 0, count: rows.count * block)
    queries.withUnsafeBufferPointer { queries in
      points.values.withUnsafeBufferPointer { points in
        for low in stride(from: 0, to: rowCount, by: block) {
          let high = min(rowCount, low + block)
          distances.withUnsafeMutableBufferPointer { distances in
            if width > 0 {
              multiply(
                MatrixView(queries.baseAddress! + rows.lowerBound * width, width: width),
                MatrixView(points.baseAddress! + low * width, width: width).transposed, rows: rows.count,
                inner: width, columns: high - low, into: distances.baseAddress!, stride: block)
            } else {
              distances.update(repeating: 0)
            }
            for (position, query) in rows.enumerated() {
              let line = distances.baseAddress! + position * block
              complete(line, low..<high, norm: norms[query], queryCodes.map { $0[query] })
              let excluded = own.map { $0[query] } ?? -1
              var offset = 0
              while true {
                offset = assay_next_below(line, candidates[position].worst, offset, high - low)
                if offset == high - low { break }
                if low + offset != excluded {
                  candidates[position].insert(row: low + offset, distance: line[offset])
                }
                offset += 1
              }
            }
          }
        }
      }
    }
    return rows.enumerated().map { position, query in
      let exact = candidates[position].rows.map { row in
        Neighbour(row: row, squaredDistance: exactDistance(row, queries, query, queryCodes))
      }
      return Array(
        exact.sorted { ($0.squaredDistance, $0.row) < ($1.squaredDistance, $1.row) }.prefix(count))
    }
  }

  /// Turns products into squared distances.
  private func complete(_ line: UnsafeMutablePointer<Float>, _ range: Range<Int>, norm: Float, _ codes: [Float]) {
    let low = range.lowerBound
    squaredNorms.values.withUnsafeBufferPointer {
      assay_squared_distances(line, $0.baseAddress! + low, norm, range.count)
    }
    for (feature, code) in codes.enumerated() {
      self.codes[feature].withUnsafeBufferPointer {
        assay_add_mismatch(line, $0.baseAddress! + low, code, mismatch, range.count)
      }
    }
  }

  private func exactDistance(_ row: Int, _ queries: [Float], _ query: Int, _ queryCodes: [[Float]]) -> Double {
    var sum = 0.0
    for column in 0..<width {
      let difference = Double(queries[query * width + column]) - Double(points.values[row * width + column])
      sum += difference * difference
    }
    for (feature, own) in codes.enumerated() where own[row] != queryCodes[feature][query] { sum += Double(mismatch) }
    return sum
  }
}

/// The nearest rows seen so far: a heap with the farthest on top.
struct NearestCandidates {
  private(set) var rows: [Int] = []
  private var distances: [Float] = []
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    rows.reserveCapacity(capacity)
    distances.reserveCapacity(capacity)
  }

  /// The distance that a row must stay below to be taken.
  var worst: Float { rows.count < capacity ? .infinity : distances[0] }

  mutating func insert(row: Int, distance: Float) {
    if rows.count < capacity {
      rows.append(row)
      distances.append(distance)
      var child = rows.count - 1
      while child > 0, distances[(child - 1) / 2] < distances[child] {
        exchange(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
      return
    }
    rows[0] = row
    distances[0] = distance
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < rows.count {
        if distances[child] > distances[largest] { largest = child }
      }
      if largest == parent { return }
      exchange(parent, largest)
      parent = largest
    }
  }

  private mutating func exchange(_ a: Int, _ b: Int) {
    rows.swapAt(a, b)
    distances.swapAt(a, b)
  }
}
