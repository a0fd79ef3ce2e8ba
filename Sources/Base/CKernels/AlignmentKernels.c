#include "CKernels.h"

#include <math.h>
#include <string.h>

#include "Exponential.h"
#include "Processor.h"

// log(x) for x in 1 ... 3, to about 1e-14: with x = sqrt(3) (1 + z) / (1 - z) it is log(sqrt(3)) + 2 atanh(z), and z is
// at most 0.268.
static inline __attribute__((always_inline)) double small_logarithm(double x) {
  const double root = 0x1.bb67ae8584caap0, log_root = 0x1.193ea7aad030bp-1;
  double z = (x - root) / (x + root), square = z * z;
  double p = 1.0 / 23;
  p = p * square + 1.0 / 21;
  p = p * square + 1.0 / 19;
  p = p * square + 1.0 / 17;
  p = p * square + 1.0 / 15;
  p = p * square + 1.0 / 13;
  p = p * square + 1.0 / 11;
  p = p * square + 1.0 / 9;
  p = p * square + 1.0 / 7;
  p = p * square + 1.0 / 5;
  p = p * square + 1.0 / 3;
  p = p * square + 1.0;
  return log_root + 2 * z * p;
}

// log(exp(x) + exp(y) + exp(z)), of which any may be -infinity.
static inline __attribute__((always_inline)) double log_of_sum(double x, double y, double z) {
  double largest = x > y ? x : y;
  largest = z > largest ? z : largest;
  double shift = largest == -INFINITY ? 0 : largest;
  double sum = exponential(x - shift) + exponential(y - shift) + exponential(z - shift);
  double result = shift + small_logarithm(sum);
  return largest == -INFINITY ? -INFINITY : result;
}

// One frame forward: `from` and `to` hold a number per state, with two more in front; skip is 0 where a state may be
// reached from the one before the last, else -infinity.
ASSAY_CLONES static void step_forward(
  long states, const double *restrict from, const double *restrict skip, const double *restrict emission,
  double *restrict to) {
  for (long s = 0; s < states; s++) to[s] = log_of_sum(from[s], from[s - 1], from[s - 2] + skip[s]) + emission[s];
}

// One frame backward: `from` already holds the emission of its frame, and two more numbers behind.
ASSAY_CLONES static void step_backward(
  long states, const double *restrict from, const double *restrict skip, double *restrict to) {
  for (long s = 0; s < states; s++) to[s] = log_of_sum(from[s], from[s + 1], from[s + 2] + skip[s + 2]);
}

// The shares of the alignments that pass through each state.
ASSAY_CLONES static void state_shares(
  long states, const double *restrict forward, const double *restrict backward, double total, double *restrict share) {
  for (long s = 0; s < states; s++) share[s] = exponential(forward[s] + backward[s] - total);
}

static inline void emit(long states, const float *scores, const int64_t *label, long blank, double *emission) {
  double silence = scores[blank];
  for (long s = 0; s + 1 < states; s += 2) {
    emission[s] = silence;
    emission[s + 1] = scores[label[s / 2]];
  }
  emission[states - 1] = silence;
}

// A number per state, two in front, two behind, in whole cache lines.
static inline long state_row(long labels) { return (2 * labels + 1 + 4 + 7) / 8 * 8; }

long assay_alignment_scratch(long frames, long labels) { return (frames + 5) * state_row(labels); }

double assay_alignment_loss(
  long frames, long classes, const float *scores, const int64_t *label, long labels, long blank, float *gradient,
  double *scratch) {
  if (gradient) memset(gradient, 0, (size_t)(frames * classes) * sizeof(float));
  if (frames == 0) return labels == 0 ? 0 : INFINITY;
  const long states = 2 * labels + 1, row = state_row(labels);
  double *skip = scratch + 2, *emission = skip + row, *share = emission + row, *later = share + row, *here = later + row;
  double *forward = here + row;
  for (long i = 0; i < (5 + frames) * row; i++) scratch[i] = -INFINITY;
  for (long s = 3; s < states; s += 2) skip[s] = label[s / 2] == label[s / 2 - 1] ? -INFINITY : 0;

  emit(states, scores, label, blank, emission);
  for (long s = 0; s < states && s < 2; s++) forward[s] = emission[s];
  for (long t = 1; t < frames; t++) {
    emit(states, scores + t * classes, label, blank, emission);
    // Without a gradient two rows do.
    double *from = forward + (gradient ? t - 1 : (t - 1) % 2) * row, *to = forward + (gradient ? t : t % 2) * row;
    step_forward(states, from, skip, emission, to);
  }
  const double *last = forward + (gradient ? frames - 1 : (frames - 1) % 2) * row;
  double total = states > 1 ? log_of_sum(last[states - 1], last[states - 2], -INFINITY) : last[0];
  if (!gradient || total == -INFINITY) return -total;

  here[states - 1] = 0;
  if (states > 1) here[states - 2] = 0;
  for (long t = frames - 1; t >= 0; t--) {
    if (t < frames - 1) {
      emit(states, scores + (t + 1) * classes, label, blank, emission);
      for (long s = 0; s < states; s++) later[s] = here[s] + emission[s];
      step_backward(states, later, skip, here);
    }
    state_shares(states, forward + t * row, here, total, share);
    float *to = gradient + t * classes;
    double silence = share[states - 1];
    for (long s = 0; s + 1 < states; s += 2) {
      silence += share[s];
      to[label[s / 2]] -= (float)share[s + 1];
    }
    to[blank] -= (float)silence;
  }
  return -total;
}
