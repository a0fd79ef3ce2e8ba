import Basics
import Tensors

/// Two dense layers with an activation between, for each step by itself: [..., width] to the same shape.
///
/// Gated, the hidden values are activation(x G) times x U (Shazeer 2020).
public struct FeedForward: Layer {
  /// From the width to the hidden width.
  public let up: Dense
  /// The gate; nil where there is none.
  public let gate: Dense?
  /// From the hidden width to the width.
  public let down: Dense
  /// The rate of dropout on hidden values.
  public let dropout: Double

  /// A layer.
  ///
  /// - Parameters:
  ///   - width: The size of the last axis.
  ///   - hidden: The size between; four times the width unless given.
  ///   - activation: `.gelu` unless given.
  ///   - isGated: Whether the activation gates; false unless set.
  ///   - dropout: The rate of dropout on hidden values; 0 unless given.
  ///   - hasBias: Whether the products have biases; true unless set.
  ///   - key: Same key, same first weights.
  public init(
    _ width: Int, hidden: Int? = nil, activation: Activation = .gelu, isGated: Bool = false, dropout: Double = 0,
    hasBias: Bool = true, key: RandomKey
  ) {
    requireRate(dropout, "FeedForward")
    let hidden = hidden ?? 4 * width
    up = Dense(width, hidden, activation: isGated ? .identity : activation, hasBias: hasBias, key: key["up"])
    gate = isGated ? Dense(width, hidden, activation: activation, hasBias: hasBias, key: key["gate"]) : nil
    down = Dense(hidden, width, hasBias: hasBias, key: key["down"])
    self.dropout = dropout
  }

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    var hidden = up(input, pass)
    if let gate { hidden = gate(input, pass) * hidden }
    return down(dropped(hidden, dropout, pass), pass)
  }
}
