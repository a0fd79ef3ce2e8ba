import Basics
import CKernels
import Kernels

/// The recurrent kernels' view of one layer: buffers, packed weights and parts of the sequences.
struct RecurrenceParts {
  let recurrence: Recurrence
  let sizes: RecurrenceSizes
  /// The numbers of a row of gates for one step.
  let gateWidth: Int

  init(_ recurrence: Recurrence, _ sizes: RecurrenceSizes, gateWidth: Int? = nil) {
    self.recurrence = recurrence
    self.sizes = sizes
    self.gateWidth = gateWidth ?? recurrence.gates * sizes.hidden
  }

  /// Strides of buffers that hold all steps of each sequence in a row.
  var shape: assay_recurrence {
    var shape = assay_recurrence()
    (shape.steps, shape.hidden) = (sizes.steps, sizes.hidden)
    shape.reverse = recurrence.isReversed ? 1 : 0
    (shape.gates_row, shape.gates_step) = (sizes.steps * gateWidth, gateWidth)
    (shape.y_row, shape.y_step) = (sizes.steps * sizes.hidden, sizes.hidden)
    (shape.dy_row, shape.dy_step) = (shape.y_row, shape.y_step)
    (shape.cells_row, shape.cells_step) = (shape.y_row, shape.y_step)
    return shape
  }

  /// Packs the recurrent weights once, for all sequences, and calls `body(packed, part)` for parts of them on several
  /// threads.
  ///
  /// The bits of a sequence do not depend on what is computed beside it, so the parts may follow the threads. A part's
  /// numbers of one step stay in the second-level cache.
  func forEachPart(
    _ weight: Tensor, isBackward: Bool = false, _ body: (UnsafeMutablePointer<Float>, RecurrencePart) -> Void
  ) {
    let (gates, hidden, columns) = (recurrence.gates, sizes.hidden, recurrence.gates * sizes.hidden)
    let lengths = sizes.lengths ?? []
    let share = (sizes.batch + Compute.workers - 1) / Compute.workers
    let pieces = max(1, (share + 47) / 48)
    withScratch(assay_recurrent_packed_size(gates, hidden)) { packed in
      if isBackward {
        assay_recurrent_pack_backward(gates, hidden, weight.floats, columns, 1, packed)
      } else {
        assay_recurrent_pack(gates, hidden, weight.floats, columns, 1, packed)
      }
      lengths.withUnsafeBufferPointer { lengths in
        let lengths = sizes.lengths == nil ? nil : lengths.baseAddress.map { SharedPointer(pointer: $0) }
        Kernels.forEachPart(of: sizes.batch, grain: max(1, (share + pieces - 1) / pieces)) { rows in
          withScratch(assay_recurrent_scratch(gates, hidden, rows.count)) { scratch in
            body(
              packed,
              RecurrencePart(rows: rows, lengths: lengths.map { $0.pointer + rows.lowerBound }, scratch: scratch))
          }
        }
      }
    }
  }

  /// What goes into all gates at all steps from the inputs; nil where nobody needs it later and it is so large that each
  /// part had better compute its own and forget it.
  func gates(_ inputs: [Tensor], isRecorded: Bool) -> Tensor? {
    guard isRecorded || sizes.batch * sizes.steps * gateWidth <= 1 << 22 else { return nil }
    let gates = Tensor(
      uninitialized: [sizes.batch, sizes.steps, gateWidth], .float32, for: recurrence.name)
    project(inputs, into: gates.floats)
    return gates
  }

  /// The products of all inputs with their weights and the bias, in rows of `gateWidth` numbers.
  func project(_ inputs: [Tensor], into gates: UnsafeMutablePointer<Float>) {
    product(rows: sizes.batch * sizes.steps, inputs).run(
      MatrixView(inputs[0].floats, width: sizes.inputs),
      MatrixView(inputs[1].floats, width: inputs[1].shape[1]), into: gates, stride: gateWidth)
  }

  /// The same for some of the sequences, on this thread alone.
  func project(_ inputs: [Tensor], rows: Range<Int>, into gates: UnsafeMutablePointer<Float>) {
    product(rows: rows.count * sizes.steps, inputs).runSmall(
      MatrixView(inputs[0].floats + rows.lowerBound * sizes.steps * sizes.inputs, width: sizes.inputs),
      MatrixView(inputs[1].floats, width: inputs[1].shape[1]), into: gates, stride: gateWidth)
  }

  private func product(rows: Int, _ inputs: [Tensor]) -> MatrixProduct {
    var product = MatrixProduct(rows: rows, inner: sizes.inputs, columns: inputs[1].shape[1])
    product.bias = UnsafePointer(inputs[3].floats)
    product.roundsToBFloat16 = recurrence.precision == .bfloat16
    return product
  }

