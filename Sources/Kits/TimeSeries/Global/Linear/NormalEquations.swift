import Basics
import Foundation
import Kernels

/// Sums over windows that decide a linear map from the known numbers of a window to those that follow, with any ridge
/// penalty: inputs times inputs, inputs times targets.
struct NormalEquations: Sendable {
  let inputs: Int
  let targets: Int
  /// [inputs, inputs], row-major.
  private(set) var gram: [Double]
  /// [inputs, targets], row-major.
  private(set) var cross: [Double]
  private(set) var inputSums: [Double]
  private(set) var targetSums: [Double]
  /// The sum of the windows' weights.
  private(set) var weight = 0.0

  /// Sums over windows; those of whose targets less than half is known are left out, and those whose targets lie so far
  /// away that their scale says nothing about them.
  ///
  /// - Parameter weighsByUnit: Whether a window counts by the square of its unit, so that errors count in the series'
  ///   own numbers.
  init(_ reader: WindowReader, _ windows: [Window], weighsByUnit: Bool, check: () throws -> Void) throws {
    inputs = reader.lookBack
    targets = reader.horizon
    gram = Array(repeating: 0, count: inputs * inputs)
    cross = Array(repeating: 0, count: inputs * targets)
    inputSums = Array(repeating: 0, count: inputs)
    targetSums = Array(repeating: 0, count: targets)
    let size = 2048
    var block = WindowBlock(inputs: inputs, targets: targets, capacity: min(size, max(windows.count, 1)))
    var partial = [Float](repeating: 0, count: inputs * max(inputs, targets))
    for start in stride(from: 0, to: windows.count, by: size) {
      try check()
      block.read(windows[start..<min(windows.count, start + size)], reader, weighsByUnit: weighsByUnit)
      add(block, &partial)
    }
  }

  private mutating func add(_ block: WindowBlock, _ partial: inout [Float]) {
    let (inputs, targets) = (inputs, targets)
    block.inputs.withUnsafeBufferPointer { x in
      block.targets.withUnsafeBufferPointer { y in
        partial.withUnsafeMutableBufferPointer { partial in
          guard let x = x.baseAddress, let y = y.baseAddress, let partial = partial.baseAddress else { return }
          let left = MatrixView(x, width: inputs)
          MatrixProduct(rows: inputs, inner: block.count, columns: inputs)
            .run(left.transposed, left, into: partial, stride: inputs)
          for i in 0..<inputs * inputs { gram[i] += Double(partial[i]) }
          MatrixProduct(rows: inputs, inner: block.count, columns: targets)
            .run(left.transposed, MatrixView(y, width: targets), into: partial, stride: targets)
          for i in 0..<inputs * targets { cross[i] += Double(partial[i]) }
          for row in 0..<block.count {
            let root = Double(block.roots[row])
            weight += root * root
            for i in 0..<inputs { inputSums[i] += root * Double(x[row * inputs + i]) }
            for i in 0..<targets { targetSums[i] += root * Double(y[row * targets + i]) }
          }
        }
      }
    }
  }

  /// The matrix and right sides with the means taken out, so that the constants of the map are not penalised.
  var centred: (gram: [Double], cross: [Double]) {
    var (gram, cross) = (gram, cross)
    for i in 0..<inputs {
      let mean = inputSums[i] / weight
      for j in 0..<inputs { gram[i * inputs + j] -= mean * inputSums[j] }
      for j in 0..<targets { cross[i * targets + j] -= mean * targetSums[j] }
    }
    return (gram, cross)
  }

  /// The mean square of an input: what penalties are measured in.
  var inputSquare: Double {
    var sum = 0.0
    for i in 0..<inputs { sum += gram[i * inputs + i] }
    return sum / Double(inputs)
  }
}

/// Scaled windows side by side.
struct WindowBlock: Sendable {
  /// [windows, look-back], times the root of the window's weight.
  private(set) var inputs: [Float]
  /// [windows, horizon], times the root of the window's weight.
  private(set) var targets: [Float]
  /// The roots of the windows' weights; 0 for a window that is left out.
  private(set) var roots: [Float]
  private(set) var count = 0

  init(inputs: Int, targets: Int, capacity: Int) {
    self.inputs = Array(repeating: 0, count: inputs * capacity)
    self.targets = Array(repeating: 0, count: targets * capacity)
    roots = Array(repeating: 0, count: capacity)
  }

  /// Reads windows into the block, on several threads.
  mutating func read(_ windows: ArraySlice<Window>, _ reader: WindowReader, weighsByUnit: Bool) {
    count = windows.count
    let (width, steps) = (reader.lookBack, reader.horizon)
    inputs.withUnsafeMutableBufferPointer { inputs in
      targets.withUnsafeMutableBufferPointer { targets in
        roots.withUnsafeMutableBufferPointer { roots in
          guard let x = inputs.baseAddress, let y = targets.baseAddress, let roots = roots.baseAddress else { return }
          forEachPart(of: windows.count, grain: 64) { part in
            for row in part {
              let (input, target) = (x + row * width, y + row * steps)
              let read = reader.read(windows[windows.startIndex + row], input: input, target: target)
              let isUsable = read.known >= 0.5 && (!reader.isScaled || largest(target, steps) < 50)
              let root = isUsable ? Float(read.known.squareRoot() * (weighsByUnit ? read.scale.unit : 1)) : 0
              roots[row] = root
              if root != 1 {
                for i in 0..<width { input[i] *= root }
                for i in 0..<steps { target[i] *= root }
              }
            }
          }
        }
      }
    }
  }
}

/// The largest size of some numbers.
private func largest(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
  var result: Float = 0
  for i in 0..<count { result = max(result, abs(values[i])) }
  return result
}
