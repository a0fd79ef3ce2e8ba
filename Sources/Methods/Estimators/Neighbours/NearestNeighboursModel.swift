import Evaluation

/// Training rows with their labels.
public struct NearestNeighboursModel: Model {
  /// The name in bundles.
  public static let kind = "nearest-neighbours"

  /// What the model predicts.
  public let task: LearningTask
  /// The number of neighbours that vote.
  public internal(set) var neighbours: Int
  let index: NeighbourIndex
  private let labels: [Double]
  private let weights: [Double]
  private let weighting: NearestNeighbours.Weighting
  private let smoothing: Double
  /// The class shares, or the mean.
  private let average: [Double]

  init(
    task: LearningTask, index: NeighbourIndex, labels: [Double], weights: [Double], neighbours: Int,
    weighting: NearestNeighbours.Weighting, smoothing: Double
  ) {
    self.task = task
    self.index = index
    self.labels = labels
    self.weights = weights
    self.neighbours = neighbours
    self.weighting = weighting
    self.smoothing = smoothing
    let total = weights.reduce(0, +)
    var average = [Double](repeating: 0, count: task.width)
    for (label, weight) in zip(labels, weights) {
      if task == .regression { average[0] += label * (weight / total) } else { average[Int(label)] += weight }
    }
    self.average = task == .regression ? average : average.map { $0 / total }
  }

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let lists = index.nearest(features, count: neighbours, threads: threads)
    return Predictions(lists.flatMap { vote($0[...]) }, width: task.width)
  }

  /// The prediction from a list of neighbours, nearest first.
  func vote(_ list: ArraySlice<NeighbourIndex.Neighbour>) -> [Double] {
    guard let farthest = list.last?.squaredDistance.squareRoot() else { return average }
    // Relative to the farthest neighbour; a hundredth of its distance keeps an exact match from deciding alone.
    var votes = list.map { neighbour -> Double in
      guard weighting == .distance, farthest > 0 else { return 1 }
      return 1 / (neighbour.squaredDistance.squareRoot() / farthest + 0.01)
    }
    let mean = votes.reduce(0, +) / Double(votes.count)
    for (position, neighbour) in list.enumerated() { votes[position] *= weights[neighbour.row] / mean }
    if task == .regression {
      let total = votes.reduce(0, +)
      guard total > 0 else { return average }
      return [zip(votes, list).reduce(0) { $0 + $1.0 / total * labels[$1.1.row] }]
    }
    var shares = average.map { $0 * smoothing }
    for (vote, neighbour) in zip(votes, list) { shares[Int(labels[neighbour.row])] += vote }
    let total = shares.reduce(0, +)
    return total > 0 ? shares.map { $0 / total } : average
  }
}
