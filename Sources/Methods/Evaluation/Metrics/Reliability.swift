import Basics
import Foundation

/// What calibration is about: the probability of the positive class and whether it came (two classes), or the largest
/// probability and whether that class was the true one (more).
func calibrationPairs(labels: [Double], predictions: Predictions) -> (probabilities: [Double], outcomes: [Double]) {
  if predictions.width == 2 { return (predictions.output(1), labels) }
  let top = labels.indices.map { predictions.mostProbable($0) }
  return (
    labels.indices.map { predictions[$0, top[$0]] }, labels.indices.map { Int(labels[$0]) == top[$0] ? 1 : 0 }
  )
}

/// Cuts rows by rank into at most `ranges` ranges of nearly equal counts; equal values share a range.
///
/// - Returns: the range of each row, the lowest values in range 0, and the number of ranges.
func equalCountRanges(of values: [Double], ranges: Int) -> (cells: [Int32], count: Int) {
  let order = descendingOrder(of: values)
  var cells = [Int32](repeating: 0, count: values.count)
  var cell: Int32 = -1
  var start = order.count
  var previousRange = -1
  while start > 0 {
    let value = values[Int(order[start - 1])]
    var end = start - 1  // one row at least, whatever its value
    while end > 0, values[Int(order[end - 1])] == value { end -= 1 }
    // The middle of the tie decides, so that a large tie falls where most of it is.
    let middle = order.count - (start + end) / 2
    let range = min(ranges - 1, middle * ranges / max(1, order.count))
    if range != previousRange {
      cell += 1
      previousRange = range
    }
    for i in end..<start { cells[Int(order[i])] = cell }
    start = end
  }
  return (cells, Int(cell) + 1)
}

/// Predicted against observed frequencies in at most `bins` ranges of equal row counts; rows of equal probability share
/// a range. Two classes: of the positive class; more: of the top class.
///
/// - Parameter level: the level of the Wilson intervals.
public func reliabilityBins(
  labels: [Double], predictions: Predictions, bins: Int = 10, level: Double = 0.95
) -> [ReliabilityBin] {
  let (probabilities, outcomes) = calibrationPairs(labels: labels, predictions: predictions)
  let (cells, count) = equalCountRanges(of: probabilities, ranges: bins)
  var rows = [Int](repeating: 0, count: count)
  var predicted = [Double](repeating: 0, count: count)
  var observed = [Double](repeating: 0, count: count)
  for row in probabilities.indices {
    let cell = Int(cells[row])
    rows[cell] += 1
    predicted[cell] += probabilities[row]
    observed[cell] += outcomes[row]
  }
  return (0..<count).map { cell in
    ReliabilityBin(
      predicted: predicted[cell] / Double(rows[cell]),
      observed: wilsonInterval(successes: observed[cell], trials: Double(rows[cell]), level: level), count: rows[cell])
  }
}

/// A share with its Wilson score interval (Wilson 1927); without trials the interval is 0 to 1 and the value NaN.
public func wilsonInterval(successes: Double, trials: Double, level: Double = 0.95) -> Estimate {
  guard trials > 0 else { return Estimate(.nan, lower: 0, upper: 1) }
  let z = normalQuantile(0.5 + level / 2)
  let share = successes / trials
  let centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
  let half = z / (1 + z * z / trials) * (share * (1 - share) / trials + z * z / (4 * trials * trials)).squareRoot()
  return Estimate(share, lower: max(0, min(share, centre - half)), upper: min(1, max(share, centre + half)))
}
