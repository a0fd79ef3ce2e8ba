import Basics
import Kernels
import Tensors

/// How the first values of a weight are drawn.
///
/// `fanIn` and `fanOut` are the numbers of inputs that reach one output and of outputs that one input reaches; layers
/// know theirs.
public enum Initializer: Sendable, Hashable, Codable {
  /// 0.
  case zeros
  /// 1.
  case ones
  /// One number.
  case constant(Double)
  /// Uniform in -limit ... limit.
  case uniform(limit: Double = 0.05)
  /// Normal with mean 0.
  case normal(deviation: Double = 0.05)
  /// Normal with mean 0, drawn again beyond two deviations; the deviation is the one before that.
  case truncatedNormal(deviation: Double = 0.05)
  /// Uniform with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010).
  case glorotUniform
  /// Normal with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010).
  case glorotNormal
  /// Uniform with variance 2 / fanIn (He and others 2015), for `relu` and its kin.
  case heUniform
  /// Normal with variance 2 / fanIn (He and others 2015), for `relu` and its kin.
  case heNormal
  /// Uniform with variance 1 / fanIn (LeCun and others 1998).
  case lecunUniform
  /// Normal with variance 1 / fanIn (LeCun and others 1998).
  case lecunNormal
  /// A matrix with orthogonal rows or columns, times `gain` (Saxe, McClelland and Ganguli 2014); axes before the last
  /// count as one.
  case orthogonal(gain: Double = 1)

  /// The initializer of a name as in a configuration: "zeros", "glorot_uniform", "heNormal", "truncated normal" and so
  /// on; underscores, hyphens, spaces and capitals do not matter.
  ///
  /// - Throws: `AssayError` for a name that is not known.
  public init(named name: String) throws {
    let plain = name.lowercased().filter { !"_- ".contains($0) }
    guard let found = Self.names[plain] else {
      throw AssayError(
        .configuration, "there is no initializer \"\(name)\"",
        remedy: "use one of " + Self.names.keys.sorted().joined(separator: ", "))
    }
    self = found
  }

  private static let names: [String: Initializer] = [
    "zeros": .zeros, "ones": .ones, "uniform": .uniform(), "normal": .normal(), "truncatednormal": .truncatedNormal(),
    "glorotuniform": .glorotUniform, "xavieruniform": .glorotUniform, "glorotnormal": .glorotNormal,
    "xaviernormal": .glorotNormal, "heuniform": .heUniform, "kaiminguniform": .heUniform, "henormal": .heNormal,
    "kaimingnormal": .heNormal, "lecununiform": .lecunUniform, "lecunnormal": .lecunNormal, "orthogonal": .orthogonal(),
  ]

  /// Draws a tensor.
  ///
  /// - Parameters:
  ///   - shape: Any; two axes or more for `orthogonal`.
  ///   - fanIn: Inputs per output.
  ///   - fanOut: Outputs per input.
  ///   - key: Same key, same numbers.
  ///   - type: `float32` unless given, else `float64`.
  public func tensor(
    _ shape: [Int], fanIn: Int, fanOut: Int, key: RandomKey, type: ElementType = .float32
  ) -> Tensor {
    let (input, both) = (Double(max(fanIn, 1)), Double(max(fanIn + fanOut, 1)))
    switch self {
    case .zeros: return .zeros(shape, type: type)
    case .ones: return .ones(shape, type: type)
    case .constant(let value): return Tensor(repeating: value, shape: shape, type: type)
    case .uniform(let limit): return Draws.uniform(shape, limit, key, type)
    case .normal(let deviation): return .normal(shape, deviation: deviation, key: key, type: type)
    case .truncatedNormal(let deviation): return Draws.truncatedNormal(shape, deviation, key, type)
    case .glorotUniform: return Draws.uniform(shape, (6 / both).squareRoot(), key, type)
    case .glorotNormal: return .normal(shape, deviation: (2 / both).squareRoot(), key: key, type: type)
    case .heUniform: return Draws.uniform(shape, (6 / input).squareRoot(), key, type)
    case .heNormal: return .normal(shape, deviation: (2 / input).squareRoot(), key: key, type: type)
    case .lecunUniform: return Draws.uniform(shape, (3 / input).squareRoot(), key, type)
    case .lecunNormal: return .normal(shape, deviation: (1 / input).squareRoot(), key: key, type: type)
    case .orthogonal(let gain): return Draws.orthogonal(shape, gain, key, type)
    }
  }
}
