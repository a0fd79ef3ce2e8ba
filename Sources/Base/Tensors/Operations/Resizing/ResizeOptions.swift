/// How a resized axis is computed: where its places lie on the axis before, and what stands between places there.
///
/// The settings and their defaults are those of ONNX's operator Resize, version 19, and give its numbers.
public struct ResizeOptions: Sendable, Hashable, Codable {
  /// What stands between two places.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// The nearest place, for elements of any type.
    case nearest
    /// A straight line between two neighbours; the first and last go on beyond the edges.
    case linear
    /// A cubic through four neighbours (Keys 1981).
    case cubic
  }

  /// Where place i of the new axis, of `new` places, lies on the old one, of `old` places; `scale` is the factor that was
  /// given, or new / old.
  public enum Alignment: String, Sendable, Hashable, Codable, CaseIterable {
    /// Centres of places lie at halves: (i + 0.5) / scale - 0.5.
    case halfPixel
    /// As `halfPixel`, but with both centres in one place where old * scale is no whole number.
    case symmetricHalfPixel
    /// As `halfPixel`, but 0 for an axis of one place, as PyTorch has it.
    case halfPixelUnlessOne
    /// (i + 0.5) / scale, as TensorFlow has it for the nearest place, which then must be rounded down.
    case halfPixelUnshifted
    /// The first and the last places coincide: i (old - 1) / (new - 1), 0 for an axis of one place.
    case corners
    /// The first places coincide: i / scale.
    case origin
  }

  /// Which of two places is the nearest.
  public enum Rounding: String, Sendable, Hashable, Codable, CaseIterable {
    /// The nearest, of two as near the lower.
    case halfDown
    /// The nearest, of two as near the upper.
    case halfUp
    /// The lower.
    case down
    /// The upper.
    case up
  }

  /// What stands between two places.
  public var method: Method
  /// Where places lie; `.halfPixel` unless set.
  public var alignment = Alignment.halfPixel
  /// For the nearest place; `.halfDown` unless set.
  public var rounding = Rounding.halfDown
  /// For cubics, the slope at a neighbour's distance: -0.75 unless set; -0.5 fits parabolas.
  public var cubicCoefficient = -0.75
  /// Whether cubics leave out neighbours beyond the edges, and the others' shares are enlarged instead of repeating the
  /// edge; false unless set.
  public var excludesOutside = false

  /// Settings.
  ///
  /// - Parameters:
  ///   - method: `.nearest` unless given.
  ///   - alignment: `.halfPixel` unless given.
  public init(_ method: Method = .nearest, alignment: Alignment = .halfPixel) {
    self.method = method
    self.alignment = alignment
  }
}
