import Basics
import Tensors

/// The negative log-likelihood of class labels under the softmax of logits.
///
/// With class weights the mean divides by the sum of the weights of the labels; ignored labels count neither above nor
/// below. Finite for any finite logits.
///
/// - Parameters:
///   - logits: [..., classes].
///   - labels: [...], whole numbers in 0 ..< classes; `checkLabels` checks those that come from outside.
///   - smoothing: The share of each label that is spread evenly over all classes (Szegedy and others 2016); 0 unless
///     given.
///   - classWeights: What the loss of each class is multiplied by; 1 unless given.
///   - ignored: A label whose examples have no loss, such as padding; none unless given.
///   - reduction: The mean unless given; `.none` gives the shape of the labels.
public func crossEntropy(
  _ logits: Tensor, labels: Tensor, smoothing: Double = 0, classWeights: [Double]? = nil,
  ignoring ignored: Int? = nil, reduction: Reduction = .mean
) -> Tensor {
  require(
    logits.rank >= 1 && labels.shape == Array(logits.shape.dropLast()), "crossEntropy",
    "logits have shape \(logits.shape), labels \(labels.shape); they fit as [..., classes] and [...]")
  require(labels.type.isInteger, "crossEntropy", "labels are whole numbers, not \(labels.type)")
  require(smoothing >= 0 && smoothing <= 1, "crossEntropy", "the smoothing must be between 0 and 1, not \(smoothing)")
  let classes = logits.shape[logits.rank - 1]
  require(
    classWeights.map { $0.count == classes } ?? true, "crossEntropy",
    "\(classWeights?.count ?? 0) class weights for \(classes) classes")
  let weights = classWeights.map { Tensor($0).cast(to: logits.type) }
  let labels = labels.type == .uint8 ? labels.cast(to: .int64) : labels
  let losses = softmaxCrossEntropy(
    logits, labels: labels, smoothing: smoothing, classWeights: weights, ignoring: ignored)
  guard reduction == .mean, weights != nil || ignored != nil else { return losses.reduced(reduction) }
  var counted = Tensor.ones(labels.shape, type: logits.type)
  var safe = labels
  if let ignored {
    let isCounted = labels .!= Double(ignored)
    counted = isCounted.cast(to: logits.type)
    safe = select(isCounted, labels, Tensor(repeating: 0, shape: [], type: labels.type))
  }
  if let weights { counted = counted * weights.gathered(at: safe) }
  let total = counted.sum()
  return losses.sum() / select(total .> 0, total, Tensor.ones([], type: total.type))
}

/// The cross-entropy of the softmax of logits with given probabilities, as for mixed examples or a teacher's predictions.
///
/// - Parameters:
///   - logits: [..., classes].
///   - probabilities: The same shape; each row sums to 1.
///   - reduction: The mean over rows unless given; `.none` gives [...].
public func crossEntropy(_ logits: Tensor, probabilities: Tensor, reduction: Reduction = .mean) -> Tensor {
  requireSameShape("crossEntropy", logits, probabilities)
  return (-(probabilities.cast(to: logits.type) * logSoftmax(logits)).sum(axes: [-1])).reduced(reduction)
}

/// The negative log-likelihood of yes and no under the logistic function of logits.
///
/// Finite for any finite logits.
///
/// - Parameters:
///   - logits: Any shape.
///   - targets: The same shape: 0 and 1 as numbers or truth values, or probabilities.
///   - positiveWeight: What the loss of 1 is multiplied by, a scalar or one per last axis; 1 unless given.
///   - reduction: The mean over elements unless given.
public func binaryCrossEntropy(
  _ logits: Tensor, targets: Tensor, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
  requireSameShape("binaryCrossEntropy", logits, targets)
  let y = targets.cast(to: logits.type)
  guard let positiveWeight else { return (softplus(logits) - logits * y).reduced(reduction) }
  let weight = positiveWeight.cast(to: logits.type)
  return ((1 - y) * logits + (1 + (weight - 1) * y) * softplus(-logits)).reduced(reduction)
}
