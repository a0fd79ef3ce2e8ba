import Basics
import CKernels
import Kernels

/// What recurrent layers share: sizes, how sequences are divided among threads, and products over all steps at once.
package struct Recurrence: Sendable {
  package let name: String
  /// The gates per unit: 4 for long short-term memory, 3 for gated units, 1 for plain ones.
  package let gates: Int
  /// The states that a layer may start from: hidden ones, and cells for long short-term memory. 0 where it starts from
  /// zeros.
  package let stateCount: Int
  package let hasLengths: Bool
  /// Whether time runs from the last step to the first.
  package let isReversed: Bool
  /// Of the products of the inputs; what goes from step to step is always computed in single precision.
  let precision: Precision
  /// The number of vectors of biases.
  let biases: Int
}

/// The sizes of a recurrent layer's inputs.
struct RecurrenceSizes {
  let batch: Int
  let steps: Int
  let inputs: Int
  let hidden: Int
  /// The sequences' numbers of steps, if given.
  let lengths: [Int]?
}

extension Recurrence {
  /// Where the initial states stand among the inputs: x, input weight, recurrent weight, biases, states, lengths.
  var firstState: Int { 3 + biases }

  /// Stops where inputs do not fit.
  func sizes(_ inputs: [Tensor]) -> RecurrenceSizes {
    let (x, inputWeight, weight) = (inputs[0], inputs[1], inputs[2])
    require(
      x.rank == 3 && inputWeight.rank == 2 && weight.rank == 2 && weight.shape[1] == gates * weight.shape[0]
        && inputWeight.shape == [x.shape[2], weight.shape[1]],
      name, "inputs \(x.shape) and weights \(inputWeight.shape) and \(weight.shape) do not fit")
    let (batch, hidden) = (x.shape[0], weight.shape[0])
    for bias in inputs[3..<firstState] {
      require(bias.shape == [gates * hidden], name, "a bias \(bias.shape) does not fit weights \(weight.shape)")
    }
    for state in inputs[firstState..<firstState + stateCount] {
      require(
        state.shape == [batch, hidden], name,
        "an initial state \(state.shape) does not fit inputs \(x.shape) and weights \(weight.shape)")
    }
    for other in inputs[1..<firstState + stateCount] {
      require(other.type == x.type, name, "types \(x.type) and \(other.type) differ")
    }
    var lengths: [Int]?
    if hasLengths {
      let given = inputs[inputs.count - 1]
      require(
        given.shape == [batch] && (given.type == .int32 || given.type == .int64), name,
        "lengths of \(given.type) \(given.shape) do not fit inputs \(x.shape)")
      lengths = given.wholeNumbers
      for (row, length) in given.wholeNumbers.enumerated() {
        require(
          length >= 0 && length <= x.shape[1], name, "row \(row) has length \(length), not 0 ... \(x.shape[1]) steps")
      }
    }
    return RecurrenceSizes(batch: batch, steps: x.shape[1], inputs: x.shape[2], hidden: hidden, lengths: lengths)
  }

  /// The layer step by step, of tensor operations.
  ///
  /// - Parameters:
  ///   - projected: The products of the inputs, [batch, steps, gates * hidden].
  ///   - cell: From the products of a step and the states before it, the states behind it, hidden ones first.
  /// - Returns: The outputs [batch, steps, hidden] and the last states.
  func unrolled(
    _ inputs: [Tensor], _ projected: Tensor, states: Int, _ cell: (_ step: Tensor, _ states: [Tensor]) -> [Tensor]
  ) -> [Tensor] {
    let sizes = sizes(inputs)
    var current =
      stateCount > 0
      ? Array(inputs[firstState..<firstState + stateCount])
      : Array(repeating: Tensor.zeros([sizes.batch, sizes.hidden], type: inputs[0].type), count: states)
    guard sizes.steps > 0 else { return [.zeros([sizes.batch, 0, sizes.hidden], type: inputs[0].type)] + current }
    var outputs = Array(repeating: current[0], count: sizes.steps)
    let zero = inputs[0].constant(0)
    // Lengths stay a tensor, so that a graph of these operations takes any.
    let lengths = hasLengths ? inputs[inputs.count - 1].expanded(axis: 1) : nil
    for step in 0..<sizes.steps {
      let place = isReversed ? sizes.steps - 1 - step : step
      let next = cell(projected.sliced(axis: 1, place..<place + 1).squeezed(axes: [1]), current)
      if let lengths {
        let runs = lengths .> Double(place)
        current = zip(next, current).map { select(runs, $0, $1) }
        outputs[place] = select(runs, next[0], zero)
      } else {
        current = next
        outputs[place] = next[0]
      }
    }
    return [stacked(outputs, axis: 1)] + current
  }

  /// x times the input weight plus a bias, in tensor operations: [batch, steps, gates * hidden].
  func projection(_ inputs: [Tensor]) -> Tensor {
    let (x, weight) = (inputs[0], inputs[1])
    let rows = x.reshaped(to: [x.shape[0] * x.shape[1], x.shape[2]])
    let product = apply(one: MatMul(transposesLeft: false, transposesRight: false, precision: precision), rows, weight)
    return (product + inputs[3]).reshaped(to: [x.shape[0], x.shape[1], weight.shape[1]])
  }

  /// A state times recurrent weights, in tensor operations.
  func product(_ state: Tensor, _ weight: Tensor) -> Tensor {
    apply(one: MatMul(transposesLeft: false, transposesRight: false, precision: .float32), state, weight)
  }
}
