import Basics
import Evaluation

/// The values of a number that mean something of their own, beyond being more or less: 7,298 dollars of capital gains is
/// what one kind of household declares, 7,443 another.
///
/// A smooth function of the number cannot tell such values apart. A feature counts as one if the mean label of a value
/// predicts labels of other rows better than the mean of its bin does, by more than chance.
struct SpecialValues: Sendable, Codable {
  let feature: Int
  /// Ascending.
  private let values: [Float]

  /// A feature of more values is a measurement.
  private static let mostValues = 300
  /// The rows' worth of belief in the mean of the bin.
  private static let smoothing = 10.0
  /// The standard errors by which single values must predict better.
  private static let significance = 4.0

  /// The number of values.
  var count: Int { values.count }

  /// The position of a value; -1 for one not seen and for missing.
  @inline(__always)
  func position(_ value: Float) -> Int32 {
    let position = lowerBound(values, value)
    return position < values.count && values[position] == value ? Int32(position) : -1
  }

  /// Numbers to predict by the value, and the half that each row is in.
  struct Response: Sendable {
    /// The label, or one indicator per class but the first, for the most frequent classes.
    fileprivate let columns: [[Double]]
    fileprivate let isSecondHalf: [Bool]

    init(_ data: TrainingData, key: RandomKey) {
      isSecondHalf = (0..<data.rowCount).map { key.word(at: UInt64($0)) >> 63 == 1 }
      if data.task == .regression {
        columns = [data.labels]
        return
      }
      var counts = [Int](repeating: 0, count: data.task.width)
      for label in data.labels { counts[Int(label)] += 1 }
      let classes = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(6).dropFirst()
      columns = classes.map { label in data.labels.map { Int($0) == label ? 1 : 0 } }
    }
  }

  /// The values of a feature; nil if there are few or very many, or if they mean no more than their bins.
  init?(_ feature: Int, _ column: [Float], edges: [Float], response: Response) {
    var distinct = Set<Float>()
    for value in column where value.isFinite {
      distinct.insert(value)
      if distinct.count > SpecialValues.mostValues { return nil }
    }
    guard distinct.count > max(2, edges.count) else { return nil }
    self.feature = feature
    values = distinct.sorted()
    let bins = values.map { Int32(max(0, lowerBound(edges, $0.nextUp) - 1)) }
    let positions = column.map { position($0) }
    var gain = 0.0
    var squares = 0.0
    for labels in response.columns {
      let halves = [false, true].map { half in
        means(labels, rows: positions.indices.filter { response.isSecondHalf[$0] == half }, positions, bins)
      }
      for (row, position) in positions.enumerated() where position >= 0 {
        let other = halves[response.isSecondHalf[row] ? 0 : 1]
        let byValue = labels[row] - other.values[Int(position)]
        let byBin = labels[row] - other.bins[Int(bins[Int(position)])]
        let difference = byBin * byBin - byValue * byValue
        gain += difference
        squares += difference * difference
      }
    }
    guard gain > SpecialValues.significance * squares.squareRoot() else { return nil }
  }

  /// The mean labels of values and bins over some rows, those of few rows drawn to the mean of what they are part of.
  private func means(
    _ labels: [Double], rows: [Int], _ positions: [Int32], _ bins: [Int32]
  ) -> (values: [Double], bins: [Double]) {
    var sums = [Double](repeating: 0, count: values.count)
    var counts = sums
    var binSums = [Double](repeating: 0, count: Int(bins.max() ?? 0) + 1)
    var binCounts = binSums
    for row in rows where positions[row] >= 0 {
      let position = Int(positions[row])
      sums[position] += labels[row]
      counts[position] += 1
      binSums[Int(bins[position])] += labels[row]
      binCounts[Int(bins[position])] += 1
    }
    let belief = SpecialValues.smoothing
    let mean = sums.reduce(0, +) / max(1, counts.reduce(0, +))
    let ofBins = zip(binSums, binCounts).map { ($0 + belief * mean) / ($1 + belief) }
    let ofValues = sums.indices.map { (sums[$0] + belief * ofBins[Int(bins[$0])]) / (counts[$0] + belief) }
    return (ofValues, ofBins)
  }
}
