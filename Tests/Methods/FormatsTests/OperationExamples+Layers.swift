import Basics
import Tensors

extension OperationExample {
  private static let (gain, shift) = (numbers([4], "gain"), numbers([4], "shift"))

  static var layers: [String: [OperationExample]] {
    [
      "matmul": [
        .each { matmul($0, numbers([4, 5], "weight")) }, .each { matmul($0, $0, transposingLeft: true) },
        .each { matmul($0, numbers([5, 4], "weight"), transposingRight: true) },
      ],
      "linear": [
        .each { linear($0, numbers([4, 5], "weight"), bias: numbers([5], "bias"), activation: .relu) },
        .each([4]) { linear($0, numbers([4, 5], "weight"), bias: nil, activation: .gelu) },
      ],
      "convolution": [
        .each([6, 5, 4]) {
          convolution(
            $0, numbers([3, 2, 2, 6], "weight"), bias: numbers([6], "bias"),
            options: ConvolutionOptions(stride: 2, padding: .same, groups: 2), activation: .relu)
        },
        // Both operands come in.
        .of(batchAxis: nil, { [numbers([3, 2, 4, 2], "weight"), numbers([$0, 6, 5, 4])] }) {
          [convolution($0[1], $0[0], options: ConvolutionOptions(padding: .all(1), dilation: 2))]
        },
        .of(batchAxis: nil, { [numbers([2, 2, 2, 6], "weight"), numbers([$0, 6, 5, 4])] }) {
          [convolution($0[1], $0[0], options: ConvolutionOptions(stride: 2, groups: 2))]
        },
      ],
      "convolution1D": [
        .each([8, 3]) { convolution1D($0, numbers([3, 3, 5], "weight"), options: ConvolutionOptions(padding: .same)) }
      ],
      "convolutionTransposed": [
        .each([4, 5, 3]) {
          convolutionTransposed(
            $0, numbers([3, 3, 2, 3], "weight"), bias: numbers([2], "bias"), options: ConvolutionOptions(stride: 2))
        }
      ],
      "maxPool": [
        .each([6, 5, 3]) { maxPool($0, size: (2, 2)) },
        .each([6, 5, 3]) { maxPool($0, size: (3, 2), stride: (2, 1), padding: .same) },
      ],
      "averagePool": [
        .each([6, 5, 3]) { averagePool($0, size: (2, 2)) },
        .each([6, 5, 3]) { averagePool($0, size: (3, 2), stride: (2, 1), padding: .same) },
      ],
      "globalAveragePool": [.each([6, 5, 3]) { globalAveragePool($0) }],
      "batchNorm": [
        .each { batchNorm($0, scale: gain, shift: shift, mean: shift, variance: abs(gain)) },
        .each([4, 6, 4]) {
          batchNorm(
            $0, scale: gain, shift: shift, mean: shift, variance: abs(gain), activation: .relu, poolsByTwo: true)
        },
        .each { batchNorm($0, scale: gain, shift: shift, activation: .relu).output },
        .each { batchNorm($0, scale: gain, shift: shift).variance },
      ],
      "layerNorm": [.each { layerNorm($0, gain: gain, bias: shift) }, .each { layerNorm($0) }],
      "rmsNorm": [.each { rmsNorm($0, gain: gain) }, .each { rmsNorm($0) }],
      "groupNorm": [.each([3, 2, 4]) { groupNorm($0, groups: 2, gain: gain, bias: shift) }],
      "addLayerNorm": [
        .each {
          let (sum, normalized) = addLayerNorm($0, $0 * 2, gain: gain, bias: shift)
          return sum * normalized
        }
      ],
      "softmax": [.each { softmax($0) }, .each { softmax($0, axis: 1) }],
      "logSoftmax": [.each { logSoftmax($0) }, .each { logSoftmax($0, axis: 1) }],
      "softmaxCrossEntropy": [
        crossEntropy(.float32), crossEntropy(.float64),
        .of({ [numbers([$0, 5]), places([$0], below: 5)] }) {
          [
            softmaxCrossEntropy(
              $0[0], labels: $0[1], smoothing: 0.1, classWeights: Tensor([1, 2, 0.5, 3, 1] as [Float]), ignoring: 4)
          ]
        },
      ],
    ]
  }

