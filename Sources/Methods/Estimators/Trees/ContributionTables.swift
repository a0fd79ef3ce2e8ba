import Foundation
import Kernels

/// What the Shapley values of one tree need beyond the tree, found once for all rows.
///
/// The path-dependent game of Lundberg, Erion and Lee ("Consistent individualized feature attribution for tree
/// ensembles", 2018) splits into one game per leaf: feature i of the leaf's path multiplies the leaf's value by o_i (1 if
/// the row passes all its tests on the path, else 0) where i is known, and by z_i (the share of training rows that pass)
/// where it is not. The Shapley weight k! (m - 1 - k)! / m! is the integral of t^k (1 - t)^(m - 1 - k) over [0, 1], so
///
///     phi_j = v (o_j - z_j) * integral of the product over i != j of (z_i (1 - t) + o_i t).
///
/// The integrand is a polynomial of degree m - 1, which Gauss-Legendre quadrature with m / 2 points integrates exactly.
/// At each point the product is carried down the tree and sums over leaves are carried up, so a row costs a fixed number
/// of operations per node and point instead of the squared depth per leaf, and all factors are positive: nothing
/// cancels. (Linear TreeSHAP, Yu et al., 2022, reaches the same order by polynomial interpolation.)
struct ContributionTables {
  let ratios: AlignedBuffer<Double>
  let weights: AlignedBuffer<Double>
  let previous: [Int32]
  /// The points, filled up with points of weight 0 to a multiple of 8.
  let points: Int
  /// The mean of each output over the training rows.
  let expected: [Double]

  init(_ tree: Tree) {
    let nodeCount = tree.nodeCount
    let slots = 2 * nodeCount + 1
    func slot(_ child: Int32) -> Int { child >= 0 ? Int(child) : nodeCount - 1 - Int(child) }
    func rows(_ slot: Int) -> Double { slot < nodeCount ? tree.nodeRows[slot] : tree.leafRows[slot - nodeCount] }

    var parent = [Int](repeating: -1, count: slots)
    var previous = [Int32](repeating: -1, count: slots)
    var share = [Double](repeating: 1, count: slots)
    var reach = [Double](repeating: 1, count: slots)
    var distinct = [Int](repeating: 0, count: slots)
    for node in 0..<nodeCount {
      for child in [slot(tree.left[node]), slot(tree.right[node])] {
        parent[child] = node
        var above = node
        while above > 0, tree.features[parent[above]] != tree.features[node] { above = parent[above] }
        let here = rows(child) / rows(node)
        reach[child] = reach[node] * here
        distinct[child] = distinct[node] + (above > 0 ? 0 : 1)
        previous[child] = above > 0 ? Int32(above) : -1
        share[child] = here * (above > 0 ? share[above] : 1)
      }
    }
    let needed = max(1, ((distinct.max() ?? 0) + 1) / 2)
    points = (needed + 7) / 8 * 8
    let rule = GaussLegendre(count: needed)
    let nodes = rule.nodes + [Double](repeating: 0.5, count: points - needed)
    let nodeWeights = rule.weights + [Double](repeating: 0, count: points - needed)
    ratios = AlignedBuffer(count: 3 * slots * points, filledWith: 0)
    weights = AlignedBuffer(count: 3 * slots * points, filledWith: 0)
    for child in 1..<max(slots, 1) {
      let before = previous[child] >= 0 ? share[Int(previous[child])] : 1
      for (variant, (oneBefore, one)) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)].enumerated() {
        for point in 0..<points {
          let t = nodes[point]
          let factor = share[child] * (1 - t) + one * t
          let factorBefore = before * (1 - t) + oneBefore * t
          let at = (3 * child + variant) * points + point
          ratios[at] = factor / factorBefore
          weights[at] = nodeWeights[point] * ((one - share[child]) / factor - (oneBefore - before) / factorBefore)
        }
      }
    }
    self.previous = previous
    expected = (0..<tree.width).map { output in
      (0..<tree.leafCount).reduce(0) { $0 + reach[nodeCount + $1] * tree.values[$1 * tree.width + output] }
    }
  }
}

/// Gauss-Legendre quadrature on [0, 1], exact for polynomials of degree below 2 * count.
struct GaussLegendre {
  let nodes: [Double]
  let weights: [Double]

  init(count: Int) {
    var nodes: [Double] = []
    var weights: [Double] = []
    for index in 0..<count {
      // Newton's method on the Legendre polynomial from Tricomi's estimate of its root.
      var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<100 {
        var (below, value) = (1.0, x)
        for degree in stride(from: 2, through: count, by: 1) {
          (below, value) = (
            value, ((2 * Double(degree) - 1) * x * value - (Double(degree) - 1) * below) / Double(degree)
          )
        }
        slope = Double(count) * (x * value - below) / (x * x - 1)
        let step = value / slope
        x -= step
        if abs(step) < 1e-15 { break }
      }
      nodes.append((1 - x) / 2)
      weights.append(1 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
  }
}
