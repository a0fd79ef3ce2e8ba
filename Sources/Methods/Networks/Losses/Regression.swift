import Basics
import Tensors

/// The squared error.
///
/// - Parameters:
///   - predictions: Any shape.
///   - targets: The same shape; numbers of any type.
///   - reduction: The mean over elements unless given.
public func meanSquaredError(_ predictions: Tensor, targets: Tensor, reduction: Reduction = .mean) -> Tensor {
  requireSameShape("meanSquaredError", predictions, targets)
  return square(predictions - targets.cast(to: predictions.type)).reduced(reduction)
}

/// The absolute error.
///
/// - Parameters:
///   - predictions: Any shape.
///   - targets: The same shape; numbers of any type.
///   - reduction: The mean over elements unless given.
public func meanAbsoluteError(_ predictions: Tensor, targets: Tensor, reduction: Reduction = .mean) -> Tensor {
  requireSameShape("meanAbsoluteError", predictions, targets)
  return abs(predictions - targets.cast(to: predictions.type)).reduced(reduction)
}

/// Half the squared error where it is small, growing straight where it is large (Huber 1964): e^2 / 2 for |e| <= delta,
/// delta (|e| - delta / 2) beyond.
///
/// - Parameters:
///   - predictions: Any shape.
///   - targets: The same shape; numbers of any type.
///   - delta: Where the straight part begins; 1 unless given.
///   - reduction: The mean over elements unless given.
public func huberLoss(
  _ predictions: Tensor, targets: Tensor, delta: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  requireSameShape("huberLoss", predictions, targets)
  require(delta > 0, "huberLoss", "delta must be positive, not \(delta)")
  let size = abs(predictions - targets.cast(to: predictions.type))
  let small = minimum(size, delta)
  return (0.5 * square(small) + delta * (size - small)).reduced(reduction)
}

/// The loss whose minimum is a quantile (Koenker and Bassett 1978): q e for e = target - prediction >= 0, (q - 1) e below.
///
/// - Parameters:
///   - predictions: [..., quantiles], one column per quantile.
///   - targets: [...], numbers of any type.
///   - quantiles: Each between 0 and 1.
///   - reduction: The mean over elements and quantiles unless given; `.none` gives [..., quantiles].
public func pinballLoss(
  _ predictions: Tensor, targets: Tensor, quantiles: [Double], reduction: Reduction = .mean
) -> Tensor {
  require(
    predictions.shape == targets.shape + [quantiles.count], "pinballLoss",
    "predictions have shape \(predictions.shape), targets \(targets.shape); \(quantiles.count) quantiles need"
      + " \(targets.shape + [quantiles.count])")
  require(quantiles.allSatisfy { $0 > 0 && $0 < 1 }, "pinballLoss", "quantiles lie between 0 and 1, not \(quantiles)")
  let q = Tensor(quantiles).cast(to: predictions.type)
  let error = targets.cast(to: predictions.type).expanded(axis: targets.rank) - predictions
  return maximum(q * error, (q - 1) * error).reduced(reduction)
}

/// The negative log-likelihood of counts under the Poisson distribution, without the term that the rate does not enter:
/// e^x - y x.
///
/// - Parameters:
///   - logRates: Logarithms of the rates; any shape.
///   - counts: The same shape, 0 or more.
///   - reduction: The mean over elements unless given.
public func poissonLoss(_ logRates: Tensor, counts: Tensor, reduction: Reduction = .mean) -> Tensor {
  requireSameShape("poissonLoss", logRates, counts)
  return (exp(logRates) - counts.cast(to: logRates.type) * logRates).reduced(reduction)
}

/// The negative log-likelihood of targets under normal distributions with their own variances (Nix and Weigend 1994).
///
/// Logarithms of variances are held between -30 and 30, so that the loss stays finite.
///
/// - Parameters:
///   - means: Any shape.
///   - logVariances: The same shape.
///   - targets: The same shape; numbers of any type.
///   - reduction: The mean over elements unless given.
public func gaussianLoss(
  _ means: Tensor, logVariances: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  requireSameShape("gaussianLoss", means, targets)
  requireSameShape("gaussianLoss", logVariances, targets)
  let s = maximum(minimum(logVariances, 30), -30)
  let constant = 1.837_877_066_409_345_3  // log(2 pi)
  return (0.5 * (s + square(targets.cast(to: means.type) - means) * exp(-s) + constant)).reduced(reduction)
}

/// The negative log-likelihood of counts under negative binomial distributions: mean m, variance m + m^2 / r.
///
/// Computed in double precision. Logarithms of r are held between -30 and 20; beyond, the distribution is Poisson's.
///
/// - Parameters:
///   - logMeans: Logarithms of the means m; any shape.
///   - logSizes: Logarithms of the sizes r; the same shape, or one that broadcasts to it.
///   - counts: The same shape, 0 or more.
///   - reduction: The mean over elements unless given.
public func negativeBinomialLoss(
  _ logMeans: Tensor, logSizes: Tensor, counts: Tensor, reduction: Reduction = .mean
) -> Tensor {
  requireSameShape("negativeBinomialLoss", logMeans, counts)
  let (a, y) = (logMeans.cast(to: .float64), counts.cast(to: .float64))
  let b = maximum(minimum(logSizes.cast(to: .float64), 20), -30)
  let r = exp(b)
  let binomial = logGamma(y + 1) + logGamma(r) - logGamma(y + r)
  let losses = binomial + r * softplus(a - b) + y * softplus(b - a)
  return losses.cast(to: logMeans.type).reduced(reduction)
}
