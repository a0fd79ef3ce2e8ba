import Basics
import Networks
import Tensors
import XCTest

/// Attention and transformers: masks, lengths, positions, caches.
final class AttentionTests: XCTestCase {
  private let key = RandomKey(seed: 41)

  private func prepared<Kind: Module>(_ module: Kind) -> Kind {
    for named in module.parameters {
      let noise = normal(named.parameter.shape, key[named.path]) * 0.2
      named.parameter.value = named.parameter.value + noise.cast(to: .float32)
    }
    module.cast(to: .float64)
    return module
  }

  func testAttentionByHand() {
    let layer = prepared(MultiHeadAttention(4, heads: 2, key: key["hand"]))
    let x = normal([1, 3, 4], key["x"])
    let (q, k, v) = (layer.query(x).doubles, layer.key(x).doubles, layer.value(x).doubles)
    var mixed = Array(repeating: 0.0, count: 12)
    for head in 0..<2 {
      for i in 0..<3 {
        let scores = (0..<3).map { j in
          (0..<2).reduce(0.0) { $0 + q[4 * i + 2 * head + $1] * k[4 * j + 2 * head + $1] } / 2.0.squareRoot()
        }
        let powers = scores.map { exp($0) }
        let total = powers.reduce(0, +)
        for j in 0..<3 {
          for d in 0..<2 { mixed[4 * i + 2 * head + d] += powers[j] / total * v[4 * j + 2 * head + d] }
        }
      }
    }
    let expected = layer.output(Tensor(mixed, shape: [1, 3, 4]))
    assertClose(layer(x).doubles, expected.doubles, tolerance: 1e-12)
  }

  func testLengthsAreAsIfEachSequenceWereAlone() {
    let settings = TransformerSettings(width: 8, heads: 2, hidden: 12)
    let encoder = prepared(TransformerEncoder(settings, blocks: 2, key: key["encoder"]))
    let lengths = [5, 2, 3]
    let x = normal([3, 5, 8], key["x"])
    let all = encoder(x, lengths: Tensor(lengths))
    for (row, length) in lengths.enumerated() {
      let alone = encoder(x[row..<row + 1].sliced(axis: 1, 0..<length))
      assertClose(
        all[row..<row + 1].sliced(axis: 1, 0..<length).doubles, alone.doubles, tolerance: 1e-12, "row \(row)")
    }
  }

  func testCrossAttentionHidesWhatIsBeyondTheMemory() {
    let settings = TransformerSettings(width: 8, heads: 2, hidden: 12)
    let decoder = prepared(TransformerDecoder(settings, blocks: 2, memoryWidth: 6, key: key["decoder"]))
    let (x, memory) = (normal([2, 4, 8], key["x"]), normal([2, 5, 6], key["memory"]))
    let all = decoder(x, memory: memory, memoryLengths: Tensor([5, 3]))
    let alone = decoder(x[1..<2], memory: memory[1..<2].sliced(axis: 1, 0..<3))
    assertClose(all[1..<2].doubles, alone.doubles, tolerance: 1e-12)
    XCTAssertNotEqual(decoder(x, memory: memory)[1].doubles, alone[0].doubles)
  }

  func testMasksHideSteps() {
    let layer = prepared(MultiHeadAttention(4, heads: 2, key: key["mask"]))
    let causal = prepared(MultiHeadAttention(4, heads: 2, isCausal: true, key: key["mask"]))
    let x = normal([2, 3, 4], key["x"])
    let mask = Tensor([true, false, false, true, true, false, true, true, true], shape: [3, 3])
    assertClose(layer(x, mask: mask).doubles, causal(x).doubles, tolerance: 1e-12)
    let added = select(mask, Tensor(0.0), Tensor(-Double.infinity))
    assertClose(layer(x, mask: added).doubles, causal(x).doubles, tolerance: 1e-12)
    XCTAssertNotEqual(layer(x).doubles, causal(x).doubles)
  }

  func testSharedKeysAreRepeatedKeys() throws {
    let few = MultiHeadAttention(8, heads: 4, keyValueHeads: 2, key: key["few"])
    let many = MultiHeadAttention(8, heads: 4, key: key["many"])
    var weights = few.weights
    for name in ["key", "value"] {
      for kind in ["weight", "bias"] {
        guard let tensor = weights["\(name).\(kind)"] else { return XCTFail(name) }
        let lead = Array(tensor.shape.dropLast())
        let heads = tensor.reshaped(to: lead + [2, 1, 2])
        weights["\(name).\(kind)"] = heads.broadcast(to: lead + [2, 2, 2]).reshaped(to: lead + [8])
      }
    }
    try many.load(weights)
    let x = Tensor.normal([2, 5, 8], key: key["x"])
    assertClose(few(x).doubles, many(x).doubles, tolerance: 1e-5)
  }

