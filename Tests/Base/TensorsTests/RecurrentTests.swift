import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// LSTM, GRU and plain recurrent layers: against loops over numbers, and what lengths, directions and states mean.
final class RecurrentTests: XCTestCase {
  private enum Kind: CaseIterable {
    case lstm, gru, tanh, relu

    var gates: Int { self == .lstm ? 4 : self == .gru ? 3 : 1 }
    var states: Int { self == .lstm ? 2 : 1 }
    var biases: Int { self == .gru ? 2 : 1 }
  }

  /// x, input weight, recurrent weight, biases and, where wanted, initial states, for sums of size 1.
  private func operands(
    _ kind: Kind, batch: Int, steps: Int, inputs: Int, hidden: Int, hasState: Bool = true, seed: UInt64 = 1
  ) -> [Tensor] {
    let width = kind.gates * hidden
    let scale = 1 / Double(Swift.max(inputs + hidden, 1)).squareRoot()
    var result = [
      random([batch, steps, inputs], seed: seed), random([inputs, width], seed: seed + 1) * scale,
      random([hidden, width], seed: seed + 2) * scale,
    ]
    for index in 0..<kind.biases { result.append(random([width], seed: seed + 3 + UInt64(index)) * 0.3) }
    if hasState {
      for index in 0..<kind.states {
        result.append(random([batch, hidden], in: -1..<1, seed: seed + 7 + UInt64(index)))
      }
    }
    return result
  }

  /// Outputs and last states.
  private func layer(
    _ kind: Kind, _ x: [Tensor], lengths: [Int]? = nil, isReversed: Bool = false
  ) -> [Tensor] {
    let lengths = lengths.map { Tensor($0.map(Int32.init)) }
    let first = 3 + kind.biases
    let state = x.count > first ? Array(x[first...]) : []
    switch kind {
    case .lstm:
      let result = lstm(
        x[0], inputWeight: x[1], recurrentWeight: x[2], bias: x[3], initialHidden: state.first, initialCell: state.last,
        lengths: lengths, isReversed: isReversed)
      return [result.outputs, result.hidden, result.cell]
    case .gru:
      let result = gru(
        x[0], inputWeight: x[1], recurrentWeight: x[2], inputBias: x[3], recurrentBias: x[4],
        initialHidden: state.first,
        lengths: lengths, isReversed: isReversed)
      return [result.outputs, result.hidden]
    case .tanh, .relu:
      let result = recurrent(
        x[0], inputWeight: x[1], recurrentWeight: x[2], bias: x[3], activation: kind == .relu ? .relu : .tanh,
        initialHidden: state.first, lengths: lengths, isReversed: isReversed)
      return [result.outputs, result.hidden]
    }
  }

  /// One sequence [steps][inputs] by the formulas, number by number; returns outputs and last states.
  private func reference(_ kind: Kind, _ sequence: [[Double]], _ x: [Tensor], _ initial: [[Double]]) -> [[Double]] {
    let hidden = x[2].shape[0]
    let width = kind.gates * hidden
    let (inputWeight, weight, bias) = (x[1].doubles, x[2].doubles, x[3].doubles)
    let otherBias = kind == .gru ? x[4].doubles : Array(repeating: 0, count: width)
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    var (h, c) = (initial[0], initial[initial.count - 1])
    var outputs: [Double] = []
    for input in sequence {
      let own = (0..<width).map { j in
        bias[j] + input.indices.reduce(0) { $0 + input[$1] * inputWeight[$1 * width + j] }
      }
      let before = (0..<width).map { j in
        otherBias[j] + h.indices.reduce(0) { $0 + h[$1] * weight[$1 * width + j] }
      }
      for u in 0..<hidden {
        func sum(_ gate: Int) -> Double { own[gate * hidden + u] + before[gate * hidden + u] }
        switch kind {
        case .lstm:
          c[u] = sigmoid(sum(1)) * c[u] + sigmoid(sum(0)) * Foundation.tanh(sum(2))
          h[u] = sigmoid(sum(3)) * Foundation.tanh(c[u])
        case .gru:
          let n = Foundation.tanh(own[2 * hidden + u] + sigmoid(sum(0)) * before[2 * hidden + u])
          h[u] = (1 - sigmoid(sum(1))) * n + sigmoid(sum(1)) * h[u]
        case .tanh: h[u] = Foundation.tanh(sum(0))
        case .relu: h[u] = Swift.max(0, sum(0))
        }
      }
      outputs += h
    }
    return [outputs, h, c]
  }

