import Basics
import Foundation
import Networks
import Tensors

/// A part of N-BEATS or N-HiTS: explains a part of the window, and adds to the forecast.
protocol ResidualBlock: Module {
  /// - Returns: The part of the window that is explained, [batch, inputs], nil of the last block; and the part of the
  ///   forecast, [batch, steps, outputs].
  func parts(_ rest: Tensor, _ pass: Pass) -> (back: Tensor?, ahead: Tensor)
}

/// Blocks in a row, each seeing what the ones before did not explain.
struct ResidualStack: WindowNetwork {
  let blocks: [any ResidualBlock]

  init(_ shape: WindowShape, _ block: (_ position: Int, _ isLast: Bool) -> any ResidualBlock, count: () -> Int) {
    let count = count()
    blocks = (0..<count).map { block($0, $0 == count - 1) }
  }

  func correction(_ windows: Tensor, _ pass: Pass) -> Tensor? {
    var rest = windows
    var sum: Tensor?
    for block in blocks {
      let (back, ahead) = block.parts(rest, pass)
      sum = sum.map { $0 + ahead } ?? ahead
      if let back { rest = rest - back }
    }
    return sum
  }
}

/// Dense layers in a row, each with a rectifier.
struct DenseTower: Module {
  let layers: [Dense]

  init(_ inputs: Int, layers count: Int, width: Int, key: RandomKey) {
    layers = (0..<count).map { Dense($0 == 0 ? inputs : width, width, activation: .relu, key: key[$0]) }
  }

  func callAsFunction(_ input: Tensor, _ pass: Pass) -> Tensor { layers.reduce(input) { $1($0, pass) } }
}

/// N-BEATS' generic block: both parts are dense layers of what the tower makes.
struct GenericBlock: ResidualBlock {
  let tower: DenseTower
  let back: Dense?
  let ahead: Dense
  let shape: WindowShape

  init(_ shape: WindowShape, layers: Int, width: Int, isLast: Bool, key: RandomKey) {
    tower = DenseTower(shape.inputs, layers: layers, width: width, key: key["tower"])
    back = isLast ? nil : lastLayer(width, shape.inputs, key: key["back"])
    ahead = lastLayer(width, shape.steps * shape.outputs, key: key["ahead"])
    self.shape = shape
  }

  func parts(_ rest: Tensor, _ pass: Pass) -> (back: Tensor?, ahead: Tensor) {
    let hidden = tower(rest, pass)
    return (back.map { $0(hidden, pass) }, shape.unfolded(ahead(hidden, pass)))
  }
}

/// Functions of time that a block speaks in: [functions, inputs] behind, [functions, steps] ahead.
struct TimeBasis: Sendable {
  let behind: Tensor
  let ahead: Tensor

  init(_ shape: WindowShape, _ functions: [(Double) -> Double]) {
    func table(_ count: Int, _ first: Int) -> Tensor {
      Tensor(
        functions.flatMap { function in (0..<count).map { Float(function(Double(first + $0))) } },
        shape: [functions.count, count])
    }
    behind = table(shape.inputs, -shape.inputs)
    ahead = table(shape.steps, 0)
  }

  /// 1, t, t^2, ... with t in windows.
  static func polynomials(_ shape: WindowShape, degree: Int) -> TimeBasis {
    let length = Double(max(shape.inputs, shape.steps))
    return TimeBasis(shape, (0...degree).map { power in { Foundation.pow($0 / length, Double(power)) } })
  }

  /// Sines and cosines whose lengths are the seasons' and their fractions; without seasons, the horizon's.
  static func waves(_ shape: WindowShape, harmonics: Int) -> TimeBasis {
    let known = shape.seasons.filter { $0 > 1 && $0 <= shape.inputs }
    var frequencies: [Double] = []
    for season in known.isEmpty ? [max(shape.steps, 2)] : known {
      for harmonic in 1...harmonics where 2 * harmonic <= season {
        let frequency = Double(harmonic) / Double(season)
        if !frequencies.contains(where: { Swift.abs($0 - frequency) < 1e-9 }) { frequencies.append(frequency) }
      }
    }
    return TimeBasis(
      shape,
      frequencies.flatMap { frequency -> [(Double) -> Double] in
        [{ Foundation.cos(2 * .pi * frequency * $0) }, { Foundation.sin(2 * .pi * frequency * $0) }]
      })
  }
}

