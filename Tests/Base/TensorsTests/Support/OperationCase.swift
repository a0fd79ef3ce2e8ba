import Basics
import Tensors

/// An operation in the table that general tests go through: how to call it, and where it is smooth.
struct OperationCase: Sendable {
  let name: String
  /// The shapes of the operands made from one shape.
  let shapes: @Sendable ([Int]) -> [[Int]]
  /// Where the operands' elements are drawn from.
  let domain: Range<Double>
  /// Whether it can be called on operands made from a shape.
  let fits: @Sendable ([Int]) -> Bool
  /// The order up to which gradients are checked.
  let order: Int
  /// Whether not-a-number in the first operand comes out.
  let passesNaN: Bool
  let function: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, shapes: @escaping @Sendable ([Int]) -> [[Int]] = { [$0] }, domain: Range<Double> = -2..<2,
    fits: @escaping @Sendable ([Int]) -> Bool = { _ in true }, order: Int = 2, passesNaN: Bool = true,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.shapes = shapes
    self.domain = domain
    self.fits = fits
    self.order = order
    self.passesNaN = passesNaN
    self.function = function
  }

  /// Random operands, float64.
  func operands(_ shape: [Int], seed: UInt64) -> [Tensor] {
    shapes(shape).enumerated().map { index, shape in
      Tensor.uniform(shape, in: domain, key: RandomKey(seed: seed)[name][index], type: .float64)
    }
  }
}

/// An operation on two tensors that broadcast.
struct PairCase: Sendable {
  let name: String
  let domain: Range<Double>
  let order: Int
  let function: @Sendable (Tensor, Tensor) -> Tensor

  func operands(_ shapes: ([Int], [Int]), seed: UInt64) -> [Tensor] {
    let key = RandomKey(seed: seed)[name]
    return [
      .uniform(shapes.0, in: domain, key: key[0], type: .float64),
      .uniform(shapes.1, in: domain, key: key[1], type: .float64),
    ]
  }
}

extension PairCase {
  static let all: [PairCase] = [
    PairCase(name: "add", domain: -2..<2, order: 2) { $0 + $1 },
    PairCase(name: "subtract", domain: -2..<2, order: 2) { $0 - $1 },
    PairCase(name: "multiply", domain: -2..<2, order: 2) { $0 * $1 },
    PairCase(name: "divide", domain: 0.5..<2, order: 2) { $0 / $1 },
    PairCase(name: "power", domain: 0.5..<2, order: 2) { pow($0, $1) },
    PairCase(name: "maximum", domain: -2..<2, order: 2) { maximum($0, $1) },
    PairCase(name: "minimum", domain: -2..<2, order: 2) { minimum($0, $1) },
    PairCase(name: "select", domain: -2..<2, order: 2) { select($0 .< $1, $0 * $0, $1) },
  ]
}
