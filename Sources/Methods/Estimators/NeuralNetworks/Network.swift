import Basics
import CKernels
import Foundation
import Kernels

/// The layout of a network's numbers in one array: layer after layer the weights (input-major) and the biases, then
/// the vectors of the embedded categories.
struct NetworkShape: Sendable, Codable {
  /// Numbers per row that come from outside, before the learned vectors.
  let denseWidth: Int
  /// The widths of the layers: inputs, hidden layers, outputs.
  let widths: [Int]
  /// Levels and vector length of each embedded category.
  let tableSizes: [Int]
  let tableWidths: [Int]
  let activation: NeuralNetwork.Activation

  init(_ encoding: NetworkEncoding, hidden: [Int], outputs: Int, activation: NeuralNetwork.Activation) {
    denseWidth = encoding.denseWidth
    tableSizes = encoding.tableSizes
    tableWidths = tableSizes.map(NetworkEncoding.vectorWidth)
    widths = [denseWidth + tableWidths.reduce(0, +)] + hidden + [outputs]
    self.activation = activation
  }

  var layerCount: Int { widths.count - 1 }
  var outputs: Int { widths[layerCount] }

  /// Where the weights of a layer start; its biases follow.
  func weightStart(_ layer: Int) -> Int {
    (0..<layer).reduce(0) { $0 + widths[$1] * widths[$1 + 1] + widths[$1 + 1] }
  }

  func biasStart(_ layer: Int) -> Int { weightStart(layer) + widths[layer] * widths[layer + 1] }

  func tableStart(_ table: Int) -> Int {
    (0..<table).reduce(weightStart(layerCount)) { $0 + tableSizes[$1] * tableWidths[$1] }
  }

  /// All numbers of the network.
  var count: Int { tableStart(tableSizes.count) }

  /// Weights of variance 2 / inputs (He and others 2015), an output layer that starts at the shares or the mean.
  func initialParameters(_ target: NetworkTarget, _ key: RandomKey) -> [Float] {
    var stream = key.stream()
    var parameters = [Float](repeating: 0, count: count)
    for layer in 0..<layerCount - 1 {
      let size = (2 / Double(max(1, widths[layer]))).squareRoot()
      for index in weightStart(layer)..<biasStart(layer) {
        parameters[index] = Float(size * stream.normal())
      }
    }
    let bias = biasStart(layerCount - 1)
    for (k, start) in target.start.enumerated() { parameters[bias + k] = start }
    for index in tableStart(0)..<count { parameters[index] = Float(0.3 * stream.normal()) }
    return parameters
  }
}

/// The working memory of a network on a block of rows, forwards and backwards.
struct NetworkPass {
  let shape: NetworkShape
  let capacity: Int
  /// The inputs of each layer, `widths[layer]` per row; the last are the outputs.
  private(set) var values: [[Float]]
  /// The slopes of the activations of hidden layers, at `layer + 1`.
  private var slopes: [[Float]]
  /// The derivatives of the loss in `values`.
  private var gradients: [[Float]]

  init(_ shape: NetworkShape, capacity: Int) {
    self.shape = shape
    self.capacity = capacity
    values = shape.widths.map { Array(repeating: 0, count: $0 * capacity) }
    slopes = values
    gradients = values
  }

  /// The outputs, `shape.outputs` per row.
  var outputs: [Float] { values[shape.layerCount] }

  /// Computes the outputs of some rows; `keep` below 1 drops entries of hidden layers.
  mutating func forward(
    _ parameters: [Float], dense: [Float], positions: [Int32], rows: ArraySlice<Int>, keep: Float, seed: UInt64
  ) {
    load(parameters, dense, positions, rows)
    let count = rows.count
    parameters.withUnsafeBufferPointer { parameters in
      for layer in 0..<shape.layerCount {
        let inputs = shape.widths[layer]
        let outputs = shape.widths[layer + 1]
        let weights = parameters.baseAddress! + shape.weightStart(layer)
        let biases = parameters.baseAddress! + shape.biasStart(layer)
        values[layer].withUnsafeBufferPointer { from in
          values[layer + 1].withUnsafeMutableBufferPointer { to in
            for row in 0..<count { (to.baseAddress! + row * outputs).update(from: biases, count: outputs) }
            if inputs > 0 {
              multiply(
                MatrixView(from.baseAddress!, width: inputs), MatrixView(weights, width: outputs), rows: count,
                inner: inputs, columns: outputs, into: to.baseAddress!, stride: outputs, adding: true)
            }
          }
        }
        guard layer + 1 < shape.layerCount else { continue }
        let layerSeed = seed &+ UInt64(layer) &* 0x9E37_79B9_7F4A_7C15
        switch shape.activation {
        case .silu: assay_silu(&values[layer + 1], &slopes[layer + 1], count * outputs, keep, layerSeed)
        case .relu: assay_relu(&values[layer + 1], &slopes[layer + 1], count * outputs, keep, layerSeed)
        }
      }
    }
  }

