import Tensors

/// The logarithm of the gamma function of positive numbers, about 13 digits in double precision.
///
/// By Stirling's series at x + 8, from which the product x (x + 1) ... (x + 7) leads back.
func logGamma(_ x: Tensor) -> Tensor {
  let z = x + 8
  let inverse = reciprocal(z)
  let square = inverse * inverse
  // B(2k) / (2k (2k - 1)) for k = 1 ... 5.
  var series = 1.0 / 1188 * square - 1.0 / 1680
  for coefficient in [1.0 / 1260, -1.0 / 360, 1.0 / 12] { series = series * square + coefficient }
  let stirling = (z - 0.5) * log(z) - z + 0.918_938_533_204_672_8 + series * inverse
  // Pairs keep the products from overflowing: (x + i)(x + 7 - i) = t + i (7 - i) with t = x (x + 7).
  let t = x * (x + 7)
  let logs = log(t) + log(t + 6) + log(t + 10) + log(t + 12)
  return stirling - logs
}
