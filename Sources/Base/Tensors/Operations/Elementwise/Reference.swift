import Foundation

/// Plain functions of single elements: what float64 and whole numbers are computed with, and what fast kernels are tested
/// against.
enum Reference {
  static func binary(_ kind: Binary.Kind) -> (Double, Double) -> Double {
    switch kind {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .power: { Foundation.pow($0, $1) }
    case .maximum: { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
    case .minimum: { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
    }
  }

  /// Whole numbers wrap around; division by 0 gives 0, as do negative powers but of 1.
  static func integer<Element: FixedWidthInteger>(
    _ kind: Binary.Kind, _ type: Element.Type
  ) -> (Element, Element) -> Element {
    switch kind {
    case .add: { $0 &+ $1 }
    case .subtract: { $0 &- $1 }
    case .multiply: { $0 &* $1 }
    case .divide: { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue }
    case .maximum: { Swift.max($0, $1) }
    case .minimum: { Swift.min($0, $1) }
    case .power:
      { base, exponent in
        if exponent < 0 { return base == 1 ? 1 : 0 }
        var (result, factor, rest): (Element, Element, Element) = (1, base, exponent)
        while rest > 0 {
          if rest & 1 == 1 { result &*= factor }
          factor &*= factor
          rest >>= 1
        }
        return result
      }
    }
  }
}

extension Reference {
  static func unary(_ kind: Unary.Kind) -> (Double) -> Double {
    switch kind {
    case .negate: { -$0 }
    case .absolute: { Swift.abs($0) }
    case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .square: { $0 * $0 }
    case .squareRoot: { $0.squareRoot() }
    case .reciprocal: { 1 / $0 }
    case .exp: { Foundation.exp($0) }
    case .log: { Foundation.log($0) }
    case .log1p: { Foundation.log1p($0) }
    case .sin: { Foundation.sin($0) }
    case .cos: { Foundation.cos($0) }
    case .tanh: { Foundation.tanh($0) }
    case .sigmoid: { sigmoid($0) }
    case .erf: { Foundation.erf($0) }
    case .relu: { $0 > 0 || $0.isNaN ? $0 : 0 }
    // Far below 0 nothing is left, also of minus infinity times 0.
    case .gelu: { $0 < -40 ? 0 : 0.5 * $0 * (1 + Foundation.erf($0 * 0.5.squareRoot())) }
    case .silu: { $0 < -800 ? 0 : $0 * sigmoid($0) }
    case .softplus: { Swift.max($0, 0) + Foundation.log1p(Foundation.exp(-Swift.abs($0))) }
    case .leakyRelu(let slope): { $0 > 0 ? $0 : slope * $0 }
    case .elu(let scale): { $0 > 0 ? $0 : scale * Foundation.expm1($0) }
    case .floor: { $0.rounded(.down) }
    case .ceiling: { $0.rounded(.up) }
    case .round: { $0.rounded(.toNearestOrEven) }
    }
  }

  private static func sigmoid(_ x: Double) -> Double {
    let e = Foundation.exp(-Swift.abs(x))
    return x >= 0 ? 1 / (1 + e) : e / (1 + e)
  }
}
