extension Tree {
  /// Moves leaf values so that tests on monotone features hold: below such a test, all values of one side are kept on
  /// one side of the middle between the two sides' means, all of the other on the other.
  ///
  /// - Parameter signs: -1, 0 or 1 per feature.
  mutating func enforceMonotone(_ signs: [Int32]) {
    guard nodeCount > 0, signs.contains(where: { $0 != 0 }) else { return }
    var means = [Double](repeating: 0, count: nodeCount)
    func mean(_ child: Int32) -> Double { child >= 0 ? means[Int(child)] : values[Int(-1 - child)] }
    func rows(_ child: Int32) -> Double { child >= 0 ? nodeRows[Int(child)] : leafRows[Int(-1 - child)] }
    for node in (0..<nodeCount).reversed() {
      let (l, r) = (left[node], right[node])
      means[node] = (mean(l) * rows(l) + mean(r) * rows(r)) / (rows(l) + rows(r))
    }
    var bounds = [(lower: Double, upper: Double)](repeating: (-.infinity, .infinity), count: nodeCount)
    for node in 0..<nodeCount {
      var (forLeft, forRight) = (bounds[node], bounds[node])
      let sign = signs[Int(features[node])]
      if sign != 0 {
        let middle = min(max((mean(left[node]) + mean(right[node])) / 2, bounds[node].lower), bounds[node].upper)
        if sign > 0 { (forLeft.upper, forRight.lower) = (middle, middle) }
        if sign < 0 { (forLeft.lower, forRight.upper) = (middle, middle) }
      }
      for (child, bound) in [(left[node], forLeft), (right[node], forRight)] {
        if child >= 0 {
          bounds[Int(child)] = bound
        } else {
          values[Int(-1 - child)] = min(max(values[Int(-1 - child)], bound.lower), bound.upper)
        }
      }
    }
  }
}
