import Estimators
import Foundation

/// How features become standardised columns for models that are linear in them.
///
/// A numeric feature becomes itself, missing replaced by the mean, and an indicator of what was missing. A categorical
/// one becomes an indicator per level seen in training, "missing" among them; the most frequent level is what the others
/// are compared with. Columns that do not vary are left out.
struct SurvivalDesign: Sendable, Codable, Hashable {
  /// What a column takes from its feature.
  enum Role: Sendable, Hashable, Codable {
    case value
    case missing
    case level(Int)
  }

  /// One column.
  struct Term: Sendable, Hashable, Codable {
    let feature: Int
    let name: String
    let role: Role
    let mean: Double
    let scale: Double
  }

  let terms: [Term]
  let fills: [Double]

  /// Learns means, scales and levels; `weights` nil means 1 for each row.
  init(_ matrix: FeatureMatrix, weights: [Double]?) {
    var terms: [Term] = []
    var fills: [Double] = []
    let total = weights?.reduce(0, +) ?? Double(matrix.rowCount)
    func sum(_ value: (Int) -> Double) -> Double {
      var result = 0.0
      for row in 0..<matrix.rowCount { result += (weights?[row] ?? 1) * value(row) }
      return result
    }
    for (index, feature) in matrix.features.enumerated() {
      let values = matrix.dense(index)
      let missing = sum { values[$0].isFinite ? 0 : 1 } / total
      switch feature.kind {
      case .numeric:
        let mean = missing < 1 ? sum { values[$0].isFinite ? Double(values[$0]) : 0 } / (total * (1 - missing)) : 0
        let variance =
          sum { values[$0].isFinite ? (Double(values[$0]) - mean) * (Double(values[$0]) - mean) : 0 } / total
        fills.append(mean)
        if variance.squareRoot() > 1e-9 * abs(mean), variance > 0 {
          terms.append(Term(feature: index, name: feature.name, role: .value, mean: mean, scale: variance.squareRoot()))
        }
        if missing > 0, missing < 1 {
          terms.append(Self.indicator(index, feature.name + " missing", .missing, share: missing))
        }
      case .categorical(let levels):
        fills.append(0)
        var shares = [Double](repeating: 0, count: levels + 1)
        for row in 0..<matrix.rowCount {
          shares[Self.level(values[row], levels) ?? levels] += (weights?[row] ?? 1) / total
        }
        let reference = shares.indices.max { shares[$0] < shares[$1] } ?? 0
        for level in shares.indices where level != reference && shares[level] > 0 {
          let role: Role = level == levels ? .missing : .level(level)
          let name = feature.name + (level == levels ? " missing" : "=\(level)")
          terms.append(Self.indicator(index, name, role, share: shares[level]))
        }
      }
    }
    self.terms = terms
    self.fills = fills
  }

  private static func indicator(_ feature: Int, _ name: String, _ role: Role, share: Double) -> Term {
    Term(feature: feature, name: name, role: role, mean: share, scale: max((share * (1 - share)).squareRoot(), 1e-6))
  }

  private static func level(_ value: Float, _ levels: Int) -> Int? {
    value >= 0 && value < Float(levels) ? Int(value) : nil
  }

  var width: Int { terms.count }

  /// Standardised numbers, row after row.
  func rows(_ matrix: FeatureMatrix) -> [Double] {
    let width = terms.count
    var result = [Double](repeating: 0, count: matrix.rowCount * width)
    var feature = -1
    var values: [Float] = []
    for (position, term) in terms.enumerated() {
      if term.feature != feature {
        feature = term.feature
        values = matrix.dense(feature)
      }
      result.withUnsafeMutableBufferPointer { result in
        values.withUnsafeBufferPointer { values in
          let inverse = 1 / term.scale
          var place = position
          switch term.role {
          case .value:
            for row in values.indices {
              if values[row].isFinite { result[place] = (Double(values[row]) - term.mean) * inverse }
              place += width
            }
          case .missing:
            let isLevels = fills[term.feature] == 0 && matrix.features[term.feature].kind != .numeric
            let levels: Int
            if case .categorical(let count) = matrix.features[term.feature].kind { levels = count } else { levels = 0 }
            for row in values.indices {
              let isMissing = isLevels ? Self.level(values[row], levels) == nil : !values[row].isFinite
              result[place] = ((isMissing ? 1 : 0) - term.mean) * inverse
              place += width
            }
          case .level(let level):
            for row in values.indices {
              result[place] = ((values[row] == Float(level) ? 1 : 0) - term.mean) * inverse
              place += width
            }
          }
        }
      }
    }
    return result
  }

  /// The sum of each row's numbers times coefficients of the standardised columns, without building them.
  func predictors(_ matrix: FeatureMatrix, coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: matrix.rowCount)
    let block = 4096
    for start in stride(from: 0, to: matrix.rowCount, by: block) {
      let end = min(matrix.rowCount, start + block)
      let part = end - start == matrix.rowCount ? matrix : matrix.selecting(rows: Array(start..<end))
      let numbers = rows(part)
      for row in 0..<end - start {
        var sum = 0.0
        for column in 0..<width { sum += numbers[row * width + column] * coefficients[column] }
        result[start + row] = sum
      }
    }
    return result
  }
}