  /// The gradient of the inputs, from those of the gates.
  func inputGradient(_ call: OperationCall, _ dgates: Tensor) -> Tensor {
    let columns = recurrence.gates * sizes.hidden
    let result = Tensor(uninitialized: call.inputs[0].shape, .float32, for: recurrence.name)
    var product = MatrixProduct(rows: sizes.batch * sizes.steps, inner: columns, columns: sizes.inputs)
    product.roundsToBFloat16 = recurrence.precision == .bfloat16
    product.run(
      MatrixView(dgates.floats, width: gateWidth), MatrixView(call.inputs[1].floats, width: columns).transposed,
      into: result.floats, stride: sizes.inputs)
    return result
  }

  /// What the gates' gradients are multiplied with for the gradients of weights and biases: inputs and states before
  /// each step, as far as they are given, and a column of ones.
  ///
  /// Side by side they make one product of three, in which the gates' gradients are read and packed once.
  struct Factors {
    var inputs: Tensor?
    var outputs: Tensor?
    var initial: Tensor?
  }

  /// The gradients of input weights, recurrent weights and bias, where all three meet the same gates.
  func parameterGradients(_ call: OperationCall, _ initial: Tensor?, _ dgates: Tensor) -> [Tensor?] {
    guard call.needs[1] || call.needs[2] || call.needs[3] else { return [nil, nil, nil] }
    let factors = Factors(inputs: call.inputs[0], outputs: call.outputs[0], initial: initial)
    let all = weightGradients(factors, dgates, blocks: [0..<recurrence.gates * sizes.hidden])
    let end = sizes.inputs + sizes.hidden
    return [all[0..<sizes.inputs], all[sizes.inputs..<end], all[end]]
  }

  /// The gradients of input weights, recurrent weights and bias, below each other: [in + hidden + 1, columns].
  ///
  /// - Parameter blocks: Ranges of the columns of `dgates`, which together are those of the weights.
  func weightGradients(_ factors: Factors, _ dgates: Tensor, blocks: [Range<Int>]) -> Tensor {
    let (rows, hidden, columns) = (sizes.batch * sizes.steps, sizes.hidden, recurrence.gates * sizes.hidden)
    let inputWidth = factors.inputs == nil ? 0 : sizes.inputs
    let width = inputWidth + (factors.outputs == nil ? 0 : hidden) + 1
    let result = Tensor(uninitialized: [width, columns], .float32, for: recurrence.name)
    withScratch(rows * width) { left in
      fill(left, factors, inputWidth, width)
      var first = 0
      for block in blocks {
        var product = MatrixProduct(rows: width, inner: rows, columns: block.count)
        product.roundsToBFloat16 = recurrence.precision == .bfloat16
        product.run(
          MatrixView(left, width: width).transposed,
          MatrixView(dgates.floats + block.lowerBound, row: gateWidth, column: 1),
          into: result.floats + first, stride: columns)
        first += block.count
      }
    }
    return result
  }

  private func fill(_ left: UnsafeMutablePointer<Float>, _ factors: Factors, _ inputWidth: Int, _ width: Int) {
    let (steps, hidden) = (sizes.steps, sizes.hidden)
    let lengths = sizes.lengths ?? []
    lengths.withUnsafeBufferPointer { lengths in
      let lengths = sizes.lengths == nil ? nil : lengths.baseAddress.map { SharedPointer(pointer: $0) }
      Kernels.forEachPart(of: sizes.batch, grain: max(1, 32_768 / max(1, steps * width))) { part in
        let target = left + part.lowerBound * steps * width
        if let outputs = factors.outputs {
          var shape = shape
          assay_recurrent_previous(
            &shape, part.count, outputs.floats + part.lowerBound * shape.y_row,
            factors.initial.map { $0.floats + part.lowerBound * hidden },
            lengths.map { $0.pointer + part.lowerBound }, target + inputWidth, steps * width, width)
        }
        let inputs = factors.inputs.map { $0.floats + part.lowerBound * steps * inputWidth }
        for row in 0..<part.count * steps {
          if let inputs { (target + row * width).update(from: inputs + row * inputWidth, count: inputWidth) }
          target[row * width + width - 1] = 1
        }
      }
    }
  }
}

/// Some of the sequences, for one task.
struct RecurrencePart {
  let rows: Range<Int>
  /// The lengths of these sequences.
  let lengths: UnsafePointer<Int>?
  let scratch: UnsafeMutablePointer<Float>
}

/// Memory that tasks read.
private struct SharedPointer: @unchecked Sendable { let pointer: UnsafePointer<Int> }
