import Basics
import Networks
import Tensors

/// The sizes of a network's input and output.
struct WindowShape: Sendable, Codable, Hashable {
  /// The numbers of a window.
  let inputs: Int
  /// The steps ahead.
  let steps: Int
  /// The numbers per step: quantiles, and the mean if it is asked for.
  let outputs: Int
  /// The lengths of the seasons, ascending.
  let seasons: [Int]

  /// The length of patches: as asked for, or the shortest season of which there are four in the window, or 1.
  func patch(_ asked: Int?) -> Int {
    min(asked ?? seasons.first { $0 > 1 && 4 * $0 <= inputs } ?? 1, inputs)
  }

  /// A window cut into patches: [batch, patches, patch]; what does not fill a patch at the beginning is left out.
  func patched(_ windows: Tensor, _ patch: Int) -> Tensor {
    let count = inputs / patch
    let rest = inputs - count * patch
    let whole = rest == 0 ? windows : windows.sliced(axis: 1, rest..<inputs)
    return whole.reshaped(to: [windows.shape[0], count, patch])
  }

  /// Flat outputs [batch, steps outputs] as [batch, steps, outputs].
  func unfolded(_ flat: Tensor) -> Tensor { flat.reshaped(to: [flat.shape[0], steps, outputs]) }
}

/// A network from scaled windows [batch, inputs] to what is added to a linear map's answer: [batch, steps, outputs].
protocol WindowNetwork: Module {
  func correction(_ windows: Tensor, _ pass: Pass) -> Tensor?
}

/// Nothing but the linear map.
struct LinearWindowNetwork: WindowNetwork {
  init(_ shape: WindowShape) {}

  func correction(_ windows: Tensor, _ pass: Pass) -> Tensor? { nil }
}

/// A network beside a linear map of the window, whose answers are added.
///
/// The map begins with the exact ridge solution, the network with an answer of almost nothing, so that training begins
/// where linear methods end.
struct WindowModel: Module {
  /// [inputs, steps outputs].
  let weight: Parameter
  /// [steps outputs].
  let bias: Parameter
  let network: any WindowNetwork
  let shape: WindowShape

  init(_ architecture: WindowArchitecture, _ shape: WindowShape, start: LinearStart?, key: RandomKey) {
    let columns = shape.steps * shape.outputs
    var weights = [Float](repeating: 0, count: shape.inputs * columns)
    var constants = [Float](repeating: 0, count: columns)
    if let start {
      for step in 0..<shape.steps {
        for output in 0..<shape.outputs {
          let column = step * shape.outputs + output
          constants[column] = start.map.constants.values[step] + start.spread[output].values[step]
          for input in 0..<shape.inputs {
            weights[input * columns + column] = start.map.weights.values[input * shape.steps + step]
          }
        }
      }
    }
    weight = Parameter(Tensor(weights, shape: [shape.inputs, columns]))
    bias = Parameter(Tensor(constants))
    network = architecture.network(shape, key: key)
    self.shape = shape
  }

  /// Scaled windows [batch, inputs] to [batch, steps, outputs].
  func callAsFunction(_ windows: Tensor, _ pass: Pass = .inference) -> Tensor {
    let base = shape.unfolded(linear(windows, weight.value, bias: bias.value))
    return network.correction(windows, pass).map { base + $0 } ?? base
  }
}

/// What the linear part of a network begins with.
struct LinearStart: Sendable {
  let map: LinearMap
  /// By output, by step: what is added to the map's answer.
  let spread: [PackedFloats]
}

/// Draws the last layer of a network: small, so that training begins at the linear map.
func lastLayer(_ inputs: Int, _ outputs: Int, key: RandomKey) -> Dense {
  let layer = Dense(inputs, outputs, key: key)
  layer.weight.value = layer.weight.value * 0.1
  return layer
}
