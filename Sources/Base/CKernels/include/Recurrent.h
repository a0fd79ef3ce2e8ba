#ifndef ASSAY_RECURRENT_H
#define ASSAY_RECURRENT_H

// Recurrent layers over whole sequences. The products of the inputs with their weights, for all steps at once, belong
// to the caller; so do, after the backward pass, the gradients of the inputs, the weights and the biases, which are
// large products too. The functions here do what has to go step by step, for a range of `rows` sequences: every pointer
// stands at the first of them. Rows do not affect each other's bits, so the rows may be split in any way; 16 to 64 rows
// at a time keep a step's numbers in the second-level cache.
//
// Where `lengths` is given, a sequence ends after lengths[row] steps: in later steps its state stays as it is, y is 0,
// and all gradients are 0. States and their gradients outside the steps (h0, c0, h_final, ...) are [rows, hidden],
// contiguous; those that are read may be null, which is 0, and those that are written may be null, which is nowhere.
// Scratch is best aligned to 64 bytes.

/// The sizes of a recurrence and how its buffers lie in memory: number (row, step, unit) of a buffer is at
/// buffer[row * its row stride + step * its step stride + unit].
typedef struct {
  long steps, hidden;
  /// Whether time runs backward, from the last step to the first.
  int reverse;
  /// Of the gates and their gradients.
  long gates_row, gates_step;
  /// Of the outputs and their gradients, and of the cells of a long short-term memory.
  long y_row, y_step, dy_row, dy_step, cells_row, cells_step;
} assay_recurrence;

/// The numbers in packed recurrent weights, [hidden, gates * hidden]; `gates` is 4 for LSTM, 3 for GRU, 1 for plain.
long assay_recurrent_packed_size(long gates, long hidden);

/// Packs recurrent weights for the forward pass, element (k, j) at w[k * w_row + j * w_column], j = gate * hidden + unit.
void assay_recurrent_pack(long gates, long hidden, const float *w, long w_row, long w_column, float *packed);

/// Packs the same weights for the backward pass.
void assay_recurrent_pack_backward(long gates, long hidden, const float *w, long w_row, long w_column, float *packed);

/// The numbers of scratch that the forward and backward passes over `rows` rows need.
long assay_recurrent_scratch(long gates, long hidden, long rows);

/// The state that each step starts from: previous[row, step, :] = y of the step before, or h0; with strides of the
/// outputs `previous_row` and `previous_step`. Its transpose times the gradients of the gates is the gradient of the
/// recurrent weights. In steps behind a sequence's end it is 0.
void assay_recurrent_previous(
  const assay_recurrence *shape, long rows, const float *y, const float *h0, const long *lengths, float *previous,
  long previous_row, long previous_step);

/// Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers, Schmidhuber and Cummins 2000):
///
///     i, f, g, o = sigmoid, sigmoid, tanh, sigmoid of gates + h W        (gates: input times weights, plus biases)
///     c = f c + i g,  y = h = o tanh(c)
///
/// `gates` [rows, steps, 4 hidden], in the order i, f, g, o, holds the activated gates afterwards; `cells` [rows, steps,
/// hidden] the cells, both for the backward pass.
void assay_lstm_forward(
  const assay_recurrence *shape, long rows, const float *packed, float *gates, const float *h0, const float *c0,
  const long *lengths, float *y, float *cells, float *h_final, float *c_final, float *scratch);

/// From dy, the gradients of the final states, and what the forward pass wrote: the gradients of the gates before their
/// activation, `dgates` (which may be `gates`), and of the initial states.
void assay_lstm_backward(
  const assay_recurrence *shape, long rows, const float *packed, const float *gates, const float *cells,
  const float *c0, const long *lengths, const float *dy, const float *dh_final, const float *dc_final, float *dgates,
  float *dh0, float *dc0, float *scratch);

/// Gated recurrent unit (Cho et al. 2014), with the reset gate behind the product:
///
///     r, z = sigmoid of gates + h W + b,  q = h W + b,  n = tanh(gates + r q),  y = h = (1 - z) n + z h
///
/// `gates` [rows, steps, 4 hidden] holds the input's part of r, z and n in its first 3 hidden numbers; afterwards r, z, n
/// and q. `bias` is b, [3 hidden] for r, z and q, or null.
void assay_gru_forward(
  const assay_recurrence *shape, long rows, const float *packed, const float *bias, float *gates, const float *h0,
  const long *lengths, float *y, float *h_final, float *scratch);

/// `dgates` [rows, steps, 4 hidden], which may be `gates`, gets the gradients of r, z and n before their activation and
/// of q. The first three belong to the input's product; r, z and q to the product of the state and to `bias`.
void assay_gru_backward(
  const assay_recurrence *shape, long rows, const float *packed, const float *gates, const float *y, const float *h0,
  const long *lengths, const float *dy, const float *dh_final, float *dgates, float *dh0, float *scratch);

/// Plain recurrent network (Elman 1990): y = h = tanh(gates + h W), or max(gates + h W, 0) with `relu`; `gates` [rows,
/// steps, hidden] is only read.
void assay_plain_recurrent_forward(
  const assay_recurrence *shape, long rows, int relu, const float *packed, const float *gates, const float *h0,
  const long *lengths, float *y, float *h_final, float *scratch);

/// `dgates` [rows, steps, hidden] gets the gradients of the sums before the activation.
void assay_plain_recurrent_backward(
  const assay_recurrence *shape, long rows, int relu, const float *packed, const float *y, const long *lengths,
  const float *dy, const float *dh_final, float *dgates, float *dh0, float *scratch);

#endif
