import Basics
import Kernels

/// The shape that two shapes broadcast to, by the rules of NumPy: aligned at the last axis, a size of 1 (or none) serves
/// any size.
package func broadcastShape(_ a: [Int], _ b: [Int], _ operation: String) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  return (0..<rank).map { axis in
    let left = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let right = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    require(
      left == right || left == 1 || right == 1, operation, "shapes \(a) and \(b) do not fit: sizes \(left) and \(right)"
    )
    return left == 1 ? right : left
  }
}

/// How to walk two operands that are broadcast to one result: neighbouring axes that both walk alike are joined, so that
/// few runs remain.
package struct BroadcastPlan {
  /// The sizes of the joined axes, outermost first; the last is the length of a run.
  package private(set) var sizes: [Int] = []
  /// The steps of each operand for each joined axis, 0 where it is broadcast.
  package private(set) var steps: [[Int]]

  /// A plan for operands of these shapes and a result of `shape`.
  package init(_ operands: [[Int]], to shape: [Int]) {
    steps = operands.map { _ in [] }
    var products = operands.map { _ in 1 }
    var reversedSizes: [Int] = []
    var reversedSteps = operands.map { _ in [Int]() }
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      let size = shape[axis]
      let current = operands.indices.map { index -> Int in
        let own = axis - (shape.count - operands[index].count)
        guard own >= 0, operands[index][own] != 1 else { return 0 }
        defer { products[index] *= operands[index][own] }
        return products[index]
      }
      if let last = reversedSizes.last,
        operands.indices.allSatisfy({ current[$0] == reversedSteps[$0][reversedSteps[$0].count - 1] * last })
      {
        reversedSizes[reversedSizes.count - 1] = last * size
      } else {
        reversedSizes.append(size)
        for index in operands.indices { reversedSteps[index].append(current[index]) }
      }
    }
    if reversedSizes.isEmpty {
      reversedSizes = [1]
      reversedSteps = operands.map { _ in [0] }
    }
    sizes = reversedSizes.reversed()
    steps = reversedSteps.map { $0.reversed() }
  }

  /// The length of a run: consecutive elements of the result.
  package var runLength: Int { sizes[sizes.count - 1] }

  /// The number of runs.
  package var runCount: Int { sizes.dropLast().reduce(1, *) }

  /// The step of an operand inside a run: 0 or 1 for row-major operands.
  package func runStep(_ operand: Int) -> Int { steps[operand][sizes.count - 1] }

  /// Where an operand's part of a run begins.
  package func start(_ operand: Int, run: Int) -> Int {
    var rest = run
    var start = 0
    for axis in stride(from: sizes.count - 2, through: 0, by: -1) {
      start += rest % sizes[axis] * steps[operand][axis]
      rest /= sizes[axis]
    }
    return start
  }

  /// Calls `body(start of the result, starts of the operands, length)` for pieces of runs, on several threads.
  package func forEachPiece(_ body: (_ result: Int, _ first: Int, _ second: Int, _ count: Int) -> Void) {
    let length = runLength
    let grain = 16_384
    if length >= grain {
      for run in 0..<runCount {
        let first = start(0, run: run)
        let second = steps.count > 1 ? start(1, run: run) : 0
        let (firstStep, secondStep) = (runStep(0), steps.count > 1 ? runStep(1) : 0)
        forEachPart(of: length, grain: grain, multiple: 64) { part in
          body(
            run * length + part.lowerBound, first + part.lowerBound * firstStep, second + part.lowerBound * secondStep,
            part.count)
        }
      }
    } else {
      forEachPart(of: runCount, grain: max(1, grain / max(length, 1))) { runs in
        for run in runs {
          body(run * length, start(0, run: run), steps.count > 1 ? start(1, run: run) : 0, length)
        }
      }
    }
  }
}

/// Repeats a tensor along axes of size 1 or axes that it lacks.
struct BroadcastTo: Operation {
  let shape: [Int]
  var name: String { "broadcast" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let input = inputs[0]
    let target = broadcastShape(input.shape, shape, name)
    require(target == shape, name, "shape \(input.shape) does not broadcast to \(shape)")
    if input.count == target.reduce(1, *) { return [input.viewed(as: shape)] }
    let result = Tensor(uninitialized: shape, input.type, for: name)
    switch input.type.byteCount {
    case 8: fill(input, result, UInt64.self)
    case 4: fill(input, result, UInt32.self)
    case 2: fill(input, result, UInt16.self)
    default: fill(input, result, UInt8.self)
    }
    return [result]
  }

  private func fill<Word: BitwiseCopyable>(_ input: Tensor, _ result: Tensor, _ word: Word.Type) {
    let source = input.storage.pointer.assumingMemoryBound(to: word) + input.offset
    let target = result.storage.pointer.assumingMemoryBound(to: word)
    let plan = BroadcastPlan([input.shape], to: shape)
    let step = plan.runStep(0)
    plan.forEachPiece { start, first, _, count in
      if step == 0 {
        (target + start).update(repeating: source[first], count: count)
      } else {
        (target + start).update(from: source + first, count: count)
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0]?.summed(to: call.inputs[0].shape)]
  }
}

extension Tensor {
  /// The tensor repeated along axes of size 1, and along new axes in front, to a shape.
  public func broadcast(to shape: [Int]) -> Tensor {
    shape == self.shape ? self : apply(one: BroadcastTo(shape: shape), self)
  }

  /// The sum over the axes along which a tensor of this shape would be broadcast: what a gradient needs to come back.
  public func summed(to shape: [Int]) -> Tensor {
    if shape == self.shape { return self }
    let lead = rank - shape.count
    require(
      lead >= 0 && broadcastShape(self.shape, shape, "summed") == self.shape, "summed",
      "shape \(self.shape) is no broadcast of \(shape)")
    let axes = self.shape.indices.filter { $0 < lead || (shape[$0 - lead] == 1 && self.shape[$0] != 1) }
    return sum(axes: axes).reshaped(to: shape)
  }
}
