import Basics

/// Group normalisation (Wu and He 2018): each example's channels are divided into groups, and each group over all
/// positions is brought to mean 0 and variance 1; then comes a gain and a bias per channel. With one group per channel it
/// is instance normalisation.
///
/// - Parameters:
///   - x: [n, ..., channels].
///   - groups: A divisor of the channels; neighbouring channels form a group.
///   - gain: [channels]; ones unless given.
///   - bias: [channels]; zeros unless given.
///   - epsilon: Added to the variance; 1e-5 unless given.
/// - Returns: The shape of x.
public func groupNorm(
  _ x: Tensor, groups: Int, gain: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) -> Tensor {
  require(
    x.rank >= 2 && groups >= 1 && x.shape[x.rank - 1] % groups == 0, "groupNorm",
    "\(groups) groups do not divide the channels of shape \(x.shape)")
  checkRowParameters(x, [gain, bias].compactMap { $0 }, "groupNorm")
  let positions = x.shape[1..<x.rank - 1].reduce(1, *)
  let width = x.shape[x.rank - 1] / groups
  // Each group becomes a row, which costs nothing where there is one group or one position.
  let blocks = x.reshaped(to: [x.shape[0], positions, groups, width]).transposed(axes: [0, 2, 1, 3])
  let rows = blocks.reshaped(to: [x.shape[0] * groups, positions * width])
  var result = apply(one: LayerNorm(epsilon: epsilon), rows).reshaped(to: [x.shape[0], groups, positions, width])
    .transposed(axes: [0, 2, 1, 3]).reshaped(to: x.shape)
  if let gain { result = result * gain }
  if let bias { result = result + bias }
  return result
}
