import Basics
import Networks
import Tensors

extension ExportCase {
  /// Losses with lengths, and gradients: what is computed while a network is trained, as graphs.
  static func training() -> [ExportCase] {
    [
      ExportCase(name: "ctc_loss", inputs: transcripts) { [transcriptLoss($0[0], $0)] },
      ExportCase(name: "ctc_loss_gradient", inputs: transcripts) { inputs in
        [slope(inputs[0]) { transcriptLoss($0, inputs).sum() }]
      },
      slopes(of: convolutions(), "convolutions_gradient", [8, 8, 3]),
      slopes(of: LSTM(3, 5, isBidirectional: true, key: key), "lstm_gradient", [6, 3]),
      slopes(of: GRU(3, 5, key: key), "gru_gradient", [6, 3]),
      slopes(
        of: TransformerEncoder(TransformerSettings(width: 8, heads: 2, hidden: 16), blocks: 1, key: key),
        "encoder_gradient", [5, 8]),
    ]
  }

  /// Axes made longer and shorter.
  static func resizing() -> [ExportCase] {
    let methods: [(String, ResizeOptions)] = [
      ("nearest", ResizeOptions()), ("linear", ResizeOptions(.linear)), ("cubic", ResizeOptions(.cubic)),
      ("linear_corners", ResizeOptions(.linear, alignment: .corners)),
    ]
    return methods.flatMap { name, options in
      [
        function("resize_\(name)", [4, 5, 2]) { resize($0, to: [7, 3], options: options) },
        layer("upsample_\(name)", Upsample(2, 1.5, options: options), [4, 6, 2]),
      ]
    }
  }

  private static let key = RandomKey(seed: 17)

  /// A small network of images, with all that lies between convolutions as a rule.
  private static func convolutions() -> Sequential {
    Sequential(
      Conv2D(3, 4, size: 3, padding: .same, key: key["first"]), BatchNorm(4), MaxPool2D(),
      Conv2D(4, 4, size: 3, padding: .same, key: key["second"]), AveragePool2D(), Upsample(2), GlobalAveragePool(),
      Dense(4, 2, key: key["last"]))
  }

  /// The gradient of the sum of squared outputs with respect to the inputs.
  private static func slopes(of layer: some Layer, _ name: String, _ shape: [Int]) -> ExportCase {
    randomize(layer)
    return ExportCase(name: name, module: layer, inputs: { [numbers([$0] + shape)] }) { inputs in
      [slope(inputs[0]) { square(layer.forward($0, .inference)).sum() }]
    }
  }

  private static func slope(_ x: Tensor, _ loss: (Tensor) -> Tensor) -> Tensor {
    valueWithGradients(at: [x]) { loss($0[0]) }.gradients[0]
  }

  /// Scores of six frames, up to three labels, and how many there are of both.
  private static func transcripts(_ rows: Int) -> [Tensor] {
    [
      numbers([rows, 6, 4]), places([rows, 3], below: 3) + Tensor(Int64(1)),
      Tensor((0..<rows).map { Int64(6 - $0 % 2) }), Tensor((0..<rows).map { Int64($0 % 4) }),
    ]
  }

  private static func transcriptLoss(_ scores: Tensor, _ inputs: [Tensor]) -> Tensor {
    ctcLoss(logSoftmax(scores), labels: inputs[1], inputLengths: inputs[2], labelLengths: inputs[3])
  }
}
