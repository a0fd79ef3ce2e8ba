import Foundation

/// A target that is an exact linear combination of two to six columns, or a product of powers of them.
struct LinearIdentity {
  /// The positions of the columns.
  let columns: [Int]
  /// Whether it holds between logarithms.
  let isProduct: Bool

  /// The largest share of the target's variance that rounding may leave unexplained.
  private static let tolerance = 1e-9

  /// Looks for an identity; columns with missing values are left out. One column alone is not an identity but a copy.
  static func find(labels: [Double], columns: [[Double]]) -> LinearIdentity? {
    let complete = columns.indices.filter { index in columns[index].allSatisfy(\.isFinite) }
    if let found = select(labels, complete.map { columns[$0] }) {
      return LinearIdentity(columns: found.map { complete[$0] }, isProduct: false)
    }
    guard labels.allSatisfy({ $0 > 0 }) else { return nil }
    let positive = complete.filter { index in columns[index].allSatisfy { $0 > 0 } }
    if let found = select(labels.map { log($0) }, positive.map { columns[$0].map { log($0) } }) {
      return LinearIdentity(columns: found.map { positive[$0] }, isProduct: true)
    }
    return nil
  }

  /// Forward selection by the largest drop of the residual, orthogonalising as it goes, then removal of columns that
  /// the identity does not need.
  private static func select(_ labels: [Double], _ columns: [[Double]]) -> [Int]? {
    let target = centred(labels)
    let total = dot(target, target)
    guard total > 0, columns.count >= 2 else { return nil }
    let basis = columns.map(centred)
    var chosen: [Int] = []
    var residual = target
    var remaining = basis
    while chosen.count < 6, dot(residual, residual) > tolerance * total {
      var best: (index: Int, gain: Double)?
      for index in remaining.indices where !chosen.contains(index) {
        let length = dot(remaining[index], remaining[index])
        // What is left of a column that the chosen ones nearly determine is rounding.
        guard length > 1e-10 * dot(basis[index], basis[index]), length > 0 else { continue }
        let projection = dot(residual, remaining[index])
        let gain = projection * projection / length
        if gain > best?.gain ?? 0 { best = (index, gain) }
      }
      guard let best else { return nil }
      chosen.append(best.index)
      let direction = remaining[best.index]
      let length = dot(direction, direction)
      subtract(direction, dot(residual, direction) / length, from: &residual)
      for index in remaining.indices where !chosen.contains(index) {
        subtract(direction, dot(remaining[index], direction) / length, from: &remaining[index])
      }
    }
    guard dot(residual, residual) <= tolerance * total else { return nil }
    for candidate in chosen where chosen.count > 1 {
      let others = chosen.filter { $0 != candidate }
      if unexplained(target, others.map { basis[$0] }) <= tolerance * total { chosen = others }
    }
    return chosen.count >= 2 ? chosen : nil
  }

  /// The squared length of what columns leave of a target (Gram-Schmidt).
  private static func unexplained(_ target: [Double], _ columns: [[Double]]) -> Double {
    var residual = target
    var rest = columns
    for index in rest.indices {
      let length = dot(rest[index], rest[index])
      if length == 0 { continue }
      subtract(rest[index], dot(residual, rest[index]) / length, from: &residual)
      for other in rest.indices where other > index {
        subtract(rest[index], dot(rest[other], rest[index]) / length, from: &rest[other])
      }
    }
    return dot(residual, residual)
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return values.map { $0 - mean }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private static func subtract(_ direction: [Double], _ factor: Double, from values: inout [Double]) {
    for i in values.indices { values[i] -= factor * direction[i] }
  }
}