  func testAgreesWithTheFormulas() {
    for kind in Kind.allCases {
      let (batch, steps, inputs, hidden) = (3, 4, 3, 5)
      let x = operands(kind, batch: batch, steps: steps, inputs: inputs, hidden: hidden)
      for isReversed in [false, true] {
        let result = layer(kind, x, isReversed: isReversed)
        let narrow = layer(kind, x.map { $0.cast(to: .float32) }, isReversed: isReversed)
        for b in 0..<batch {
          var sequence = (0..<steps).map { x[0][b][$0].doubles }
          if isReversed { sequence.reverse() }
          let expected = reference(kind, sequence, x, x[(3 + kind.biases)...].map { $0[b].doubles })
          let outputs = result[0][b].flipped(axes: isReversed ? [0] : [])
          expectClose(outputs, Tensor(expected[0], shape: [steps, hidden]), 1e-12, "\(kind)")
          expectClose(narrow[0][b].flipped(axes: isReversed ? [0] : []), outputs, 1e-6, "\(kind), float32")
          for state in 0..<kind.states {
            expectClose(result[1 + state][b], Tensor(expected[1 + state]), 1e-12, "\(kind), state \(state)")
          }
        }
      }
    }
  }

  func testFusedAgreesWithComposition() {
    let sizes: [(batch: Int, steps: Int, inputs: Int, hidden: Int)] = [
      (1, 1, 1, 1), (2, 3, 4, 5), (5, 1, 2, 17), (1, 6, 3, 8), (7, 4, 9, 33), (50, 3, 6, 20), (3, 5, 2, 70),
    ]
    for kind in Kind.allCases {
      for s in sizes {
        for hasState in [false, true] {
          let x = operands(
            kind, batch: s.batch, steps: s.steps, inputs: s.inputs, hidden: s.hidden, hasState: hasState, seed: 5)
          let lengths = (0..<s.batch).map { ($0 * 3 + 2) % (s.steps + 1) }
          for isReversed in [false, true] {
            checkFused("\(kind), reversed: \(isReversed)", at: x) { layer(kind, $0, isReversed: isReversed) }
            checkFused("\(kind), lengths, reversed: \(isReversed)", at: x) {
              layer(kind, $0, lengths: lengths, isReversed: isReversed)
            }
          }
        }
      }
    }
  }

  func testNothingToCompute() {
    for kind in Kind.allCases {
      for s in [(0, 3, 2, 4), (2, 0, 3, 4), (2, 3, 0, 4), (2, 3, 4, 0)] {
        let x = operands(kind, batch: s.0, steps: s.1, inputs: s.2, hidden: s.3)
        checkFused("\(kind) of \(s)", at: x) { layer(kind, $0) }
      }
    }
  }

