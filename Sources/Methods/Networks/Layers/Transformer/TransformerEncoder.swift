import Basics
import Tensors

/// A block of an encoder: self-attention and dense layers, each with normalisation, dropout and a way around it.
///
/// Input and output [batch, time, width].
public struct TransformerEncoderBlock: Layer {
  /// Attention among the steps.
  public let attention: MultiHeadAttention
  /// The normalisation of attention.
  public let attentionNorm: TransformerNorm
  /// The dense layers.
  public let feedForward: FeedForward
  /// The normalisation of the dense layers.
  public let feedForwardNorm: TransformerNorm
  /// The settings.
  public let settings: TransformerSettings

  /// A block.
  ///
  /// - Parameters:
  ///   - settings: What blocks have in common.
  ///   - isCausal: Whether a step sees only what is not later; false unless set.
  ///   - key: Same key, same first weights.
  public init(_ settings: TransformerSettings, isCausal: Bool = false, key: RandomKey) {
    requireRate(settings.dropout, "TransformerEncoderBlock")
    self.settings = settings
    attention = settings.selfAttention(isCausal: isCausal, key["attention"])
    attentionNorm = settings.makeNorm()
    feedForward = settings.feedForward(key["feedForward"])
    feedForwardNorm = settings.makeNorm()
  }

  /// Computes [batch, time, width].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, lengths: nil, pass) }

  /// Computes [batch, time, width].
  ///
  /// - Parameters:
  ///   - input: [batch, time, width].
  ///   - lengths: Whole numbers [batch]: how many steps of each sequence count; what stands beyond is not seen.
  ///   - mask: See `MultiHeadAttention`; none unless given.
  ///   - pass: Whether this is training.
  public func callAsFunction(
    _ input: Tensor, lengths: Tensor?, mask: Tensor? = nil, _ pass: Pass = .inference
  ) -> Tensor {
    var steps = Steps(values: input, place: settings.normPlace, dropout: settings.dropout)
    run(&steps, lengths, mask, pass)
    return steps.finished(nil)
  }

  func run(_ steps: inout Steps, _ lengths: Tensor?, _ mask: Tensor?, _ pass: Pass) {
    steps.apply(attentionNorm, pass) { attention($0, lengths: lengths, mask: mask) }
    steps.apply(feedForwardNorm, pass) { feedForward($0, pass) }
  }
}

/// Blocks of an encoder one after the other, with a last normalisation where it stands before the blocks' parts (Vaswani
/// and others 2017).
///
/// Input and output [batch, time, width]. Positions are the caller's: add `LearnedPositions` or `SinusoidalPositions`
/// before, or set `isRotary`.
public struct TransformerEncoder: Layer {
  /// The blocks.
  public let blocks: [TransformerEncoderBlock]
  /// The last normalisation; nil where it stands after the parts.
  public let norm: TransformerNorm?

  /// An encoder.
  ///
  /// - Parameters:
  ///   - settings: What the blocks have in common.
  ///   - blocks: How many.
  ///   - isCausal: Whether a step sees only what is not later; false unless set.
  ///   - key: Same key, same first weights.
  public init(_ settings: TransformerSettings, blocks: Int, isCausal: Bool = false, key: RandomKey) {
    require(blocks > 0, "TransformerEncoder", "there must be a block or more, not \(blocks)")
    self.blocks = (0..<blocks).map { TransformerEncoderBlock(settings, isCausal: isCausal, key: key[$0]) }
    norm = settings.normPlace == .before ? settings.makeNorm() : nil
  }

  /// Computes [batch, time, width].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, lengths: nil, pass) }

  /// Computes [batch, time, width].
  ///
  /// - Parameters:
  ///   - input: [batch, time, width].
  ///   - lengths: Whole numbers [batch]: how many steps of each sequence count; what stands beyond is not seen.
  ///   - mask: See `MultiHeadAttention`; none unless given.
  ///   - pass: Whether this is training.
  public func callAsFunction(
    _ input: Tensor, lengths: Tensor?, mask: Tensor? = nil, _ pass: Pass = .inference
  ) -> Tensor {
    let settings = blocks[0].settings
    var steps = Steps(values: input, place: settings.normPlace, dropout: settings.dropout)
    for block in blocks { block.run(&steps, lengths, mask, pass) }
    return steps.finished(norm)
  }
}
