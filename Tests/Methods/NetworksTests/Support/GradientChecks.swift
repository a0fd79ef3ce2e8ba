import Basics
import Networks
import Tensors
import XCTest

/// The tensor with one element changed.
func changed(_ tensor: Tensor, at index: Int, by amount: Double) -> Tensor {
  var values = tensor.doubles
  values[index] += amount
  return Tensor(values, shape: tensor.shape)
}

/// Places of a tensor to look at: all of a small one, some of a large one.
func places(_ count: Int, atMost limit: Int, _ key: RandomKey) -> [Int] {
  if count <= limit { return Array(0..<count) }
  var random = key.stream()
  return (0..<limit).map { _ in random.integer(below: count) }
}

/// Central differences in double precision are exact to about (step^2, rounding / step), both near 1e-10 times the size
/// of the third derivative and the value; a wrong rule is off by far more.
private let differenceTolerance = 2e-6

private func assertSlope(
  _ slope: Double, _ difference: Double, _ what: String, file: StaticString, line: UInt
) {
  let scale = 1 + max(abs(slope), abs(difference))
  XCTAssertEqual(slope / scale, difference / scale, accuracy: differenceTolerance, what, file: file, line: line)
}

/// Compares the gradients of a scalar with respect to float64 tensors with central differences.
func assertGradients(
  at tensors: [Tensor], _ name: String, step: Double = 1e-5, file: StaticString = #filePath, line: UInt = #line,
  _ function: ([Tensor]) -> Tensor
) {
  let (_, gradients) = valueWithGradients(at: tensors, function)
  for (position, tensor) in tensors.enumerated() {
    let slopes = gradients[position].doubles
    for index in places(tensor.count, atMost: 24, RandomKey(seed: 5)[position]) {
      func value(_ amount: Double) -> Double {
        var moved = tensors
        moved[position] = changed(tensor, at: index, by: amount)
        return function(moved).scalar
      }
      let difference = (value(step) - value(-step)) / (2 * step)
      assertSlope(slopes[index], difference, "\(name), tensor \(position), element \(index)", file: file, line: line)
    }
  }
}

/// Compares the gradients of a scalar with respect to a float64 model's parameters with central differences.
func assertGradients(
  of model: any Module, _ name: String, step: Double = 1e-5, file: StaticString = #filePath, line: UInt = #line,
  _ loss: () -> Tensor
) {
  let parameters = model.parameters
  let (_, gradients) = valueWithGradients(of: parameters, loss)
  for named in parameters where named.parameter.isTrainable {
    let value = named.parameter.value
    guard let slopes = gradients[named.parameter]?.doubles else {
      XCTFail("\(name): no gradient for \(named.path)", file: file, line: line)
      continue
    }
    for index in places(value.count, atMost: 8, RandomKey(seed: 6)[named.path]) {
      named.parameter.value = changed(value, at: index, by: step)
      let above = loss().scalar
      named.parameter.value = changed(value, at: index, by: -step)
      let below = loss().scalar
      named.parameter.value = value
      assertSlope(
        slopes[index], (above - below) / (2 * step), "\(name), \(named.path), element \(index)", file: file, line: line)
    }
  }
}

/// Compares numbers with a tolerance relative to the largest of them.
func assertClose(
  _ a: [Double], _ b: [Double], tolerance: Double, _ what: @autoclosure () -> String = "",
  file: StaticString = #filePath, line: UInt = #line
) {
  guard a.count == b.count else {
    return XCTFail("\(what()): \(a.count) and \(b.count) numbers", file: file, line: line)
  }
  let scale = max(1, b.reduce(0) { max($0, abs($1)) })
  for index in a.indices where !(abs(a[index] - b[index]) <= tolerance * scale) {
    return XCTFail("\(what()): \(a[index]) is not \(b[index]), number \(index)", file: file, line: line)
  }
}

/// Random normal numbers in double precision.
func normal(_ shape: [Int], _ key: RandomKey) -> Tensor { .normal(shape, key: key, type: .float64) }
