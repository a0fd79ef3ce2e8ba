import Evaluation

/// The value per row against the share of rows acted on, in the order of a ranking.
struct ValueCurve {
  /// What acting on a row with the ranking's action earns more than not acting.
  let advantages: [Double]
  private let base: Double
  /// The step of the curve in which each row is acted on.
  private let step: [Int]
  /// The rows acted on after each step, ascending, the last is all.
  private let ends: [Int]
  private let firstValues: [Double]

  /// The most steps; a curve has one point more.
  static let mostSteps = 199

  init(ranking: Ranking, realised: ActionValues) {
    let rows = ranking.order.count
    let steps = min(rows, ValueCurve.mostSteps)
    firstValues = realised.values[0]
    advantages = ranking.actions.indices.map { realised.values[ranking.actions[$0]][$0] - realised.values[0][$0] }
    base = mean(firstValues)
    ends = (1...steps).map { $0 * rows / steps }
    var step = [Int](repeating: 0, count: rows)
    var current = 0
    for (position, row) in ranking.order.enumerated() {
      if position == ends[current] { current += 1 }
      step[row] = current
    }
    self.step = step
  }

  /// The statistics that `add` fills: the value of not acting, then the gain of each step.
  var width: Int { ends.count + 1 }

  func add(_ row: Int, to sums: UnsafeMutableBufferPointer<Double>) {
    sums[0] += firstValues[row]
    sums[1 + step[row]] += advantages[row]
  }

  /// The curve with its band, and the value of one more row acted on, measured over a twentieth of the rows.
  func curves(resampled: [[Double]]) -> (value: Curve, marginal: Curve?) {
    let rows = Double(step.count)
    let x = [0] + ends.map { Double($0) / rows }
    var gains = [Double](repeating: 0, count: ends.count)
    for row in step.indices { gains[step[row]] += advantages[row] }
    let y = running(base, gains.map { $0 / rows })
    let drawn = resampled.map { running($0[0], Array($0[1...])) }
    let points = x.indices.map { point in
      RowBootstrap.estimate(y[point], resampled: drawn.map { $0[point] })
    }
    let value = Curve("value per row", x: x, y: y, lower: points.map(\.lower), upper: points.map(\.upper))

    let half = max(1, ends.count / 40)
    guard ends.count >= 4 * half else { return (value, nil) }
    let centres = Array(stride(from: half, through: ends.count - half, by: half))
    let slopes = centres.map { centre in
      let width = x[centre + half] - x[centre - half]
      return RowBootstrap.estimate(
        (y[centre + half] - y[centre - half]) / width,
        resampled: drawn.map { ($0[centre + half] - $0[centre - half]) / width })
    }
    let marginal = Curve(
      "value of one more row acted on", x: centres.map { x[$0] }, y: slopes.map(\.value),
      lower: slopes.map(\.lower), upper: slopes.map(\.upper))
    return (value, marginal)
  }

  private func running(_ start: Double, _ steps: [Double]) -> [Double] {
    var sum = start
    return [start]
      + steps.map {
        sum += $0; return sum
      }
  }
}
