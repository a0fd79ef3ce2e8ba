import Basics
import CKernels
import Kernels

/// Points with the steps of k-means; all sums run over fixed shards in their order.
struct CentrePoints: Sendable {
  /// `width` numbers per row.
  let values: [Float]
  let width: Int
  let rowCount: Int
  let threads: Int

  private static let shardRows = 2048

  private struct ShardSums: Sendable {
    var assignment: [Int]
    var distances: [Float]
    var sums: [Double]
    var counts: [Int]

    /// Finds the nearest centre of each row from the products of points and centres.
    mutating func settle(
      _ points: UnsafePointer<Float>, _ products: [Float], _ squares: [Float], _ centres: UnsafePointer<Float>,
      width: Int, withSums: Bool
    ) {
      let count = squares.count
      products.withUnsafeBufferPointer { products in
        squares.withUnsafeBufferPointer { squares in
          sums.withUnsafeMutableBufferPointer { sums in
            for row in assignment.indices {
              var best = 0
              var least = Float.infinity
              for centre in 0..<count {
                let distance = squares[centre] - 2 * products[row * count + centre]
                if distance < least {
                  least = distance
                  best = centre
                }
              }
              let point = points + row * width
              assignment[row] = best
              distances[row] = assay_squared_distance(point, centres + best * width, width)
              counts[best] += 1
              if withSums { assay_add_mixed(1, point, sums.baseAddress! + best * width, width) }
            }
          }
        }
      }
    }
  }

  /// The nearest centre of every row, ties to the first, and the squared distance to it.
  func nearest(_ centres: [Float], _ count: Int) -> (assignment: [Int], distances: [Float]) {
    guard width > 0 else {
      return (Array(repeating: 0, count: rowCount), Array(repeating: 0, count: rowCount))
    }
    let parts = shards(centres, count, withSums: false)
    return (parts.flatMap(\.assignment), parts.flatMap(\.distances))
  }

  /// Assigns the rows and moves the centres to their means.
  func round(_ centres: [Float], _ count: Int) -> CentreSolution {
    guard width > 0 else {
      return CentreSolution(centres: [], assignment: Array(repeating: 0, count: rowCount), inertia: 0)
    }
    let parts = shards(centres, count, withSums: true)
    var assignment = parts.flatMap(\.assignment)
    let distances = parts.flatMap(\.distances)
    var sums = [Double](repeating: 0, count: count * width)
    var counts = [Int](repeating: 0, count: count)
    for part in parts {
      for index in sums.indices { sums[index] += part.sums[index] }
      for index in counts.indices { counts[index] += part.counts[index] }
    }
    refill(&assignment, distances, &sums, &counts)
    var moved = centres
    for centre in 0..<count where counts[centre] > 0 {
      for column in 0..<width {
        moved[centre * width + column] = Float(sums[centre * width + column] / Double(counts[centre]))
      }
    }
    return CentreSolution(
      centres: moved, assignment: assignment, inertia: distances.reduce(0) { $0 + Double($1) })
  }

  /// Gives each centre without rows the farthest row of another.
  private func refill(
    _ assignment: inout [Int], _ distances: [Float], _ sums: inout [Double], _ counts: inout [Int]
  ) {
    let empty = counts.indices.filter { counts[$0] == 0 }
    guard !empty.isEmpty else { return }
    var farthest = distances.indices.sorted { (distances[$1], $0) < (distances[$0], $1) }[...]
    for centre in empty {
      while let row = farthest.popFirst() {
        let owner = assignment[row]
        guard counts[owner] > 1, distances[row] > 0 else { continue }
        counts[owner] -= 1
        counts[centre] = 1
        for column in 0..<width {
          let value = Double(values[row * width + column])
          sums[owner * width + column] -= value
          sums[centre * width + column] = value
        }
        assignment[row] = centre
        break
      }
    }
  }

  private func shards(_ centres: [Float], _ count: Int, withSums: Bool) -> [ShardSums] {
    let squares = (0..<count).map { centre -> Float in
      var sum: Float = 0
      for column in 0..<width { sum += centres[centre * width + column] * centres[centre * width + column] }
      return sum
    }
    let size = CentrePoints.shardRows
    return parallelMap((rowCount + size - 1) / size, threads: threads) { shard in
      let rows = shard * size..<min(rowCount, (shard + 1) * size)
      var products = [Float](repeating: 0, count: rows.count * count)
      var result = ShardSums(
        assignment: Array(repeating: 0, count: rows.count), distances: Array(repeating: 0, count: rows.count),
        sums: withSums ? Array(repeating: 0, count: count * width) : [], counts: Array(repeating: 0, count: count))
      values.withUnsafeBufferPointer { values in
        centres.withUnsafeBufferPointer { centres in
          let points = values.baseAddress! + rows.lowerBound * width
          multiply(
            MatrixView(points, width: width), MatrixView(centres.baseAddress!, width: width).transposed,
            rows: rows.count, inner: width, columns: count, into: &products, stride: count)
          result.settle(
            points, products, squares, centres.baseAddress!, width: width, withSums: withSums)
        }
      }
      return result
    }
  }

  /// Rows far from each other: each next one drawn by its squared distance to those before, the best of some draws.
  func spreadCentres(_ count: Int, _ stream: inout RandomStream) -> [Float] {
    func point(_ row: Int) -> ArraySlice<Float> { values[row * width..<(row + 1) * width] }
    var centres = Array(point(stream.integer(below: rowCount)))
    guard width > 0 else { return [] }
    var distances = nearest(centres, 1).distances
    let draws = 2 + Int(Double(count).squareRoot())
    for _ in 1..<max(count, 1) {
      let total = distances.reduce(0) { $0 + Double($1) }
      var best: (total: Double, row: Int, distances: [Float])?
      for _ in 0..<draws {
        let row = total > 0 ? draw(distances, total, &stream) : stream.integer(below: rowCount)
        let alone = nearest(Array(point(row)), 1).distances
        let joint = zip(alone, distances).map { min($0, $1) }
        let jointTotal = joint.reduce(0) { $0 + Double($1) }
        if best == nil || jointTotal < best!.total { best = (jointTotal, row, joint) }
      }
      if let best {
        centres += point(best.row)
        distances = best.distances
      }
    }
    return centres
  }

  private func draw(_ distances: [Float], _ total: Double, _ stream: inout RandomStream) -> Int {
    var left = stream.uniform() * total
    for (row, distance) in distances.enumerated() {
      left -= Double(distance)
      if left < 0 { return row }
    }
    return distances.lastIndex { $0 > 0 } ?? 0
  }
}
