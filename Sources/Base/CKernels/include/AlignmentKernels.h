#ifndef ASSAY_ALIGNMENT_KERNELS_H
#define ASSAY_ALIGNMENT_KERNELS_H

#include <stdint.h>

/// The numbers of scratch that `assay_alignment_loss` needs, in doubles.
long assay_alignment_scratch(long frames, long labels);

/// Connectionist temporal classification (Graves, Fernandez, Gomez and Schmidhuber 2006) of one sequence: minus the
/// logarithm of the probability that the frames say the labels, summed over all alignments, in which labels repeat and
/// blanks stand between them. Computed with logarithms in double precision.
///
/// `scores` holds the logarithms of probabilities, [frames, classes]. `gradient`, null or [frames, classes], gets the
/// derivatives with respect to them: minus the expected number of alignments that pass through a class in a frame. Where
/// there is no alignment, the loss is infinite and the gradient 0.
double assay_alignment_loss(
  long frames, long classes, const float *scores, const int64_t *label, long labels, long blank, float *gradient,
  double *scratch);

#endif
