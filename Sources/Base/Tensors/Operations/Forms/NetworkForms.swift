/// How a window passes over images, channels last; sizes are those of inputs and outputs.
package struct WindowForm: Sendable, Hashable {
  /// Height and width of the window.
  package let size: [Int]
  package let strides: [Int]
  package let dilations: [Int]
  /// Above, left, below, right.
  package let pads: [Int]
  package let groups: Int

  init(_ geometry: ConvolutionGeometry) {
    size = [geometry.kernelHeight, geometry.kernelWidth]
    strides = [geometry.strideHeight, geometry.strideWidth]
    dilations = [geometry.dilationHeight, geometry.dilationWidth]
    pads = [geometry.padTop, geometry.padLeft, geometry.padBottom, geometry.padRight]
    groups = geometry.groups
  }
}

extension Linear: FormedOperation {
  package var form: OperationForm { .linear(isRectified: isRectified) }
}

extension Convolution: FormedOperation {
  package var form: OperationForm { .convolution(WindowForm(geometry), isRectified: isRectified) }
}

extension ConvolutionInputGradient: FormedOperation {
  package var form: OperationForm { .transposedConvolution(WindowForm(geometry)) }
}

extension MaxPool: FormedOperation {
  package var form: OperationForm { .maxPool(WindowForm(geometry)) }
}

extension AveragePool: FormedOperation {
  package var form: OperationForm { .averagePool(WindowForm(geometry), countsPadding: countsPadding) }
}

extension Resize: FormedOperation {
  package var form: OperationForm { .resize(axes: axes, scales: scales, options) }
}

extension Softmax: FormedOperation {
  package var form: OperationForm { .softmax(isLogarithmic: isLogarithmic) }
}

extension LayerNorm: FormedOperation {
  package var form: OperationForm { .layerNorm(epsilon: epsilon) }
}

extension FixedBatchNorm: FormedOperation {
  package var form: OperationForm { .batchNorm(epsilon: epsilon, isRectified: isRectified, isPooled: isPooled) }
}

/// A recurrent layer over whole sequences: x, input weight, recurrent weight, biases, states, lengths.
package struct RecurrentForm: Sendable, Hashable {
  /// The unit, by its gates.
  package enum Unit: Sendable, Hashable { case lstm, gru, tanh, relu }

  package let unit: Unit
  /// The number of vectors of biases.
  package let biases: Int
  package let states: Int
  package let hasLengths: Bool
  package let isReversed: Bool

  init(_ unit: Unit, _ recurrence: Recurrence) {
    self.unit = unit
    biases = recurrence.biases
    states = recurrence.stateCount
    hasLengths = recurrence.hasLengths
    isReversed = recurrence.isReversed
  }
}

extension LSTM: FormedOperation {
  package var form: OperationForm { .recurrent(RecurrentForm(.lstm, recurrence)) }
}

extension GRU: FormedOperation {
  package var form: OperationForm { .recurrent(RecurrentForm(.gru, recurrence)) }
}

extension PlainRecurrent: FormedOperation {
  package var form: OperationForm { .recurrent(RecurrentForm(isRectified ? .relu : .tanh, recurrence)) }
}

extension Attention: ExportedOperation {
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    guard hasLengths else { return composition(inputs) }
    // The composition reads the lengths; here they become a mask.
    let (batch, keys) = (inputs[0].shape[0], inputs[1].shape[1])
    let lengths = inputs[3].cast(to: .int64).reshaped(to: [batch, 1, 1, 1])
    let hidden = inputs[0].constant(-.infinity)
    var mask = select(.range(keys) .< lengths, inputs[0].constant(0), hidden)
    if hasMask { mask = mask + inputs[4] }
    let masked = Attention(
      heads: heads, keyValueHeads: keyValueHeads, isCausal: isCausal, scale: scale, hasLengths: false, hasMask: true)
    return masked.composition(Array(inputs[..<3]) + [mask])
  }
}

extension SoftmaxCrossEntropy: ExportedOperation {
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    // The composition reads the labels, to check them.
    let negative = -apply(one: Softmax(isLogarithmic: true), inputs[0])
    let given = inputs[1].cast(to: .int64)
    let isCounted = ignored.map { given .!= Double($0) }
    let labels = isCounted.map { select($0, given, given.constant(0)) } ?? given
    var loss = negative.taken(along: -1, at: labels.expanded(axis: -1)).squeezed(axes: [-1])
    if hasWeights { loss = loss * inputs[2].gathered(at: labels) }
    if smoothing > 0 {
      let weighted = hasWeights ? negative * inputs[2] : negative
      let even = weighted.sum(axes: [-1]) * (smoothing / Double(inputs[0].shape[inputs[0].rank - 1]))
      loss = loss * (1 - smoothing) + even
    }
    return [isCounted.map { select($0, loss, loss.constant(0)) } ?? loss]
  }
}

extension BagNumbers: ExportedOperation {
  package func exported(_ inputs: [Tensor]) -> [Tensor]? {
    // A bag that begins at an index raises the number from there on; one that begins behind the last raises nothing.
    let begins = Tensor.zeros([count + 1], type: .int64)
      .scatterAdded(.ones([inputs[0].count], type: .int64), at: inputs[0].cast(to: .int64))
    return [begins.cumulativeSum(axis: 0)[0..<count] - Tensor(Int64(1))]
  }
}
