import Basics
import Networks
import Tensors
import XCTest

/// Recurrent layers against loops written by hand: directions, lengths, states.
final class RecurrentTests: XCTestCase {
  private let key = RandomKey(seed: 31)

  /// What the three kinds have in common.
  private struct Kind {
    let name: String
    let run: (Tensor, RecurrentState?, Tensor?) -> RecurrentOutput
    let directions: Int
  }

  private func kinds(layers: Int = 1, isBidirectional: Bool = false) -> [Kind] {
    let lstm = LSTM(3, 4, layers: layers, isBidirectional: isBidirectional, key: key["lstm"])
    let gru = GRU(3, 4, layers: layers, isBidirectional: isBidirectional, key: key["gru"])
    let rnn = RNN(3, 4, layers: layers, isBidirectional: isBidirectional, key: key["rnn"])
    for module in [lstm, gru, rnn] as [any Module] {
      for named in module.parameters {
        let noise = normal(named.parameter.shape, key[named.path]) * 0.3
        named.parameter.value = named.parameter.value + noise.cast(to: .float32)
      }
      module.cast(to: .float64)
    }
    let directions = isBidirectional ? 2 : 1
    return [
      Kind(name: "LSTM", run: { lstm.run($0, state: $1, lengths: $2) }, directions: directions),
      Kind(name: "GRU", run: { gru.run($0, state: $1, lengths: $2) }, directions: directions),
      Kind(name: "RNN", run: { rnn.run($0, state: $1, lengths: $2) }, directions: directions),
    ]
  }

  func testLengthsAreAsIfEachSequenceWereAlone() {
    let lengths = [5, 2, 6, 1]
    let x = normal([4, 6, 3], key["x"])
    for kind in kinds(layers: 2, isBidirectional: true) {
      let all = kind.run(x, nil, Tensor(lengths))
      for (row, length) in lengths.enumerated() {
        let alone = kind.run(x[row..<row + 1].sliced(axis: 1, 0..<length), nil, nil)
        let outputs = all.outputs[row..<row + 1]
        assertClose(
          outputs.sliced(axis: 1, 0..<length).doubles, alone.outputs.doubles, tolerance: 1e-12, kind.name)
        XCTAssertTrue(outputs.sliced(axis: 1, length..<6).doubles.allSatisfy { $0 == 0 }, kind.name)
        assertClose(
          all.state.hidden.sliced(axis: 1, row..<row + 1).doubles, alone.state.hidden.doubles, tolerance: 1e-12,
          kind.name)
        if let cell = all.state.cell, let single = alone.state.cell {
          assertClose(cell.sliced(axis: 1, row..<row + 1).doubles, single.doubles, tolerance: 1e-12, kind.name)
        }
      }
    }
  }

  func testStatesJoinPartsOfASequence() {
    let x = normal([2, 7, 3], key["x"])
    for kind in kinds(layers: 2) {
      let whole = kind.run(x, nil, nil)
      let first = kind.run(x.sliced(axis: 1, 0..<3), nil, nil)
      let second = kind.run(x.sliced(axis: 1, 3..<7), first.state, nil)
      let joined = concatenated([first.outputs, second.outputs], axis: 1)
      assertClose(joined.doubles, whole.outputs.doubles, tolerance: 1e-12, kind.name)
      assertClose(second.state.hidden.doubles, whole.state.hidden.doubles, tolerance: 1e-12, kind.name)
      XCTAssertEqual(whole.state.hidden.shape, [2, 2, 4], kind.name)
    }
  }

  func testBothDirectionsAreTwoLayersOneOfThemReversed() throws {
    let both = LSTM(3, 4, isBidirectional: true, key: key["both"])
    let (ahead, back) = (LSTM(3, 4, key: key["a"]), LSTM(3, 4, key: key["b"]))
    for (layer, direction) in [(ahead, "forward"), (back, "backward")] {
      let weights = both.weights.filter { $0.key.contains(direction) }
      try layer.load(
        Dictionary(
          uniqueKeysWithValues: weights.map { ($0.key.replacingOccurrences(of: direction, with: "forward"), $0.value) })
      )
    }
    for module in [both, ahead, back] { module.cast(to: .float64) }
    let x = normal([2, 5, 3], key["x"])
    let result = both.run(x)
    let reversed = back.run(x.flipped(axes: [1]))
    let expected = concatenated([ahead(x), reversed.outputs.flipped(axes: [1])], axis: -1)
    assertClose(result.outputs.doubles, expected.doubles, tolerance: 1e-12)
    assertClose(result.state.hidden[1].doubles, reversed.state.hidden[0].doubles, tolerance: 1e-12)
  }

  func testLSTMByHand() {
    let layer = LSTM(2, 3, key: key["hand"])
    layer.cast(to: .float64)
    let x = normal([1, 4, 2], key["x"])
    let cell = layer.layers[0].forward
    let (w, u, b) = (cell.inputWeight.value.doubles, cell.recurrentWeight.value.doubles, cell.bias.value.doubles)
    XCTAssertEqual(b, [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    var (h, c) = ([0.0, 0, 0], [0.0, 0, 0])
    func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    for step in 0..<4 {
      let input = x.doubles[2 * step..<2 * step + 2]
      let gates = (0..<12).map { gate -> Double in
        var sum = b[gate]
        for (i, value) in input.enumerated() { sum += value * w[12 * i + gate] }
        for i in 0..<3 { sum += h[i] * u[12 * i + gate] }
        return sum
      }
      for i in 0..<3 {
        c[i] = logistic(gates[3 + i]) * c[i] + logistic(gates[i]) * Foundation.tanh(gates[6 + i])
        h[i] = logistic(gates[9 + i]) * Foundation.tanh(c[i])
      }
    }
    let result = layer.run(x)
    assertClose(result.state.hidden.doubles, h, tolerance: 1e-12)
    assertClose(result.state.cell?.doubles ?? [], c, tolerance: 1e-12)
    assertClose(LSTM(2, 3, returnsSequences: false, key: key["hand"])(x.cast(to: .float32)).doubles, h, tolerance: 1e-5)
  }

  func testRecurrentWeightsBeginOrthogonal() {
    let cell = GRU(3, 5, key: key["o"]).layers[0].forward
    for gate in 0..<3 {
      let part = cell.recurrentWeight.value.sliced(axis: 1, 5 * gate..<5 * gate + 5)
      let identity = (0..<25).map { $0 % 6 == 0 ? 1.0 : 0 }
      assertClose(matmul(part, part, transposingLeft: true).doubles, identity, tolerance: 1e-5)
    }
  }
}
