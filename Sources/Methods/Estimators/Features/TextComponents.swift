import Basics
import Kernels
import Tables

/// Latent semantic analysis: TF-IDF rows projected on the leading right singular vectors of the training rows.
///
/// The vectors are found by randomised subspace iteration (Halko, Martinsson and Tropp, "Finding structure with
/// randomness", SIAM Review 2011).
struct TextComponents: Sendable, Codable {
  let componentCount: Int
  private let weights: TermWeights
  /// One row of `componentCount` numbers per term.
  private let projection: [Float]

  /// The terms that take part: the projection has this many rows.
  static let vocabularyLimit = 5_000
  private static let rowLimit = 50_000
  private static let iterations = 4

  /// Learns from the training rows; nil if there are no terms.
  static func fit(
    _ texts: TextValues, weights: TermWeights, components: Int, key: RandomKey, threads: Int
  ) -> (components: TextComponents, training: [[Double]])? {
    let rows = weights.rows(texts, threads: threads)
    let terms = weights.vocabulary.termCount
    let count = min(components, terms, texts.count)
    guard count > 0 else { return nil }
    let matrix = SparseRows(sampling: rows, of: texts.count, limit: rowLimit, columns: terms)
    let basis = matrix.rightSingularVectors(count, iterations: iterations, key: key, threads: threads)
    let components = TextComponents(
      componentCount: count, weights: weights, projection: basis.map { Float($0) })
    return (components, components.project(rows, threads: threads))
  }

  /// One array per component.
  func encode(_ texts: TextValues, threads: Int) -> [[Double]] {
    project(weights.rows(texts, threads: threads), threads: threads)
  }

  private func project(_ chunks: [TermRows], threads: Int) -> [[Double]] {
    let projected = parallelMap(chunks.count, threads: threads) { project(chunks[$0]) }
    return (0..<componentCount).map { component in
      projected.flatMap { rows in
        stride(from: component, to: rows.count, by: componentCount).map { Double(rows[$0]) }
      }
    }
  }

  /// The components of a chunk, row after row.
  private func project(_ chunk: TermRows) -> [Float] {
    var result = [Float](repeating: 0, count: chunk.ends.count * componentCount)
    result.withUnsafeMutableBufferPointer { result in
      projection.withUnsafeBufferPointer { projection in
        for row in chunk.ends.indices {
          let target = row &* componentCount
          for position in chunk.range(row) {
            let weight = chunk.weights[position]
            let source = Int(chunk.terms[position]) &* componentCount
            for component in 0..<componentCount {
              result[target &+ component] += weight * projection[source &+ component]
            }
          }
        }
      }
    }
    return result
  }
}

/// A sparse matrix held by rows and by columns.
private struct SparseRows: Sendable {
  private let columnCount: Int
  private var rowEnds: [Int] = []
  private var rowTerms: [Int32] = []
  private var rowWeights: [Float] = []
  private var columnEnds: [Int]
  private var columnRows: [Int32]
  private var columnWeights: [Float]

  /// Every row, or every k-th where there are more than `limit`.
  init(sampling chunks: [TermRows], of rowCount: Int, limit: Int, columns: Int) {
    columnCount = columns
    let step = max(1, (rowCount + limit - 1) / limit)
    var first = 0
    for chunk in chunks {
      for row in chunk.ends.indices where (first + row) % step == 0 {
        rowTerms += chunk.terms[chunk.range(row)]
        rowWeights += chunk.weights[chunk.range(row)]
        rowEnds.append(rowTerms.count)
      }
      first += chunk.ends.count
    }
    var next = [Int](repeating: 0, count: columns + 1)
    for term in rowTerms { next[Int(term) + 1] += 1 }
    for column in 0..<columns { next[column + 1] += next[column] }
    columnEnds = Array(next.dropFirst())
    columnRows = Array(repeating: 0, count: rowTerms.count)
    columnWeights = Array(repeating: 0, count: rowTerms.count)
    for row in rowEnds.indices {
      for position in (row == 0 ? 0 : rowEnds[row - 1])..<rowEnds[row] {
        let place = next[Int(rowTerms[position])]
        columnRows[place] = Int32(row)
        columnWeights[place] = rowWeights[position]
        next[Int(rowTerms[position])] += 1
      }
    }
  }

