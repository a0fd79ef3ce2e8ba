import Basics
import CKernels
import Kernels

/// Scaled dot-product attention of several heads, with memory linear in the numbers of queries and keys.
package struct Attention: Operation {
  package let heads: Int
  package let keyValueHeads: Int
  package let isCausal: Bool
  /// The factor of the scores.
  package let scale: Double
  package let hasLengths: Bool
  package let hasMask: Bool
  package var name: String { "attention" }
  package var gradientReads: GradientReads { [.inputs, .outputs] }

  /// Inputs: queries [b, t, heads * d], keys and values [b, s, keyValueHeads * d], perhaps lengths [b], perhaps a mask
  /// of four axes that broadcasts to [b, heads, t, s], and whose last axis is s. Output: [b, t, heads * d].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let sizes = AttentionSizes(self, inputs)
    require(inputs[0].type == .float32, name, "there is no \(name) of \(inputs[0].type) (shape \(inputs[0].shape))")
    let result = Tensor(uninitialized: inputs[0].shape, .float32, for: name)
    // The logarithms of the sums of each query's powers: with them the backward pass finds the weights again.
    let levels = run.isRecorded ? Tensor(uninitialized: [sizes.batch, heads, sizes.queries], .float32, for: name) : nil
    if result.count > 0 { sizes.forward(inputs, result, levels) }
    if let levels { run.keep(levels) }
    return [result]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return call.inputs.map { _ in nil } }
    // A mask that is learned, such as biases of distances, needs the matrix of weights.
    if hasMask && call.needs[call.inputs.count - 1] { return gradientsOfComposition(upstream, call) }
    let sizes = AttentionSizes(self, call.inputs)
    let results = call.inputs[..<3].map { Tensor(uninitialized: $0.shape, .float32, for: name) }
    if g.count > 0 {
      withExtendedLifetime(g) { sizes.backward(call.inputs, call.outputs[0], call.kept[0], g, results) }
    } else {
      for result in results { result.floats.update(repeating: 0, count: result.count) }
    }
    return results + call.inputs[3...].map { _ in nil }
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let s = AttentionSizes(self, inputs)
    if inputs[0].count == 0 { return [inputs[0] * 1] }
    // Heads that share keys and values stand beside each other: [b, shared, group, t or s, d].
    let query = inputs[0].reshaped(to: [s.batch, s.queries, keyValueHeads, s.group, s.width])
      .transposed(axes: [0, 2, 3, 1, 4])
    func shared(_ x: Tensor) -> Tensor {
      x.reshaped(to: [s.batch, s.keys, keyValueHeads, 1, s.width]).transposed(axes: [0, 2, 3, 1, 4])
    }
    let (key, value) = (shared(inputs[1]), shared(inputs[2]))
    if s.keys == 0 { return [inputs[0] * 0] }
    func product(_ a: Tensor, _ b: Tensor, right: Bool) -> Tensor {
      apply(one: MatMul(transposesLeft: false, transposesRight: right, precision: .float32), a, b)
    }
    var scores = product(query, key, right: true) * scale
    if hasMask {
      let given = inputs[inputs.count - 1]
      let isPerHead = given.shape[1] != 1
      let mask = given.reshaped(
        to: [given.shape[0], isPerHead ? keyValueHeads : 1, isPerHead ? s.group : 1, given.shape[2], s.keys])
      scores = select(mask .> -2e38, scores + mask, scores.constant(-.infinity))
    }
    if let visible = s.visible(inputs) { scores = select(visible, scores, scores.constant(-.infinity)) }
    let powers = exp(scores - finiteMaximum(scores))
    let sum = powers.sum(axes: [-1], keepsAxes: true)
    // A query that sees no key has powers of 0 alone; its result is 0.
    let weights = powers / select(sum .== 0, sum.constant(1), sum)
    let result = product(weights, value, right: false).transposed(axes: [0, 3, 1, 2, 4])
    return [result.reshaped(to: inputs[0].shape)]
  }
}

/// Attention over keys and values: for each query and head, the values' mean with weights
/// softmax(scale q . k + mask) (Vaswani et al. 2017). The matrix of weights is never in memory (Dao et al. 2022).
///
/// - Parameters:
///   - query: [batch, t, heads * d]; head h has the numbers h * d ..< (h + 1) * d of each row.
///   - keys: [batch, s, keyValueHeads * d].
///   - values: [batch, s, keyValueHeads * d].
///   - heads: The number of heads.
///   - keyValueHeads: The number of heads of keys and values, a divisor of `heads`: neighbouring heads share them
///     (grouped-query attention, Ainslie et al. 2023); `heads` unless given.
///   - isCausal: Whether query i sees the keys j <= i + s - t only; false unless set.
///   - keyLengths: [batch], int32 or int64 in 0 ... s: how many of the keys, from the first on, are seen; all unless
///     given.
///   - mask: Added to the scores, or truth values that say which keys are seen; broadcasts to [batch, heads, t, s]. Where
///     it is -infinity, or below -2e38, the key is not seen. A tracked mask gets a gradient, for which the matrix of
///     weights is needed after all. None unless given.
///   - scale: 1 / sqrt(d) unless given.
/// - Returns: [batch, t, heads * d]; 0, with gradients 0, for queries that see no key. It is computed in single precision
///   also where `Precision.current` is bfloat16.
public func attention(
  _ query: Tensor, _ keys: Tensor, _ values: Tensor, heads: Int, keyValueHeads: Int? = nil, isCausal: Bool = false,
  keyLengths: Tensor? = nil, mask: Tensor? = nil, scale: Double? = nil
) -> Tensor {
  require(
    query.rank == 3 && heads >= 1 && query.shape[2] % heads == 0, "attention",
    "queries of shape \(query.shape) are not [batch, t, \(heads) heads * d]")
  let width = query.shape[2] / heads
  let operation = Attention(
    heads: heads, keyValueHeads: keyValueHeads ?? heads, isCausal: isCausal,
    scale: scale ?? 1 / Double(Swift.max(width, 1)).squareRoot(), hasLengths: keyLengths != nil, hasMask: mask != nil)
  var inputs = [query, keys, values]
  if let keyLengths { inputs.append(keyLengths) }
  if let mask { inputs.append(scoreMask(mask, query, keys)) }
  return apply(operation, inputs)[0]
}

/// A mask as numbers with four axes, the last of which is that of the keys.
private func scoreMask(_ mask: Tensor, _ query: Tensor, _ keys: Tensor) -> Tensor {
  require(
    mask.rank <= 4 && keys.rank == 3, "attention",
    "a mask of shape \(mask.shape) does not fit queries of shape \(query.shape) and keys of shape \(keys.shape)")
  var result = mask
  if mask.type == .bool { result = select(mask, query.constant(0), query.constant(-.infinity)) }
  result = result.reshaped(to: Array(repeating: 1, count: 4 - mask.rank) + mask.shape)
  return result.shape[3] == 1 ? result.broadcast(to: Array(result.shape[..<3]) + [keys.shape[1]]) : result
}