  private static func crossEntropy(_ type: ElementType) -> OperationExample {
    .of({ [numbers([$0, 5]), places([$0], below: 5)] }) {
      [softmaxCrossEntropy($0[0].cast(to: type), labels: $0[1]).cast(to: .float32)]
    }
  }

  /// A sequence for each row, and how much of it counts.
  private static func sequence(_ rows: Int) -> [Tensor] {
    [numbers([rows, 5, 3]), Tensor((0..<rows).map { Int64(5 - $0 % 5) })]
  }

  /// A recurrent layer without and with lengths, and with weights that are computed from the inputs.
  private static func recurrences(
    gates: Int, biases: Int, _ layer: @escaping ([Tensor], Tensor?) -> [Tensor]
  ) -> [OperationExample] {
    let weights =
      [numbers([3, gates * 4], "input") * 0.5, numbers([4, gates * 4], "recurrent") * 0.5]
      + (0..<biases).map { numbers([gates * 4], "bias \($0)") }
    return [
      .of(sequence) { layer([$0[0]] + weights, nil) }, .of(sequence) { layer([$0[0]] + weights, $0[1]) },
      .of(sequence) { inputs in
        let factor = inputs[0].mean() + 1
        return layer([inputs[0]] + weights.map { $0 * factor }, inputs[1])
      },
    ]
  }

  static var sequences: [String: [OperationExample]] {
    [
      "lstm": recurrences(gates: 4, biases: 1) { x, lengths in
        let result = lstm(x[0], inputWeight: x[1], recurrentWeight: x[2], bias: x[3], lengths: lengths)
        return [result.outputs, result.hidden, result.cell]
      },
      "gru": recurrences(gates: 3, biases: 2) { x, lengths in
        let result = gru(
          x[0], inputWeight: x[1], recurrentWeight: x[2], inputBias: x[3], recurrentBias: x[4], lengths: lengths,
          isReversed: true)
        return [result.outputs, result.hidden]
      },
      "recurrent": recurrences(gates: 1, biases: 1) { x, lengths in
        let result = recurrent(x[0], inputWeight: x[1], recurrentWeight: x[2], bias: x[3], lengths: lengths)
        return [result.outputs, result.hidden]
      },
      "attention": [
        .each([5, 8]) { attention($0, $0 * 2, $0, heads: 2, isCausal: true) },
        attending(.float32), attending(.float64),
      ],
      "ctcLoss": [labelled(.float32), labelled(.float64)],
      "checkpointed": [.each { checkpointed([$0]) { [tanh($0[0]) * $0[0]] }[0] }],
      "gradients": [
        .each {
          let x = $0.tracked()
          return gradients(of: exp(x).sum(), at: [x])[0]
        }
      ],
      "valueWithGradients": [
        .each { x in valueWithGradients(at: [x]) { (exp($0[0]) * sigmoid($0[0])).sum() }.gradients[0] }
      ],
      "detached": [.each { $0.detached() * 2 }],
    ]
  }

  private static func attending(_ type: ElementType) -> OperationExample {
    .of({ [numbers([$0, 5, 8]), Tensor((0..<$0).map { Int64(5 - $0 % 4) })] }) {
      let x = $0[0].cast(to: type)
      return [attention(x, x * 2, x, heads: 2, keyLengths: $0[1]).cast(to: .float32)]
    }
  }

  private static func labelled(_ type: ElementType) -> OperationExample {
    .of({ rows in
      [
        numbers([rows, 6, 4]), places([rows, 3], below: 3) + Tensor(Int64(1)),
        Tensor((0..<rows).map { Int64(6 - $0 % 2) }), Tensor((0..<rows).map { Int64($0 % 4) }),
      ]
    }) {
      let scores = logSoftmax($0[0].cast(to: type))
      let loss = ctcLoss(scores, labels: $0[1], inputLengths: $0[2], labelLengths: $0[3])
      return [loss.cast(to: .float32)]
    }
  }
}
