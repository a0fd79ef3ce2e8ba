import Basics
import Tables

extension Split {
  static func entityHoldout(entities: [Int], strata: Strata, testShare: Double, key: RandomKey) throws -> Split {
    var fold = try assign(entities: entities, strata: strata, shares: [1 - testShare, testShare], key: key["holdout"])
    if !fold.contains(1) {
      // Few large entities: the smallest one becomes the test.
      let sizes = Dictionary(entities.map { ($0, 1) }, uniquingKeysWith: +)
      if let smallest = sizes.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key {
        fold = entities.map { $0 == smallest ? 1 : 0 }
      }
    }
    let share = Double(fold.count { $0 == 1 }) / Double(fold.count)
    return Split(
      folds: [Self.fold(isTest: fold.map { $0 == 1 })],
      description: "by entity, \(strata.words) as far as entities allow, \(percent(share)) of the rows are the test",
      warnings: abs(share - testShare) > 0.1
        ? ["entities are so large that \(percent(share)) of the rows are the test, not \(percent(testShare))"] : [])
  }

  static func entityFolds(_ count: Int, entities: [Int], strata: Strata, key: RandomKey) throws -> Split {
    let distinct = Set(entities).count
    guard distinct >= count else {
      throw AssayError(
        .data, "\(distinct) entit\(distinct == 1 ? "y" : "ies") cannot make \(count) folds", at: "--entity",
        remedy: "use at most \(distinct) folds, or another entity column")
    }
    let shares = [Double](repeating: 1 / Double(count), count: count)
    let fold = try assign(entities: entities, strata: strata, shares: shares, key: key["folds"])
    let sizes = fold.reduce(into: [Int](repeating: 0, count: count)) { $0[$1] += 1 }
    let largest = sizes.max() ?? 0
    return Split(
      folds: folds(count, of: fold), description: "by entity, \(strata.words) as far as entities allow, \(count) folds",
      warnings: strata.warnings(fewerThan: count, what: "the \(count) folds")
        + (largest * count > 2 * fold.count
          ? ["entities differ so much in size that one fold has \(largest) of \(fold.count) rows"] : []))
  }

  /// Gives whole entities to folds, the largest first, each to the fold where the sum of squared stratum counts over
  /// the fold's share rises least: sizes and strata come out as even as a greedy pass can make them.
  private static func assign(entities: [Int], strata: Strata, shares: [Double], key: RandomKey) throws -> [Int] {
    var index: [Int: Int] = [:]
    let entityOfRow = entities.map { entity -> Int in
      if let known = index[entity] { return known }
      index[entity] = index.count
      return index.count - 1
    }
    guard index.count >= 2 else {
      throw AssayError(
        .data, "all rows belong to one entity", at: "--entity", remedy: "choose another entity column or leave it out")
    }
    var sizes = [Int](repeating: 0, count: index.count)
    var strataOfEntity = [[Int: Int]](repeating: [:], count: index.count)
    var totals = [Double](repeating: 0, count: strata.count)
    for (row, entity) in entityOfRow.enumerated() {
      sizes[entity] += 1
      strataOfEntity[entity][Int(strata.ofRow[row]), default: 0] += 1
      totals[Int(strata.ofRow[row])] += 1
    }
    var stream = key.stream()
    let ties = stream.permutation(of: index.count)
    let order = sizes.indices.sorted { sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : ties[$0] < ties[$1] }
    let rowTotal = Double(entities.count)
    var held = [[Double]](repeating: [Double](repeating: 0, count: strata.count), count: shares.count)
    var heldRows = [Double](repeating: 0, count: shares.count)
    var foldOfEntity = [Int](repeating: 0, count: index.count)
    for entity in order {
      let size = Double(sizes[entity])
      var best = 0
      var lowest = Double.infinity
      for fold in shares.indices {
        var cost = (2 * heldRows[fold] + size) * size / (rowTotal * rowTotal)
        for (stratum, rows) in strataOfEntity[entity].sorted(by: { $0.key < $1.key }) {
          let rows = Double(rows)
          cost += (2 * held[fold][stratum] + rows) * rows / (totals[stratum] * totals[stratum])
        }
        cost /= shares[fold]
        if cost < lowest {
          lowest = cost
          best = fold
        }
      }
      foldOfEntity[entity] = best
      heldRows[best] += size
      for (stratum, rows) in strataOfEntity[entity] { held[best][stratum] += Double(rows) }
    }
    return entityOfRow.map { foldOfEntity[$0] }
  }
}

/// A number per row that is equal exactly where the column's values are; each missing value is an entity of its own.
public func entities(of column: Column) -> [Int] {
  func number<Value: Hashable>(_ values: some Sequence<Value?>) -> [Int] {
    var index: [Value: Int] = [:]
    var next = 0
    return values.map { value in
      if let value, let known = index[value] { return known }
      if let value { index[value] = next }
      next += 1
      return next - 1
    }
  }
  switch column.values {
  case .integer(let v), .dateTime(let v): return number(v.lazy.map { $0 == Column.missingInteger ? nil : $0 })
  case .float(let v): return number(v.lazy.map { $0.isNaN ? nil : $0 })
  case .single(let v): return number(v.lazy.map { $0.isNaN ? nil : $0 })
  case .boolean(let v): return number(v.lazy.map { $0 < 0 ? nil : $0 })
  case .text(let v): return number((0..<v.count).lazy.map { v[$0] })
  case .category(let v): return number(v.codes.lazy.map { $0 < 0 ? nil : $0 })
  }
}
