import Basics
import Tensors

/// The negative log-probability of label sequences over all their alignments with longer inputs: connectionist temporal
/// classification (Graves and others 2006).
///
/// - Parameters:
///   - logits: [batch, time, classes], classes including the blank.
///   - labels: [batch, longest label], whole numbers, without blanks; what lies beyond a label's length is not read.
///     `checkIndices` checks those that come from outside.
///   - inputLengths: [batch]: how many steps of each input count.
///   - labelLengths: [batch].
///   - blank: The class that stands for no label; 0 unless given.
///   - reduction: The mean over sequences unless given; `.none` gives [batch].
public func temporalClassificationLoss(
  _ logits: Tensor, labels: Tensor, inputLengths: Tensor, labelLengths: Tensor, blank: Int = 0,
  reduction: Reduction = .mean
) -> Tensor {
  ctcLoss(
    logSoftmax(logits), labels: labels, inputLengths: inputLengths, labelLengths: labelLengths, blank: blank
  ).reduced(reduction)
}
