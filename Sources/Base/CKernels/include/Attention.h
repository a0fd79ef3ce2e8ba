#ifndef ASSAY_ATTENTION_H
#define ASSAY_ATTENTION_H

/// Scaled dot-product attention of one head, without the matrix of weights ever in memory: the softmax is kept up while
/// the keys pass by, and the backward pass computes the weights again from the saved log-sum-exp (Dao, Fu, Ermon, Rudra
/// and Ré 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness"). Memory is linear in the
/// numbers of queries and keys.
///
///     score[i, j] = scale * q[i] . k[j] + mask[i, j]      over the keys j that query i may see
///     lse[i] = log(sum over j of exp(score[i, j]))
///     out[i] = sum over j of exp(score[i, j] - lse[i]) v[j]
///
/// A query that may see no key gives out = 0, lse = -infinity and gradients 0. A mask of -infinity (or below about
/// -2e38) hides a key.
typedef struct {
  /// Numbers of queries and keys, and of components of a head.
  long queries, keys, dim;
  /// Query heads that share this head of keys and values, for the backward pass; 1 otherwise.
  long group;
  /// The factor of the scores, usually 1 / sqrt(dim).
  float scale;
  /// Not 0: query i sees the keys j <= i + keys - queries only.
  int causal;
  /// Numbers from token to token, so that a head is a slice of a larger buffer.
  long q_row, k_row, v_row, out_row;
  /// Numbers from token to token of the gradients; the backward pass alone reads them.
  long dq_row, dk_row, dv_row, dout_row;
  /// Numbers from query head to query head of q, out, dq and dout, where `group` is above 1.
  long q_head, out_head, dq_head, dout_head;
  /// Numbers from query to query and from query head to query head of the mask; 0 repeats one row or one head.
  long mask_row, mask_head;
} assay_attention;

/// Numbers of scratch that `assay_attention_forward` needs.
long assay_attention_forward_scratch(const assay_attention *shape);

/// One query head: q [queries, dim], k and v [keys, dim], out [queries, dim], lse [queries] or null.
///
/// Keys from `key_count` on are padding that no query sees. `mask`, null for none, is added to the scores: [queries,
/// keys] with contiguous rows, at the first query. Scratch is best aligned to 64 bytes.
void assay_attention_forward(
  const assay_attention *shape, const float *q, const float *k, const float *v, long key_count, const float *mask,
  float *out, float *lse, float *scratch);

/// Numbers of scratch that `assay_attention_backward` needs.
long assay_attention_backward_scratch(const assay_attention *shape);

/// One head of keys with its `group` query heads: from `dout` and what the forward pass wrote (`out`, and `lse` with
/// `queries` numbers per query head) to dq [group, queries, dim], dk and dv [keys, dim], which are written, not added
/// to. All sums run in a fixed order.
void assay_attention_backward(
  const assay_attention *shape, const float *q, const float *k, const float *v, long key_count, const float *mask,
  const float *out, const float *lse, const float *dout, float *dq, float *dk, float *dv, float *scratch);

#endif