  private mutating func load(
    _ parameters: [Float], _ dense: [Float], _ positions: [Int32], _ rows: ArraySlice<Int>
  ) {
    let width = shape.widths[0]
    let tables = shape.tableSizes.count
    values[0].withUnsafeMutableBufferPointer { inputs in
      dense.withUnsafeBufferPointer { dense in
        for (at, row) in rows.enumerated() where shape.denseWidth > 0 {
          (inputs.baseAddress! + at * width).update(
            from: dense.baseAddress! + row * shape.denseWidth, count: shape.denseWidth)
        }
      }
      var offset = shape.denseWidth
      for table in 0..<tables {
        let length = shape.tableWidths[table]
        let start = shape.tableStart(table)
        for (at, row) in rows.enumerated() {
          let position = Int(positions[row * tables + table])
          for k in 0..<length {
            inputs[at * width + offset + k] = position < 0 ? 0 : parameters[start + position * length + k]
          }
        }
        offset += length
      }
    }
  }

  /// Writes the derivatives of the loss in all parameters, given those in the outputs (`shape.outputs` per row).
  mutating func backward(
    _ parameters: [Float], outputGradient: [Float], positions: [Int32], rows: ArraySlice<Int>,
    into gradient: inout [Float]
  ) {
    let count = rows.count
    let last = shape.layerCount
    gradients[last].replaceSubrange(0..<count * shape.outputs, with: outputGradient[..<(count * shape.outputs)])
    gradient.withUnsafeMutableBufferPointer { gradient in
      parameters.withUnsafeBufferPointer { parameters in
        for layer in stride(from: last - 1, through: 0, by: -1) {
          let inputs = shape.widths[layer]
          let outputs = shape.widths[layer + 1]
          if layer + 1 < last { assay_scale_by(slopes[layer + 1], &gradients[layer + 1], count * outputs) }
          gradients[layer + 1].withUnsafeBufferPointer { above in
            let biases = gradient.baseAddress! + shape.biasStart(layer)
            for k in 0..<outputs { biases[k] = 0 }
            for row in 0..<count { for k in 0..<outputs { biases[k] += above[row * outputs + k] } }
            guard inputs > 0 else { return }
            values[layer].withUnsafeBufferPointer { values in
              multiply(
                MatrixView(values.baseAddress!, width: inputs).transposed,
                MatrixView(above.baseAddress!, width: outputs), rows: inputs, inner: count, columns: outputs,
                into: gradient.baseAddress! + shape.weightStart(layer), stride: outputs)
            }
            // Below the first layer only the learned vectors need a derivative.
            let from = layer == 0 ? shape.denseWidth : 0
            guard inputs > from else { return }
            let weights = MatrixView(
              parameters.baseAddress! + shape.weightStart(layer) + from * outputs, width: outputs)
            gradients[layer].withUnsafeMutableBufferPointer { below in
              multiply(
                MatrixView(above.baseAddress!, width: outputs), weights.transposed, rows: count, inner: outputs,
                columns: inputs - from, into: below.baseAddress! + from, stride: inputs)
            }
          }
        }
      }
      scatter(positions, rows, into: gradient.baseAddress!)
    }
  }

  private func scatter(_ positions: [Int32], _ rows: ArraySlice<Int>, into gradient: UnsafeMutablePointer<Float>) {
    let tables = shape.tableSizes.count
    let width = shape.widths[0]
    var offset = shape.denseWidth
    for table in 0..<tables {
      let length = shape.tableWidths[table]
      let start = gradient + shape.tableStart(table)
      start.update(repeating: 0, count: shape.tableSizes[table] * length)
      for (at, row) in rows.enumerated() {
        let position = Int(positions[row * tables + table])
        if position < 0 { continue }
        for k in 0..<length { start[position * length + k] += gradients[0][at * width + offset + k] }
      }
      offset += length
    }
  }
}
