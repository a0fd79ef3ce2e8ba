/// What an operation does, in words that other formats can be told: its kind with the settings that do not follow from the
/// shapes of inputs and outputs.
///
/// An operation without a form is exported as its `composition`.
package enum OperationForm: Sendable, Hashable {
  case identity
  /// A function of each element by the name that `Unary.Kind` has, with its number where it has one.
  case unary(String, setting: Double? = nil)
  case binary(String)
  case comparison(String)
  case select
  case cast(ElementType)
  case reshape
  case broadcast
  case matmul(transposesLeft: Bool, transposesRight: Bool)
  /// A reduction over axes, which stay with size 1: "sum", "max", "min", "product", "all", "any".
  case reduction(String, axes: [Int])
  case transpose([Int])
  /// A box of elements; its sizes are those of the output.
  case slice(starts: [Int], steps: [Int])
  /// The input as a box in an output that is filled with a number.
  case place(starts: [Int], steps: [Int], filler: Double)
  case concatenate(axis: Int)
  /// Parts along an axis; their sizes are those of the outputs.
  case split(axis: Int)
  /// The place of the largest or smallest element along an axis, which stays with size 1.
  case argExtremum(isLargest: Bool, axis: Int)
  case cumulativeSum(axis: Int, isReversed: Bool, isExclusive: Bool)
  /// The places along an axis in the order of their elements, as many as the output has.
  case argSort(axis: Int, descending: Bool)
  /// Of a tensor, at indices.
  case gather(axis: Int)
  /// Of a tensor, at indices of its rank.
  case takeAlong(axis: Int)
  /// Of values, at indices of their rank along an axis, onto zeros.
  case putAlong(axis: Int)
  /// Of values, at indices, onto a third input or zeros.
  case scatterAdd(axis: Int)
  /// Of rows and the segment of each: the largest of each column, 0 where a segment has none.
  case segmentMax
  /// Of rows, a matrix and a bias, with a rectifier behind it or not.
  case linear(isRectified: Bool)
  /// Of images, weights [kh, kw, in / groups, out] and a bias or none.
  case convolution(WindowForm, isRectified: Bool)
  /// Of images and the weights of the convolution that it transposes.
  case transposedConvolution(WindowForm)
  case maxPool(WindowForm)
  case averagePool(WindowForm, countsPadding: Bool)
  /// Of axes; their sizes are those of the output, and coordinates are divided by scales where there are some.
  case resize(axes: [Int], scales: [Float]?, ResizeOptions)
  /// Over the last axis.
  case softmax(isLogarithmic: Bool)
  /// Of rows, a gain and a bias.
  case layerNorm(epsilon: Double)
  case recurrent(RecurrentForm)
  /// Of x [..., channels], scale, shift, mean and variance; a rectifier and 2 x 2 max pooling may follow.
  case batchNorm(epsilon: Double, isRectified: Bool, isPooled: Bool)
}

/// An operation that has a form.
package protocol FormedOperation: Operation {
  /// The form.
  var form: OperationForm { get }
}

/// An operation whose composition reads the values of its inputs, so that an export needs another one.
package protocol ExportedOperation: Operation {
  /// The outputs by operations that depend on the inputs' shapes alone; nil if there is no way.
  func exported(_ inputs: [Tensor]) -> [Tensor]?
}

extension Identity: FormedOperation {
  package var form: OperationForm { .identity }
}

extension Unary: FormedOperation {
  package var form: OperationForm {
    switch kind {
    case .leakyRelu(let slope): .unary(name, setting: slope)
    case .elu(let scale): .unary(name, setting: scale)
    default: .unary(name)
    }
  }
}

extension Binary: FormedOperation {
  package var form: OperationForm { .binary(kind.rawValue) }
}

extension Comparison: FormedOperation {
  package var form: OperationForm { .comparison(kind.rawValue) }
}

extension Select: FormedOperation {
  package var form: OperationForm { .select }
}

extension Cast: FormedOperation {
  package var form: OperationForm { .cast(type) }
}

extension Reshape: FormedOperation {
  package var form: OperationForm { .reshape }
}

extension BroadcastTo: FormedOperation {
  package var form: OperationForm { .broadcast }
}

extension MatMul: FormedOperation {
  package var form: OperationForm { .matmul(transposesLeft: transposesLeft, transposesRight: transposesRight) }
}

extension Sum: FormedOperation {
  package var form: OperationForm { .reduction("sum", axes: axes) }
}
