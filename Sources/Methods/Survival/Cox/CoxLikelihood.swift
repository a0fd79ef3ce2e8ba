import Foundation
import Networks

/// Cox's partial likelihood with its first and second derivatives in the coefficients.
///
/// One walk from the latest time to the earliest keeps the sums over the units at risk; a time with tied events costs no
/// more than one without, because the sums over Efron's shares are taken over numbers before they meet matrices.
struct CoxLikelihood {
  let outcomes: SurvivalOutcomes
  let sets: CoxRiskSets
  let ties: TiedEvents
  /// Standardised columns, row after row.
  let rows: [Double]
  let width: Int

  init(_ outcomes: SurvivalOutcomes, rows: [Double], width: Int, ties: TiedEvents) {
    self.outcomes = outcomes
    sets = CoxRiskSets(outcomes)
    self.ties = ties
    self.rows = rows
    self.width = width
  }

  /// The likelihood at coefficients.
  struct Value {
    var logLikelihood = 0.0
    /// First derivatives.
    var gradient: [Double] = []
    /// Second derivatives with the sign turned: the information, row-major and symmetric.
    var information: [Double] = []
  }

  /// Each row's sum of numbers times coefficients.
  func predictors(_ coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: outcomes.count)
    let width = width
    rows.withUnsafeBufferPointer { rows in
      for row in result.indices {
        var sum = 0.0
        for column in 0..<width { sum += rows[row * width + column] * coefficients[column] }
        result[row] = sum
      }
    }
    return result
  }

  /// Sums over Efron's shares at one moment: of 1 / D, c / D, 1 / D^2, c / D^2, c^2 / D^2 and log D, D being the risk
  /// sum minus a share c of the tied events' risks, each times the mean weight of an event.
  struct TieSums {
    var inverse = 0.0
    var shared = 0.0
    var squared = 0.0
    var sharedSquared = 0.0
    var bothSquared = 0.0
    var logarithm = 0.0

    init(_ moment: CoxRiskSets.Moment, risk: Double, tied: Double, ties: TiedEvents) {
      let count = moment.events.count
      if ties == .breslow || count == 1 {
        inverse = moment.weight / risk
        squared = moment.weight / (risk * risk)
        logarithm = moment.weight * log(risk)
        return
      }
      let weight = moment.weight / Double(count)
      for rank in 0..<count {
        let share = Double(rank) / Double(count)
        let one = 1 / max(risk - share * tied, .leastNormalMagnitude)
        inverse += weight * one
        shared += weight * share * one
        squared += weight * one * one
        sharedSquared += weight * share * one * one
        bothSquared += weight * share * share * one * one
        logarithm -= weight * log(one)
      }
    }
  }

  /// The likelihood with derivatives.
  func value(_ coefficients: [Double], derivatives: Bool = true) -> Value {
    let eta = predictors(coefficients)
    let largest = eta.max() ?? 0
    let risks = eta.indices.map { outcomes.weight($0) * exp(eta[$0] - largest) }
    var result = Value()
    let width = derivatives ? width : 0
    result.gradient = [Double](repeating: 0, count: width)
    result.information = [Double](repeating: 0, count: width * width)
    // How much hazard each row has met, and how much of it Efron's shares take back from tied events.
    var exposure = [Double](repeating: 0, count: derivatives ? eta.count : 0)
    for stratum in 0..<sets.stratumCount {
      walk(stratum, eta: eta, risks: risks, largest: largest, width: width, exposure: &exposure, result: &result)
    }
    if derivatives { addOuterProducts(risks: risks, exposure: exposure, to: &result) }
    return result
  }

  private func walk(
    _ stratum: Int, eta: [Double], risks: [Double], largest: Double, width: Int, exposure: inout [Double],
    result: inout Value
  ) {
    let range = sets.starts[stratum]..<sets.starts[stratum + 1]
    guard !range.isEmpty else { return }
    // Rows of the stratum begin where the rows of the last one end.
    var joined = stratumStart(stratum)
    var left = leavingStart(stratum)
    let (orderStart, leaveStart) = (joined, left)
    var sum = 0.0
    var sums = [Double](repeating: 0, count: width)
    var tiedSums = sums
    var inverses: [Double] = []
    rows.withUnsafeBufferPointer { rows in
      for moment in sets.moments[range] {
        while joined < moment.joined {
          let row = sets.order[joined]
          sum += risks[row]
          for column in 0..<width { sums[column] += risks[row] * rows[row * width + column] }
          joined += 1
        }
        while left < moment.left {
          let row = sets.leaving[left]
          sum -= risks[row]
          for column in 0..<width { sums[column] -= risks[row] * rows[row * width + column] }
          left += 1
        }
        var tied = 0.0
        for column in 0..<width { tiedSums[column] = 0 }
        for position in moment.events {
          let row = sets.order[position]
          result.logLikelihood += outcomes.weight(row) * (eta[row] - largest)
          tied += risks[row]
          for column in 0..<width {
            tiedSums[column] += risks[row] * rows[row * width + column]
            result.gradient[column] += outcomes.weight(row) * rows[row * width + column]
          }
        }
        let ties = TieSums(moment, risk: max(sum, tied), tied: tied, ties: ties)
        result.logLikelihood -= ties.logarithm
        inverses.append(ties.inverse)
        guard width > 0 else { continue }
        if ties.shared > 0 { for position in moment.events { exposure[sets.order[position]] -= ties.shared } }
        for a in 0..<width {
          let (one, two) = (
            ties.squared * sums[a] - ties.sharedSquared * tiedSums[a],
            ties.bothSquared * tiedSums[a] - ties.sharedSquared * sums[a]
          )
          for b in 0...a { result.information[a * width + b] -= one * sums[b] + two * tiedSums[b] }
        }
      }
    }
    guard width > 0 else { return }
    addExposure(range, inverses, orderStart: orderStart, leaveStart: leaveStart, to: &exposure)
  }

  /// Where the rows of a stratum begin in `order`.
  func stratumStart(_ stratum: Int) -> Int {
    var low = 0
    var high = sets.order.count
    while low < high {
      let middle = (low + high) / 2
      if (outcomes.strata?[sets.order[middle]] ?? 0) < stratum { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where the rows of a stratum begin in `leaving`.
  func leavingStart(_ stratum: Int) -> Int {
    var low = 0
    var high = sets.leaving.count
    while low < high {
      let middle = (low + high) / 2
      if (outcomes.strata?[sets.leaving[middle]] ?? 0) < stratum { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The hazard of all moments that a row was at risk for: those not after its time and after its entry.
  private func addExposure(
    _ range: Range<Int>, _ inverses: [Double], orderStart: Int, leaveStart: Int, to exposure: inout [Double]
  ) {
    // Sums over this moment and all earlier ones: moments go from the latest on.
    var earlier = [Double](repeating: 0, count: range.count + 1)
    for index in stride(from: range.count - 1, through: 0, by: -1) {
      earlier[index] = earlier[index + 1] + inverses[index]
    }
    var joined = orderStart
    var left = leaveStart
    for (index, moment) in sets.moments[range].enumerated() {
      while joined < moment.joined {
        exposure[sets.order[joined]] += earlier[index]
        joined += 1
      }
      while left < moment.left {
        exposure[sets.leaving[left]] -= earlier[index]
        left += 1
      }
    }
  }

  /// Adds what each row's own numbers contribute, and mirrors the information.
  private func addOuterProducts(risks: [Double], exposure: [Double], to result: inout Value) {
    let width = width
    rows.withUnsafeBufferPointer { rows in
      result.information.withUnsafeMutableBufferPointer { information in
        result.gradient.withUnsafeMutableBufferPointer { gradient in
          for row in risks.indices {
            let weight = risks[row] * exposure[row]
            if weight == 0 { continue }
            let numbers = rows.baseAddress! + row * width
            for a in 0..<width {
              let scaled = weight * numbers[a]
              gradient[a] -= scaled
              let target = information.baseAddress! + a * width
              for b in 0...a { target[b] += scaled * numbers[b] }
            }
          }
          for a in 0..<width { for b in 0..<a { information[b * width + a] = information[a * width + b] } }
        }
      }
    }
  }
}