  func testLengthsAreLikeShorterSequences() {
    let (steps, hidden, lengths) = (6, 5, [6, 0, 1, 4])
    for kind in Kind.allCases {
      for isReversed in [false, true] {
        let x = operands(kind, batch: 4, steps: steps, inputs: 3, hidden: hidden).map { $0.cast(to: .float32) }
        func scalar(_ results: [Tensor]) -> Tensor {
          results.enumerated().map { ($1 * $1).sum() * Double($0 + 1) }.reduce(Tensor(Float(0)), +)
        }
        let together = layer(kind, x, lengths: lengths, isReversed: isReversed)
        let (_, gradients) = valueWithGradients(at: x) {
          scalar(layer(kind, $0, lengths: lengths, isReversed: isReversed))
        }
        var sums: [Tensor] = []
        for (row, length) in lengths.enumerated() {
          let own = x.enumerated().map { index, tensor -> Tensor in
            if index == 0 { return tensor[row..<row + 1].sliced(axis: 1, 0..<length) }
            return index < 3 + kind.biases ? tensor : tensor[row..<row + 1]
          }
          let alone = layer(kind, own, isReversed: isReversed)
          expectClose(together[0][row..<row + 1].sliced(axis: 1, 0..<length), alone[0], 1e-6, "\(kind), row \(row)")
          XCTAssertTrue(together[0][row][length...].doubles.allSatisfy { $0 == 0 }, "\(kind): outputs behind the end")
          for state in 1...kind.states {
            expectClose(together[state][row..<row + 1], alone[state], 1e-6, "\(kind), state of row \(row)")
          }
          let (_, part) = valueWithGradients(at: own) { scalar(layer(kind, $0, isReversed: isReversed)) }
          let padded = part[0].padded([(0, 0), (0, steps - length), (0, 0)])
          expectClose(gradients[0][row..<row + 1], padded, 1e-5, "\(kind), gradient of row \(row)")
          let weights = Array(part[1..<3 + kind.biases])
          sums = sums.isEmpty ? weights : zip(sums, weights).map { $0 + $1 }
          for index in (3 + kind.biases)..<x.count {
            expectClose(gradients[index][row..<row + 1], part[index], 1e-5, "\(kind), gradient of a state")
          }
        }
        for (index, sum) in sums.enumerated() {
          expectClose(gradients[index + 1], sum, 2e-5, "\(kind), gradient of weights \(index)")
        }
      }
    }
  }

  func testInferenceAndTrainingGiveTheSameBits() {
    // The second is so large that inference computes the gates part by part.
    for (batch, steps, inputs, hidden) in [(5, 4, 3, 9), (130, 70, 2, 160)] {
      for kind in Kind.allCases {
        let x = operands(kind, batch: batch, steps: steps, inputs: inputs, hidden: hidden, hasState: false)
          .map { $0.cast(to: .float32) }
        let plain = layer(kind, x)
        let tracked = layer(kind, [x[0].tracked()] + x[1...])
        for (a, b) in zip(plain, tracked) { XCTAssertEqual(a.doubles, b.doubles, "\(kind)") }
      }
    }
  }

  func testGradients() {
    for kind in Kind.allCases {
      let x = operands(kind, batch: 2, steps: 3, inputs: 2, hidden: 2)
      // The rectifier has no second derivative where it bends; a step of 1e-5 does not reach that here.
      checkGradients("\(kind)", at: x) { inputs in
        let results = layer(kind, inputs, lengths: [3, 2])
        return concatenated(results.map { $0.reshaped(to: [$0.count]) }, axis: 0)
      }
      checkGradients("\(kind), reversed", at: x, order: 1) { layer(kind, $0, isReversed: true)[0] }
    }
  }

  func testUnusedOutputsNeedNoGradient() {
    for kind in Kind.allCases {
      for index in 0...kind.states {
        let x = operands(kind, batch: 3, steps: 4, inputs: 2, hidden: 3)
        checkFused("\(kind), output \(index) alone", at: x) { [layer(kind, $0)[index]] }
      }
    }
  }

  func testBrainFloatsAreNear() {
    for kind in Kind.allCases {
      let x = operands(kind, batch: 4, steps: 5, inputs: 8, hidden: 6).map { $0.cast(to: .float32) }
      let exact = layer(kind, x)
      let rounded = Precision.$current.withValue(.bfloat16) { layer(kind, x) }
      XCTAssertNotEqual(exact[0].doubles, rounded[0].doubles, "\(kind)")
      // Operands of about 1 are rounded by 2^-9, over five steps.
      expectClose(rounded[0], exact[0], 0.03, "\(kind)")
    }
  }
}
