extension AveragedGlobal {
  /// A mixture that needs no choices: the weighted mean of a linear map that is bent towards each series, boosted trees and
  /// N-HiTS of two look-backs, which count twice as much as the map.
  ///
  /// Windows are scaled by their mean and their seasonal change (their deviation without a season that the horizon
  /// spans); logarithms are taken where all numbers are positive. The look-backs are one, two and three of the longest
  /// season that the middle series holds four times, a little more for the first; without seasons two, four and six
  /// horizons.
  ///
  /// - Parameters:
  ///   - panel: The series that are to be learned from.
  ///   - request: What is asked for.
  ///   - hasNetworks: Whether boosting and networks, which take most of the time, are members; true unless set. Otherwise
  ///     linear maps of all three look-backs are averaged.
  public static func standard(
    for panel: [Series], request: ForecastRequest, hasNetworks: Bool = true
  ) -> AveragedGlobal {
    let counts = panel.map(\.count).sorted()
    let middle = counts.isEmpty ? 0 : counts[counts.count / 2]
    let isPositive = panel.allSatisfy { series in series.values.allSatisfy { $0.isNaN || $0 > 0 } }
    let spanned = request.seasons.contains { $0 > 1 && $0 <= request.horizon }
    let scaling = WindowScaling(
      centre: .mean, unit: spanned ? .seasonalChange : .deviation, usesLogarithm: isPositive)
    let season = request.seasons.last { $0 > 1 && 4 * $0 <= middle }
    let wanted =
      season.map { [$0 + max(request.horizon / 2, 2), 2 * $0, 3 * $0] }
      ?? [2 * request.horizon, 4 * request.horizon, 6 * request.horizon]
    // The middle series needs windows of its own.
    let most = max(4, (middle - request.horizon) * 3 / 4)
    let lookBacks = wanted.map { max(4, min($0, most)) }
    var members = [GlobalMethod.linear(LinearNet(lookBack: lookBacks[0], scaling: scaling))]
    if hasNetworks {
      members.append(.boosting(GlobalBoosting(lookBack: lookBacks[1], scaling: scaling, linearPenalty: 0.01)))
      members.append(
        .network(
          WindowNet(
            .nHiTS(), lookBacks: Array(lookBacks[1...]), members: 4, scaling: scaling, steps: 400,
            linearPenalty: 0.01)))
    } else {
      members += lookBacks[1...].map { .linear(LinearNet(lookBack: $0, scaling: scaling)) }
    }
    let weights = members.indices.map { hasNetworks && $0 > 0 ? 2.0 : 1 }
    return AveragedGlobal(members, weights: weights, name: "standard mixture")
  }
}
