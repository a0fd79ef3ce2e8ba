import Basics
import Networks
import Tensors

extension ExportCase {
  private static let key = RandomKey(seed: 13)

  /// Recurrent layers: both directions, several layers, lengths and first states.
  static func sequences() -> [ExportCase] {
    [
      layer("lstm", LSTM(3, 5, layers: 2, key: key), [6, 3]),
      layer("lstm_both_ways", LSTM(3, 5, layers: 2, isBidirectional: true, key: key), [6, 3]),
      layer("lstm_last", LSTM(3, 5, isBidirectional: true, returnsSequences: false, key: key), [6, 3]),
      layer("gru", GRU(3, 5, layers: 2, key: key), [6, 3]),
      layer("gru_both_ways", GRU(3, 5, isBidirectional: true, key: key), [6, 3]),
      layer("gru_last", GRU(3, 5, isBidirectional: true, returnsSequences: false, key: key), [6, 3]),
      layer("rnn", RNN(3, 5, layers: 2, key: key), [6, 3]),
      layer("rnn_relu_both_ways", RNN(3, 5, activation: .relu, isBidirectional: true, key: key), [6, 3]),
      withLengths("lstm_lengths", LSTM(3, 5, layers: 2, isBidirectional: true, key: key)) {
        let result = $0.run($1, lengths: $2)
        return [result.outputs, result.state.hidden]
      },
      withLengths("gru_lengths", GRU(3, 5, layers: 2, isBidirectional: true, key: key)) {
        let result = $0.run($1, lengths: $2)
        return [result.outputs, result.state.hidden]
      },
      withLengths("rnn_lengths", RNN(3, 5, isBidirectional: true, key: key)) {
        let result = $0.run($1, lengths: $2)
        return [result.outputs, result.state.hidden]
      },
      withLengths("lstm_states", LSTM(3, 5, key: key)) { layer, x, lengths in
        // First states that depend on the inputs: one for each row.
        let state = x.sum(axes: [1, 2], keepsAxes: true).reshaped(to: [1, -1, 1]) * numbers([1, 1, 5], "h")
        let result = layer.run(x, state: RecurrentState(hidden: state, cell: state * 0.5), lengths: lengths)
        return [result.outputs, result.state.hidden] + (result.state.cell.map { [$0] } ?? [])
      },
      withLengths("gru_states", GRU(3, 5, key: key)) { layer, x, _ in
        let state = x.sum(axes: [1, 2], keepsAxes: true).reshaped(to: [1, -1, 1]) * numbers([1, 1, 5], "h")
        let result = layer.run(x, state: RecurrentState(hidden: state))
        return [result.outputs, result.state.hidden]
      },
    ]
  }

  private static func withLengths<Model: Module>(
    _ name: String, _ layer: Model, _ body: @escaping (Model, Tensor, _ lengths: Tensor) -> [Tensor]
  ) -> ExportCase {
    randomize(layer)
    return ExportCase(
      name: name, module: layer, inputs: { [numbers([$0, 6, 3]), lengths($0, upTo: 6)] },
      body: { body(layer, $0[0], $0[1]) })
  }

  /// Attention with its masks, encoders and decoders.
  static func transformers() -> [ExportCase] { attentions() + encoders() + decoders() }