  func testRotationsDependOnDistancesAlone() {
    let rotary = RotaryPositions(width: 6)
    let (q, k) = (normal([1, 1, 6], key["q"]), normal([1, 1, 6], key["k"]))
    func product(_ i: Int, _ j: Int) -> Double { (rotary(q, start: i) * rotary(k, start: j)).sum().scalar }
    XCTAssertEqual(product(3, 1), product(10, 8), accuracy: 1e-12)
    XCTAssertEqual(product(0, 200), product(300, 500), accuracy: 1e-11)
    XCTAssertNotEqual(product(3, 1), product(3, 2), accuracy: 1e-3)
    XCTAssertEqual(rotary(q).doubles, q.doubles)
    // Component 0 and component 3 turn by one radian per step.
    let turned = rotary(q, start: 1).doubles
    XCTAssertEqual(turned[0], q.doubles[0] * cos(1.0) - q.doubles[3] * sin(1.0), accuracy: 1e-12)
    XCTAssertEqual(turned[3], q.doubles[3] * cos(1.0) + q.doubles[0] * sin(1.0), accuracy: 1e-12)
  }

  func testGenerationWithACacheIsTheWholeSequence() {
    let all: [TransformerSettings] = [
      TransformerSettings(width: 8, heads: 2, hidden: 12),
      TransformerSettings(width: 8, heads: 2, hidden: 12, normPlace: .after),
      TransformerSettings(
        width: 8, heads: 4, keyValueHeads: 2, hidden: 12, activation: .silu, isGated: true, norm: .rootMeanSquare,
        isRotary: true, hasBias: false),
    ]
    let x = normal([2, 7, 8], key["x"])
    let memory = normal([2, 3, 8], key["memory"])
    for settings in all {
      for hasMemory in [false, true] {
        let decoder = prepared(
          TransformerDecoder(settings, blocks: 2, memoryWidth: hasMemory ? 8 : nil, key: key["decoder"]))
        let whole = decoder(x, memory: hasMemory ? memory : nil)
        var cache = decoder.makeCache()
        var parts: [Tensor] = []
        for range in [0..<3, 3..<4, 4..<6, 6..<7] {
          parts.append(decoder(x.sliced(axis: 1, range), memory: hasMemory ? memory : nil, cache: &cache))
          XCTAssertEqual(cache.count, range.upperBound)
        }
        assertClose(concatenated(parts, axis: 1).doubles, whole.doubles, tolerance: 1e-12, "\(settings)")
      }
    }
  }

  func testCausalModelsDoNotSeeTheFuture() {
    let settings = TransformerSettings(width: 8, heads: 2, hidden: 12, isRotary: true)
    let decoder = prepared(TransformerDecoder(settings, blocks: 2, key: key["decoder"]))
    let encoder = prepared(TransformerEncoder(settings, blocks: 2, key: key["encoder"]))
    let x = normal([1, 6, 8], key["x"])
    let other = concatenated([x.sliced(axis: 1, 0..<4), normal([1, 2, 8], key["y"])], axis: 1)
    func start(_ x: Tensor) -> [Double] { x.sliced(axis: 1, 0..<4).doubles }
    assertClose(start(decoder(x)), start(decoder(other)), tolerance: 1e-12)
    XCTAssertNotEqual(start(encoder(x)), start(encoder(other)))
  }

  func testBlocksByHand() {
    for place in TransformerSettings.NormPlace.allCases {
      let settings = TransformerSettings(width: 8, heads: 2, hidden: 12, normPlace: place)
      let encoder = prepared(TransformerEncoder(settings, blocks: 2, key: key["encoder"]))
      let x = normal([2, 5, 8], key["x"])
      var steps = x
      for block in encoder.blocks {
        switch place {
        case .before:
          steps = steps + block.attention(block.attentionNorm(steps))
          steps = steps + block.feedForward(block.feedForwardNorm(steps))
        case .after:
          steps = block.attentionNorm(steps + block.attention(steps))
          steps = block.feedForwardNorm(steps + block.feedForward(steps))
        }
      }
      if let norm = encoder.norm { steps = norm(steps) }
      XCTAssertEqual(encoder.norm == nil, place == .after)
      assertClose(encoder(x).doubles, steps.doubles, tolerance: 1e-12, "\(place)")
    }
  }
}
