import Basics
import Tensors

/// What a decoder keeps between the steps of a generated sequence.
public struct DecoderCache: Sendable {
  /// Keys and values of each block's self-attention.
  var blocks: [KeyValueCache]

  /// How many steps are in it.
  public var count: Int { blocks.first?.count ?? 0 }
}

/// A block of a decoder: causal self-attention, attention to an encoder's steps if there is an encoder, and dense layers,
/// each with normalisation, dropout and a way around it.
///
/// Input and output [batch, time, width].
public struct TransformerDecoderBlock: Layer {
  /// Attention among the steps, to what is not later.
  public let attention: MultiHeadAttention
  /// The normalisation of attention.
  public let attentionNorm: TransformerNorm
  /// Attention to the encoder's steps; nil without an encoder.
  public let crossAttention: MultiHeadAttention?
  /// The normalisation of attention to the encoder.
  public let crossNorm: TransformerNorm?
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
  ///   - memoryWidth: The size of an encoder's steps; without it there is no attention to an encoder.
  ///   - key: Same key, same first weights.
  public init(_ settings: TransformerSettings, memoryWidth: Int? = nil, key: RandomKey) {
    requireRate(settings.dropout, "TransformerDecoderBlock")
    self.settings = settings
    attention = settings.selfAttention(isCausal: true, key["attention"])
    attentionNorm = settings.makeNorm()
    crossAttention = memoryWidth.map { settings.crossAttention($0, key["cross"]) }
    crossNorm = memoryWidth.map { _ in settings.makeNorm() }
    feedForward = settings.feedForward(key["feedForward"])
    feedForwardNorm = settings.makeNorm()
  }

  /// Computes [batch, time, width]; the block must be one without attention to an encoder.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, memory: nil, pass) }

  /// Computes [batch, time, width].
  ///
  /// - Parameters:
  ///   - input: [batch, time, width].
  ///   - memory: The encoder's steps [batch, steps, memory width], where the block attends to an encoder.
  ///   - lengths: Whole numbers [batch]: how many of the input's steps count; all unless given.
  ///   - memoryLengths: Whole numbers [batch]: how many of the encoder's steps count; all unless given.
  ///   - pass: Whether this is training.
  public func callAsFunction(
    _ input: Tensor, memory: Tensor?, lengths: Tensor? = nil, memoryLengths: Tensor? = nil,
    _ pass: Pass = .inference
  ) -> Tensor {
    var steps = Steps(values: input, place: settings.normPlace, dropout: settings.dropout)
    run(&steps, memory, memoryLengths, pass) { attention($0, lengths: lengths) }
    return steps.finished(nil)
  }

  func run(
    _ steps: inout Steps, _ memory: Tensor?, _ memoryLengths: Tensor?, _ pass: Pass,
    _ selfAttention: (Tensor) -> Tensor
  ) {
    require(
      (memory == nil) == (crossAttention == nil), "TransformerDecoderBlock",
      memory == nil ? "it attends to an encoder, whose steps are missing" : "it does not attend to an encoder")
    steps.apply(attentionNorm, pass, selfAttention)
    if let crossAttention, let crossNorm, let memory {
      steps.apply(crossNorm, pass) { crossAttention($0, memory: memory, lengths: memoryLengths) }
    }
    steps.apply(feedForwardNorm, pass) { feedForward($0, pass) }
  }
}

/// Blocks of a decoder one after the other, with a last normalisation where it stands before the blocks' parts (Vaswani
/// and others 2017). Without an encoder: a language model's trunk.
///
/// Input and output [batch, time, width]. Positions are the caller's: add `LearnedPositions` or `SinusoidalPositions`
/// before, or set `isRotary`.
public struct TransformerDecoder: Layer {
  /// The blocks.
  public let blocks: [TransformerDecoderBlock]
  /// The last normalisation; nil where it stands after the parts.
  public let norm: TransformerNorm?

  /// A decoder.
  ///
  /// - Parameters:
  ///   - settings: What the blocks have in common.
  ///   - blocks: How many.
  ///   - memoryWidth: The size of an encoder's steps; without it there is no attention to an encoder.
  ///   - key: Same key, same first weights.
  public init(_ settings: TransformerSettings, blocks: Int, memoryWidth: Int? = nil, key: RandomKey) {
    require(blocks > 0, "TransformerDecoder", "there must be a block or more, not \(blocks)")
    self.blocks = (0..<blocks).map { TransformerDecoderBlock(settings, memoryWidth: memoryWidth, key: key[$0]) }
    norm = settings.normPlace == .before ? settings.makeNorm() : nil
  }

  /// Computes [batch, time, width]; the decoder must be one without attention to an encoder.
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor { self(input, memory: nil, pass) }

  /// Computes [batch, time, width].
  ///
  /// - Parameters:
  ///   - input: [batch, time, width].
  ///   - memory: The encoder's steps [batch, steps, memory width], where the decoder attends to an encoder.
  ///   - lengths: Whole numbers [batch]: how many of the input's steps count; all unless given.
  ///   - memoryLengths: Whole numbers [batch]: how many of the encoder's steps count; all unless given.
  ///   - pass: Whether this is training.
  public func callAsFunction(
    _ input: Tensor, memory: Tensor?, lengths: Tensor? = nil, memoryLengths: Tensor? = nil,
    _ pass: Pass = .inference
  ) -> Tensor {
    var steps = steps(input)
    for block in blocks {
      block.run(&steps, memory, memoryLengths, pass) { block.attention($0, lengths: lengths) }
    }
    return steps.finished(norm)
  }

  /// An empty cache for generating a sequence.
  public func makeCache() -> DecoderCache { DecoderCache(blocks: blocks.map { _ in KeyValueCache() }) }

  /// Computes new steps of a sequence whose earlier steps are in the cache, and takes them in: the same numbers as for the
  /// whole sequence at once.
  ///
  /// - Parameters:
  ///   - input: [batch, new steps, width].
  ///   - memory: The encoder's steps, where the decoder attends to an encoder.
  ///   - memoryLengths: How many of the encoder's steps count; all unless given.
  ///   - cache: What `makeCache` gave.
  /// - Returns: [batch, new steps, width].
  public func callAsFunction(
    _ input: Tensor, memory: Tensor? = nil, memoryLengths: Tensor? = nil, cache: inout DecoderCache
  ) -> Tensor {
    require(
      cache.blocks.count == blocks.count, "TransformerDecoder",
      "a cache of \(cache.blocks.count) blocks for \(blocks.count)")
    var steps = steps(input)
    for (index, block) in blocks.enumerated() {
      block.run(&steps, memory, memoryLengths, .inference) { block.attention($0, cache: &cache.blocks[index]) }
    }
    return steps.finished(norm)
  }

  private func steps(_ input: Tensor) -> Steps {
    let settings = blocks[0].settings
    return Steps(values: input, place: settings.normPlace, dropout: settings.dropout)
  }
}
