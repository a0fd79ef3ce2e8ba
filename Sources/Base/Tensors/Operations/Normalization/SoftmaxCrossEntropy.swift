import Basics
import CKernels
import Kernels

/// The cross entropy of labels under the softmax of scores, per row.
package struct SoftmaxCrossEntropy: Operation {
  package let smoothing: Double
  package let ignored: Int?
  package let hasWeights: Bool
  package var name: String { "softmaxCrossEntropy" }

  /// Inputs: logits [..., classes], labels [...], perhaps class weights [classes]. Output: losses [...].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let logits = inputs[0]
    require(logits.type == .float32, name, "there is no \(name) of \(logits.type) (shape \(logits.shape))")
    // The kernel takes whole numbers of 32 bits, and shares of the label's class above 0.
    if smoothing == 1 { return composition(inputs) ?? [] }
    let (labels, isCounted) = checkedLabels(inputs)
    let places = select(isCounted, labels, Tensor(Int64(-1))).cast(to: .int32)
    let losses = Tensor(repeating: 0, shape: labels.shape)
    let slopes = run.isRecorded ? Tensor(uninitialized: logits.shape, .float32, for: name) : nil
    let rows = Rows(logits.shape)
    withExtendedLifetime((places, slopes)) {
      rows.forEachPart { first, count in
        assay_cross_entropy_rows(
          logits.floats + first * rows.width, places.pointer(Int32.self) + first, count, rows.width, -1,
          Float(smoothing), hasWeights ? UnsafePointer(inputs[2].floats) : nil, 1, losses.floats + first,
          slopes.map { $0.floats + first * rows.width })
      }
    }
    if let slopes { run.keep(slopes) }
    return [losses]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let logits = inputs[0]
    let (labels, isCounted) = checkedLabels(inputs)
    let negative = -apply(one: Softmax(isLogarithmic: true), logits)
    func picked(_ rows: Tensor) -> Tensor {
      rows.taken(along: -1, at: labels.expanded(axis: -1)).squeezed(axes: [-1])
    }
    if logits.count == 0 { return [logits.sum(axes: [-1])] }
    var loss = picked(negative)
    if hasWeights { loss = loss * inputs[2].gathered(at: labels) }
    if smoothing > 0 {
      let weighted = hasWeights ? negative * inputs[2] : negative
      let even = weighted.sum(axes: [-1]) * (smoothing / Double(logits.shape[logits.rank - 1]))
      loss = loss * (1 - smoothing) + even
    }
    return [select(isCounted, loss, loss.constant(0))]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return call.inputs.map { _ in nil } }
    if smoothing == 1 || (hasWeights && call.needs[2]) { return gradientsOfComposition(upstream, call) }
    return [g.expanded(axis: -1) * call.kept[0], nil] + (hasWeights ? [nil] : [])
  }

  /// The labels as int64 with 0 in place of those that are ignored, and which count.
  private func checkedLabels(_ inputs: [Tensor]) -> (labels: Tensor, isCounted: Tensor) {
    let (logits, given) = (inputs[0], inputs[1])
    require(
      logits.rank >= 1 && given.shape == Array(logits.shape.dropLast()), name,
      "labels of shape \(given.shape) do not fit logits of shape \(logits.shape)")
    require(
      given.type == .int32 || given.type == .int64, name, "labels are int32 or int64, not \(given.type)")
    let classes = logits.shape[logits.rank - 1]
    if hasWeights {
      require(
        inputs[2].shape == [classes] && inputs[2].type == logits.type, name,
        "weights of \(inputs[2].type) \(inputs[2].shape) do not fit logits of \(logits.type) \(logits.shape)")
    }
    let wide = given.detached().cast(to: .int64)
    let labels = Tensor(uninitialized: wide.shape, .int64, for: name)
    let isCounted = Tensor(uninitialized: wide.shape, .bool, for: name)
    let (source, target, counted) = (wide.pointer(Int64.self), labels.pointer(Int64.self), isCounted.pointer(Bool.self))
    withExtendedLifetime(wide) {
      for row in 0..<wide.count {
        let label = Int(source[row])
        counted[row] = label != ignored
        target[row] = counted[row] ? Int64(label) : 0
        require(
          !counted[row] || (label >= 0 && label < classes), name,
          "row \(row) has label \(label), which is not in 0 ..< \(classes) (logits of shape \(logits.shape))")
      }
    }
    return (labels, isCounted)
  }
}

/// The cross entropy of labels under the softmax of logits, for each row: -log of the probability that the label's class
/// has.
///
/// A label outside the classes is a mistake that stops the program, naming the row and the label.
///
/// - Parameters:
///   - logits: [..., classes], any real numbers.
///   - labels: [...], int32 or int64, each in 0 ..< classes.
///   - smoothing: The share of the label's probability that is divided evenly among all classes (Szegedy et al. 2016);
///     0 unless given, below or equal to 1.
///   - classWeights: [classes]; what each class's term is multiplied by; none unless given.
///   - ignored: A label whose rows have loss 0 and no gradient; none unless given.
/// - Returns: Losses [...]; their mean over rows, or over the rows' weights, is the caller's.
public func softmaxCrossEntropy(
  _ logits: Tensor, labels: Tensor, smoothing: Double = 0, classWeights: Tensor? = nil, ignoring ignored: Int? = nil
) -> Tensor {
  require(smoothing >= 0 && smoothing <= 1, "softmaxCrossEntropy", "a smoothing of \(smoothing) is not in 0 ... 1")
  let operation = SoftmaxCrossEntropy(smoothing: smoothing, ignored: ignored, hasWeights: classWeights != nil)
  return apply(operation, [logits, labels] + (classWeights.map { [$0] } ?? []))[0]
}
