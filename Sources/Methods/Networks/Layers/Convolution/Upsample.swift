import Basics
import Tensors

/// Axes of space made longer, or shorter, by factors: [batch, places ..., channels] to [batch, places' ..., channels].
///
/// ```swift
/// Upsample(2)                                          // each pixel four times
/// Upsample(2, options: ResizeOptions(.linear))         // bilinear for images, linear for sequences
/// Upsample(2, 3)                                       // twice as high, three times as wide
/// ```
public struct Upsample: Layer {
  /// A factor for each axis of space, or one for all.
  public let factors: [Double]
  /// What stands between places.
  public let options: ResizeOptions

  /// A layer.
  ///
  /// - Parameters:
  ///   - factors: A factor above 0 for each axis of space, or one for all.
  ///   - options: The nearest place unless given.
  public init(_ factors: Double..., options: ResizeOptions = ResizeOptions()) {
    require(
      !factors.isEmpty && factors.allSatisfy { $0 > 0 && $0.isFinite }, "Upsample",
      "factors must be positive: \(factors)")
    self.factors = factors
    self.options = options
  }

  /// Computes [batch, places' ..., channels].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    require(input.rank >= 3, "Upsample", "takes [batch, places ..., channels], not shape \(input.shape)")
    let axes = input.rank - 2
    return resize(
      input, by: factors.count == 1 ? Array(repeating: factors[0], count: axes) : factors, options: options)
  }
}
