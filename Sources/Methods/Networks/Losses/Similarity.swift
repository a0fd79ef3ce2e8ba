import Basics
import Tensors

/// 1 minus the cosine of the angle between vectors.
///
/// - Parameters:
///   - a: [..., width].
///   - b: The same shape.
///   - reduction: The mean over vectors unless given; `.none` gives [...]. A vector of zeros is at right angles to all.
public func cosineLoss(_ a: Tensor, _ b: Tensor, reduction: Reduction = .mean) -> Tensor {
  requireSameShape("cosineLoss", a, b)
  return (1 - (a.normalized() * b.normalized()).sum(axes: [-1])).reduced(reduction)
}

/// How much farther than the positive the negative should be, and is not: max(|a - p| - |a - n| + margin, 0) (after Schroff,
/// Kalenichenko and Philbin 2015).
///
/// - Parameters:
///   - anchors: [..., width].
///   - positives: The same shape: what should be near.
///   - negatives: The same shape: what should be far.
///   - margin: 1 unless given.
///   - reduction: The mean over triplets unless given; `.none` gives [...].
public func tripletLoss(
  _ anchors: Tensor, positives: Tensor, negatives: Tensor, margin: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  requireSameShape("tripletLoss", anchors, positives)
  requireSameShape("tripletLoss", anchors, negatives)
  func distance(_ x: Tensor) -> Tensor { sqrt(maximum(square(anchors - x).sum(axes: [-1]), 1e-12)) }
  return relu(distance(positives) - distance(negatives) + margin).reduced(reduction)
}

/// The cross-entropy of finding each query's own key among all keys by cosine over temperature (van den Oord, Li and
/// Vinyals 2018).
///
/// - Parameters:
///   - queries: [pairs, width].
///   - keys: [pairs or more, width]; the key of query i is at i, the others are its negatives.
///   - temperature: Above 0; 0.07 unless given.
///   - isSymmetric: Whether queries are also found among keys, and the mean of both taken (Radford and others 2021);
///     needs as many keys as queries; false unless set.
///   - reduction: The mean over pairs unless given; `.none` gives [pairs].
public func infoNCE(
  _ queries: Tensor, keys: Tensor, temperature: Double = 0.07, isSymmetric: Bool = false, reduction: Reduction = .mean
) -> Tensor {
  require(
    queries.rank == 2 && keys.rank == 2 && queries.shape[1] == keys.shape[1] && keys.shape[0] >= queries.shape[0],
    "infoNCE", "queries of shape \(queries.shape) and keys of shape \(keys.shape) do not fit")
  require(temperature > 0, "infoNCE", "the temperature must be positive, not \(temperature)")
  let cosines = matmul(queries.normalized(), keys.normalized(), transposingRight: true) * (1 / temperature)
  let labels = Tensor.range(queries.shape[0])
  let found = crossEntropy(cosines, labels: labels, reduction: .none)
  guard isSymmetric else { return found.reduced(reduction) }
  require(queries.shape == keys.shape, "infoNCE", "a symmetric loss needs as many keys as queries")
  let back = crossEntropy(cosines.transposed(), labels: labels, reduction: .none)
  return (0.5 * (found + back)).reduced(reduction)
}

/// The negative log-probability that the item that was chosen ranks above one that was not: log(1 + e^(n - p)) (Rendle and
/// others 2009).
///
/// - Parameters:
///   - positives: Scores of chosen items; any shape.
///   - negatives: Scores of others; the same shape.
///   - reduction: The mean over pairs unless given.
public func bprLoss(_ positives: Tensor, negatives: Tensor, reduction: Reduction = .mean) -> Tensor {
  requireSameShape("bprLoss", positives, negatives)
  return softplus(negatives - positives).reduced(reduction)
}

extension Tensor {
  /// Vectors along the last axis made one long; those of length 0 stay.
  func normalized() -> Tensor {
    self / sqrt(maximum(square(self).sum(axes: [-1], keepsAxes: true), 1e-16))
  }
}
