import Basics
import Tensors

/// What the blocks of a transformer have in common.
public struct TransformerSettings: Sendable, Hashable, Codable {
  /// Where normalisation stands.
  public enum NormPlace: String, Sendable, Codable, CaseIterable {
    /// Before attention and before the dense layers, and once after the last block: trains stably (Xiong and others 2020).
    case before
    /// After each sum, as in the first transformers.
    case after
  }

  /// How steps are normalised.
  public enum NormKind: String, Sendable, Codable, CaseIterable {
    /// `LayerNorm`.
    case layer
    /// `RMSNorm`.
    case rootMeanSquare
  }

  /// The size of a step's vector.
  public var width: Int
  /// The number of heads, a divisor of the width.
  public var heads: Int
  /// The number of heads of keys and values; nil for as many as heads.
  public var keyValueHeads: Int?
  /// The size between the two dense layers; nil for four times the width.
  public var hidden: Int?
  /// The activation between them.
  public var activation: Activation
  /// Whether it gates.
  public var isGated: Bool
  /// The rate of dropout on what is added to the steps, and on hidden values.
  public var dropout: Double
  /// Where normalisation stands.
  public var normPlace: NormPlace
  /// How steps are normalised.
  public var norm: NormKind
  /// Whether queries and keys of self-attention are turned by their positions.
  public var isRotary: Bool
  /// Whether products have biases.
  public var hasBias: Bool

  /// Settings.
  ///
  /// - Parameters:
  ///   - width: The size of a step's vector.
  ///   - heads: A divisor of the width.
  ///   - keyValueHeads: A divisor of the heads; as many as heads unless given.
  ///   - hidden: Four times the width unless given.
  ///   - activation: `.gelu` unless given.
  ///   - isGated: False unless set.
  ///   - dropout: 0.1 unless given.
  ///   - normPlace: `.before` unless given.
  ///   - norm: `.layer` unless given.
  ///   - isRotary: False unless set.
  ///   - hasBias: True unless set.
  public init(
    width: Int, heads: Int, keyValueHeads: Int? = nil, hidden: Int? = nil, activation: Activation = .gelu,
    isGated: Bool = false, dropout: Double = 0.1, normPlace: NormPlace = .before, norm: NormKind = .layer,
    isRotary: Bool = false, hasBias: Bool = true
  ) {
    self.width = width
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.hidden = hidden
    self.activation = activation
    self.isGated = isGated
    self.dropout = dropout
    self.normPlace = normPlace
    self.norm = norm
    self.isRotary = isRotary
    self.hasBias = hasBias
  }

  func selfAttention(isCausal: Bool, _ key: RandomKey) -> MultiHeadAttention {
    MultiHeadAttention(
      width, heads: heads, keyValueHeads: keyValueHeads, isCausal: isCausal, isRotary: isRotary, hasBias: hasBias,
      key: key)
  }

  func crossAttention(_ memoryWidth: Int, _ key: RandomKey) -> MultiHeadAttention {
    MultiHeadAttention(
      width, heads: heads, keyValueHeads: keyValueHeads, memoryWidth: memoryWidth, hasBias: hasBias, key: key)
  }

  func feedForward(_ key: RandomKey) -> FeedForward {
    FeedForward(
      width, hidden: hidden, activation: activation, isGated: isGated, dropout: dropout, hasBias: hasBias, key: key)
  }

  func makeNorm() -> TransformerNorm {
    switch norm {
    case .layer: .layer(LayerNorm(width))
    case .rootMeanSquare: .rootMeanSquare(RMSNorm(width))
    }
  }
}

/// The normalisation of a transformer's steps.
public enum TransformerNorm: Layer {
  /// By mean and variance.
  case layer(LayerNorm)
  /// By the mean square.
  case rootMeanSquare(RMSNorm)

  /// Computes the same shape.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    switch self {
    case .layer(let norm): norm(input)
    case .rootMeanSquare(let norm): norm(input)
    }
  }

  /// The sum of the steps and what is to be added, and the sum normalised.
  func adding(_ steps: Tensor, _ change: Tensor?) -> (sum: Tensor, normalized: Tensor) {
    guard let change else { return (steps, forward(steps, .inference)) }
    if case .layer(let norm) = self { return norm.adding(steps, change) }
    let sum = steps + change
    return (sum, forward(sum, .inference))
  }
}

/// Steps with a change that is still to be added to them: the sum is left to the next normalisation, which makes it in
/// passing.
struct Steps {
  var values: Tensor
  var change: Tensor?
  let place: TransformerSettings.NormPlace
  let dropout: Double

  /// Runs a part of a block with its normalisation and adds what it gives.
  mutating func apply(_ norm: TransformerNorm, _ pass: Pass, _ part: (Tensor) -> Tensor) {
    switch place {
    case .before:
      let (sum, normalized) = norm.adding(values, change)
      (values, change) = (sum, dropped(part(normalized), dropout, pass))
    case .after:
      values = norm.adding(values, dropped(part(values), dropout, pass)).normalized
    }
  }

  /// The steps with everything added, normalised by what follows the last block if there is such.
  func finished(_ norm: TransformerNorm?) -> Tensor {
    if let norm { return norm.adding(values, change).normalized }
    return change.map { values + $0 } ?? values
  }
}