  /// The leading vectors, one row of `count` numbers per column of the matrix; the largest number of each is positive.
  func rightSingularVectors(_ count: Int, iterations: Int, key: RandomKey, threads: Int) -> [Double] {
    let width = min(count + 10, columnCount, rowEnds.count)
    var stream = key.stream()
    var basis = (0..<columnCount * width).map { _ in stream.normal() }
    orthonormalise(&basis, rows: columnCount, width: width)
    for _ in 0..<iterations {
      basis = timesTransposed(times(basis, width, threads), width, threads)
      orthonormalise(&basis, rows: columnCount, width: width)
    }
    // Within the subspace, the singular vectors are the eigenvectors of the product of the image with itself.
    let image = times(basis, width, threads)
    var gram = [Double](repeating: 0, count: width * width)
    for row in rowEnds.indices {
      for i in 0..<width {
        for j in 0..<width { gram[i * width + j] += image[row * width + i] * image[row * width + j] }
      }
    }
    let vectors = symmetricEigenvectors(gram, size: width)
    var result = [Double](repeating: 0, count: columnCount * count)
    for column in 0..<columnCount {
      for component in 0..<count {
        var sum = 0.0
        for i in 0..<width { sum += basis[column * width + i] * vectors[i * width + component] }
        result[column * count + component] = sum
      }
    }
    for component in 0..<count {
      var largest = 0.0
      for column in 0..<columnCount where abs(result[column * count + component]) > abs(largest) {
        largest = result[column * count + component]
      }
      guard largest < 0 else { continue }
      for column in 0..<columnCount { result[column * count + component] *= -1 }
    }
    return result
  }

  private func times(_ basis: [Double], _ width: Int, _ threads: Int) -> [Double] {
    product(rowEnds, rowTerms, rowWeights, basis, width, threads)
  }

  private func timesTransposed(_ image: [Double], _ width: Int, _ threads: Int) -> [Double] {
    product(columnEnds, columnRows, columnWeights, image, width, threads)
  }

  private func product(
    _ ends: [Int], _ indices: [Int32], _ weights: [Float], _ dense: [Double], _ width: Int, _ threads: Int
  ) -> [Double] {
    let chunk = 1_024
    return parallelMap((ends.count + chunk - 1) / chunk, threads: threads) { index -> [Double] in
      let lines = index * chunk..<min(ends.count, (index + 1) * chunk)
      var result = [Double](repeating: 0, count: lines.count * width)
      result.withUnsafeMutableBufferPointer { result in
        dense.withUnsafeBufferPointer { dense in
          for line in lines {
            let target = (line - lines.lowerBound) * width
            for position in (line == 0 ? 0 : ends[line - 1])..<ends[line] {
              let weight = Double(weights[position])
              let source = Int(indices[position]) * width
              for i in 0..<width { result[target + i] += weight * dense[source + i] }
            }
          }
        }
      }
      return result
    }.flatMap { $0 }
  }

  /// Gram-Schmidt, twice for accuracy; a dependent column becomes zero.
  private func orthonormalise(_ basis: inout [Double], rows: Int, width: Int) {
    basis.withUnsafeMutableBufferPointer { basis in
      for column in 0..<width {
        var original = 0.0
        for row in 0..<rows { original += basis[row * width + column] * basis[row * width + column] }
        for _ in 0..<2 {
          for earlier in 0..<column {
            var dot = 0.0
            for row in 0..<rows { dot += basis[row * width + column] * basis[row * width + earlier] }
            for row in 0..<rows { basis[row * width + column] -= dot * basis[row * width + earlier] }
          }
        }
        var squares = 0.0
        for row in 0..<rows { squares += basis[row * width + column] * basis[row * width + column] }
        let scale = squares > original * 1e-24 ? 1 / squares.squareRoot() : 0
        for row in 0..<rows { basis[row * width + column] *= scale }
      }
    }
  }
}

/// The eigenvectors of a symmetric matrix as columns, largest eigenvalue first, by Jacobi's rotations.
private func symmetricEigenvectors(_ matrix: [Double], size: Int) -> [Double] {
  var a = matrix
  var vectors = [Double](repeating: 0, count: size * size)
  for i in 0..<size { vectors[i * size + i] = 1 }
  let scale = a.reduce(0) { $0 + $1 * $1 }
  for _ in 0..<60 {
    var rest = 0.0
    for p in 0..<size { for q in 0..<size where p != q { rest += a[p * size + q] * a[p * size + q] } }
    if rest <= scale * 1e-28 { break }
    for p in 0..<size {
      for q in (p + 1)..<max(size, p + 1) where a[p * size + q] != 0 {
        let theta = (a[q * size + q] - a[p * size + p]) / (2 * a[p * size + q])
        let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<size {
          let (x, y) = (a[k * size + p], a[k * size + q])
          a[k * size + p] = cosine * x - sine * y
          a[k * size + q] = sine * x + cosine * y
        }
        for k in 0..<size {
          let (x, y) = (a[p * size + k], a[q * size + k])
          a[p * size + k] = cosine * x - sine * y
          a[q * size + k] = sine * x + cosine * y
          let (u, v) = (vectors[k * size + p], vectors[k * size + q])
          vectors[k * size + p] = cosine * u - sine * v
          vectors[k * size + q] = sine * u + cosine * v
        }
      }
    }
  }
  let order = (0..<size).sorted { a[$0 * size + $0] > a[$1 * size + $1] }
  return (0..<size).flatMap { row in order.map { vectors[row * size + $0] } }
}
