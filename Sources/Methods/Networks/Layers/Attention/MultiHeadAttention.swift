import Basics
import Tensors

/// Attention with several heads (Vaswani and others 2017): each step of one sequence takes a mean of another's, or its own,
/// weighted by how well they fit.
///
/// Input [batch, time, width], output the same shape. Weights begin by Glorot, biases with zeros.
public struct MultiHeadAttention: Layer {
  /// From [width] to [width].
  public let query: Dense
  /// From [memory width] to [keyValueHeads times head width].
  public let key: Dense
  /// From [memory width] to [keyValueHeads times head width].
  public let value: Dense
  /// From [width] to [width].
  public let output: Dense
  /// The number of heads.
  public let heads: Int
  /// The number of heads of keys and values.
  public let keyValueHeads: Int
  /// Whether a step sees only what is not later.
  public let isCausal: Bool
  /// Rotations of queries and keys; nil for none.
  public let rotary: RotaryPositions?

  /// A layer.
  ///
  /// - Parameters:
  ///   - width: The size of the last axis of input and output.
  ///   - heads: A divisor of the width.
  ///   - keyValueHeads: A divisor of the heads: so many heads of keys and values are shared among them (Ainslie and others
  ///     2023); as many as heads unless given.
  ///   - memoryWidth: The size of the last axis of what is attended to; `width` unless given.
  ///   - isCausal: Whether a step sees only what is not later; false unless set.
  ///   - isRotary: Whether queries and keys are turned by their positions; false unless set.
  ///   - hasBias: Whether the four products have biases; true unless set.
  ///   - key: Same key, same first weights.
  public init(
    _ width: Int, heads: Int, keyValueHeads: Int? = nil, memoryWidth: Int? = nil, isCausal: Bool = false,
    isRotary: Bool = false, hasBias: Bool = true, key: RandomKey
  ) {
    require(
      width > 0 && heads > 0 && width % heads == 0, "MultiHeadAttention",
      "\(heads) heads do not divide the width \(width)")
    let shared = keyValueHeads ?? heads
    require(
      shared > 0 && heads % shared == 0, "MultiHeadAttention", "\(shared) heads of keys do not divide \(heads) heads")
    let (memory, narrow) = (memoryWidth ?? width, width / heads * shared)
    query = Dense(width, width, hasBias: hasBias, key: key["query"])
    self.key = Dense(memory, narrow, hasBias: hasBias, key: key["key"])
    value = Dense(memory, narrow, hasBias: hasBias, key: key["value"])
    output = Dense(width, width, hasBias: hasBias, key: key["output"])
    self.heads = heads
    self.keyValueHeads = shared
    self.isCausal = isCausal
    rotary = isRotary ? RotaryPositions(width: width / heads) : nil
  }

  /// Attends from each step of the input to its own steps.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, lengths: nil) }

  /// Attends from each step of the input to its own steps, or to those of another sequence.
  ///
  /// - Parameters:
  ///   - input: [batch, time, width].
  ///   - memory: What is attended to: [batch, steps, memory width]; the input unless given.
  ///   - lengths: Whole numbers [batch]: how many steps of what is attended to count; all unless given.
  ///   - mask: Added to the scores, or truth values that say what is seen; broadcasts to [batch, heads, time, steps]; none
  ///     unless given.
  /// - Returns: [batch, time, width].
  public func callAsFunction(
    _ input: Tensor, memory: Tensor? = nil, lengths: Tensor? = nil, mask: Tensor? = nil
  ) -> Tensor {
    var cache = KeyValueCache()
    return attend(input, memory ?? input, lengths, mask, &cache)
  }

  /// Attends from new steps of a sequence to them and to those before, which are in the cache; takes the new ones in.
  ///
  /// - Parameters:
  ///   - input: [batch, new steps, width].
  ///   - cache: The steps before; empty at the beginning.
  /// - Returns: [batch, new steps, width]: what the whole sequence at once would give, if the layer is causal.
  public func callAsFunction(_ input: Tensor, cache: inout KeyValueCache) -> Tensor {
    attend(input, input, nil, nil, &cache)
  }

  private func attend(
    _ input: Tensor, _ memory: Tensor, _ lengths: Tensor?, _ mask: Tensor?, _ cache: inout KeyValueCache
  ) -> Tensor {
    require(
      input.rank == 3 && memory.rank == 3 && input.shape[0] == memory.shape[0], "MultiHeadAttention",
      "input of shape \(input.shape) and memory of shape \(memory.shape) are not [batch, time, width]")
    let start = cache.count
    var (queries, keys) = (query(input), key(memory))
    if let rotary { (queries, keys) = (rotary(queries, start: start), rotary(keys, start: start)) }
    let all = cache.append(keys, value(memory))
    return output(
      attention(
        queries, all.keys, all.values, heads: heads, keyValueHeads: keyValueHeads, isCausal: isCausal,
        keyLengths: lengths, mask: mask))
  }
}