/// N-BEATS' interpretable block: both parts are sums of given functions of time.
struct BasisBlock: ResidualBlock {
  let tower: DenseTower
  let back: Dense?
  let ahead: Dense
  let shape: WindowShape
  let basis: TimeBasis

  init(_ shape: WindowShape, basis: TimeBasis, layers: Int, width: Int, isLast: Bool, key: RandomKey) {
    let functions = basis.ahead.shape[0]
    tower = DenseTower(shape.inputs, layers: layers, width: width, key: key["tower"])
    back = isLast ? nil : lastLayer(width, functions, key: key["back"])
    ahead = lastLayer(width, functions * shape.outputs, key: key["ahead"])
    self.shape = shape
    self.basis = basis
  }

  func parts(_ rest: Tensor, _ pass: Pass) -> (back: Tensor?, ahead: Tensor) {
    let hidden = tower(rest, pass)
    let factors = ahead(hidden, pass).reshaped(to: [rest.shape[0] * shape.outputs, basis.ahead.shape[0]])
    let sums = matmul(factors, basis.ahead).reshaped(to: [rest.shape[0], shape.outputs, shape.steps])
    return (back.map { matmul($0(hidden, pass), basis.behind) }, sums.transposed())
  }
}

/// N-HiTS' block: sees the largest of every `scale` numbers, and speaks by one number for every `scale` steps, joined by
/// straight lines.
struct PooledBlock: ResidualBlock {
  let tower: DenseTower
  let back: Dense?
  let ahead: Dense
  let shape: WindowShape
  let scale: Int
  let behindLines: Tensor
  let aheadLines: Tensor

  init(_ shape: WindowShape, scale: Int, layers: Int, width: Int, isLast: Bool, key: RandomKey) {
    behindLines = Self.lines(to: shape.inputs, scale: scale)
    aheadLines = Self.lines(to: shape.steps, scale: scale)
    tower = DenseTower(shape.inputs / scale, layers: layers, width: width, key: key["tower"])
    back = isLast ? nil : lastLayer(width, behindLines.shape[0], key: key["back"])
    ahead = lastLayer(width, aheadLines.shape[0] * shape.outputs, key: key["ahead"])
    self.shape = shape
    self.scale = scale
  }

  func parts(_ rest: Tensor, _ pass: Pass) -> (back: Tensor?, ahead: Tensor) {
    let pooled = scale == 1 ? rest : shape.patched(rest, scale).max(axes: [2])
    let hidden = tower(pooled, pass)
    let knots = ahead(hidden, pass).reshaped(to: [rest.shape[0] * shape.outputs, aheadLines.shape[0]])
    let sums = matmul(knots, aheadLines).reshaped(to: [rest.shape[0], shape.outputs, shape.steps])
    return (back.map { matmul($0(hidden, pass), behindLines) }, sums.transposed())
  }

  /// The matrix that joins knots by lines: [knots, count].
  private static func lines(to count: Int, scale: Int) -> Tensor {
    let knots = max(1, count / scale)
    var table = [Float](repeating: 0, count: knots * count)
    for step in 0..<count {
      let place = count == 1 || knots == 1 ? 0 : Double(step) * Double(knots - 1) / Double(count - 1)
      let below = min(Int(place), knots - 1)
      let rest = Float(place - Double(below))
      table[below * count + step] += 1 - rest
      if rest > 0 { table[min(below + 1, knots - 1) * count + step] += rest }
    }
    return Tensor(table, shape: [knots, count])
  }
}