  private static func attentions() -> [ExportCase] {
    func attending(
      _ name: String, _ body: @escaping (_ query: Tensor, _ keys: Tensor, _ values: Tensor) -> Tensor
    ) -> ExportCase {
      ExportCase(
        name: name, inputs: { rows in ["q", "k", "v"].map { numbers([rows, $0 == "q" ? 4 : 5, 8], $0) } },
        body: { [body($0[0], $0[1], $0[2])] })
    }
    let visible = Tensor([true, true, false, true, false])
    return [
      attending("attention") { attention($0, $1, $2, heads: 2) },
      attending("attention_causal") { attention($0, $1, $2, heads: 4, isCausal: true, scale: 0.3) },
      attending("attention_shared_keys") {
        attention($0, $1.sliced(axis: 2, 0..<4), $2.sliced(axis: 2, 0..<4), heads: 4, keyValueHeads: 2)
      },
      attending("attention_truth_mask") { attention($0, $1, $2, heads: 2, isCausal: true, mask: visible) },
      attending("attention_number_mask") { attention($0, $1, $2, heads: 2, mask: numbers([2, 4, 5], "mask")) },
      attending("attention_unseen") {
        attention($0, $1, $2, heads: 2, mask: Tensor(Array(repeating: false, count: 5)))
      },
      ExportCase(
        name: "attention_lengths",
        inputs: { rows in ["q", "k", "v"].map { numbers([rows, 5, 8], $0) } + [lengths(rows, upTo: 5)] },
        body: { [attention($0[0], $0[1], $0[2], heads: 2, keyLengths: $0[3])] }),
      ExportCase(
        name: "attention_lengths_and_mask",
        inputs: { rows in ["q", "k", "v"].map { numbers([rows, 5, 8], $0) } + [lengths(rows, upTo: 5)] },
        body: { [attention($0[0], $0[1], $0[2], heads: 2, isCausal: true, keyLengths: $0[3], mask: visible)] }),
      layer(
        "multi_head_attention", MultiHeadAttention(8, heads: 2, keyValueHeads: 1, isCausal: true, key: key), [5, 8]),
      layer("rotary_attention", MultiHeadAttention(8, heads: 2, isRotary: true, key: key), [5, 8]),
    ]
  }

  private static func settings(_ place: TransformerSettings.NormPlace, isModern: Bool = false) -> TransformerSettings {
    isModern
      ? TransformerSettings(
        width: 8, heads: 4, keyValueHeads: 2, hidden: 12, activation: .silu, isGated: true, normPlace: place,
        norm: .rootMeanSquare, isRotary: true, hasBias: false)
      : TransformerSettings(width: 8, heads: 2, hidden: 12, normPlace: place)
  }

  private static func encoders() -> [ExportCase] {
    let masked = randomize(TransformerEncoder(settings(.after), blocks: 2, key: key))
    return [
      layer("encoder_norm_before", TransformerEncoder(settings(.before), blocks: 2, key: key), [5, 8]),
      layer("encoder_norm_after", TransformerEncoder(settings(.after), blocks: 2, key: key), [5, 8]),
      layer("encoder_causal", TransformerEncoder(settings(.before), blocks: 1, isCausal: true, key: key), [5, 8]),
      layer("encoder_modern", TransformerEncoder(settings(.before, isModern: true), blocks: 2, key: key), [5, 8]),
      layer(
        "encoder_of_positions",
        Sequential(SinusoidalPositions(8), TransformerEncoder(settings(.before), blocks: 1, key: key)), [5, 8]),
      ExportCase(
        name: "encoder_lengths", module: masked, inputs: { [numbers([$0, 5, 8]), lengths($0, upTo: 5)] },
        body: { [masked($0[0], lengths: $0[1])] }),
    ]
  }

  private static func decoders() -> [ExportCase] {
    let decoder = randomize(TransformerDecoder(settings(.before), blocks: 2, memoryWidth: 6, key: key))
    let after = randomize(TransformerDecoder(settings(.after), blocks: 1, memoryWidth: 6, key: key))
    func inputs(_ rows: Int) -> [Tensor] {
      [numbers([rows, 4, 8]), numbers([rows, 5, 6], "memory"), lengths(rows, upTo: 4), lengths(rows, upTo: 5)]
    }
    return [
      ExportCase(
        name: "decoder", module: decoder, inputs: { Array(inputs($0)[..<2]) },
        body: { [decoder($0[0], memory: $0[1])] }),
      ExportCase(
        name: "decoder_lengths", module: after, inputs: inputs,
        body: { [after($0[0], memory: $0[1], lengths: $0[2], memoryLengths: $0[3])] }),
      layer("decoder_alone", TransformerDecoder(settings(.before, isModern: true), blocks: 2, key: key), [5, 8]),
    ]
  }
}
