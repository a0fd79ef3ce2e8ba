import Basics
import Kernels

/// The largest element of each segment, column by column; 0 for a segment without rows.
struct SegmentMax: Operation {
  let count: Int
  var name: String { "segmentMax" }
  var gradientReads: GradientReads { [.inputs, .outputs] }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let values = inputs[0]
    let segments = inputs[1].checkedIndices(below: count, name)
    run.keep(segments)
    let result = Tensor(repeating: 0, shape: [count] + values.shape.dropFirst(), type: values.type)
    switch values.type {
    case .float32: walk(values, segments, result, Float.self)
    case .float64: walk(values, segments, result, Double.self)
    case .int32: walk(values, segments, result, Int32.self)
    case .int64: walk(values, segments, result, Int64.self)
    case .uint8: walk(values, segments, result, UInt8.self)
    case .bool, .bfloat16: stop(name, "there is no \(name) of \(values.type)")
    }
    return [result]
  }

  private func walk<Element: ExtremeElement>(
    _ values: Tensor, _ segments: Tensor, _ result: Tensor, _ type: Element.Type
  ) {
    let (source, target, places) = (values.pointer(type), result.pointer(type), segments.pointer(Int64.self))
    let plan = ScatterPlan(result.shape, axis: 0, count: segments.count)
    let inner = plan.inner
    withExtendedLifetime(segments) {
      plan.forEachTask { _, rows, columns in
        withUnsafeTemporaryAllocation(of: Bool.self, capacity: rows.count) { isBegun in
          isBegun.initialize(repeating: false)
          let (first, last) = (Int64(rows.lowerBound), Int64(rows.upperBound))
          let width = columns.count
          for index in 0..<plan.count where places[index] >= first && places[index] < last {
            let row = Int(places[index])
            let from = source + index * inner + columns.lowerBound
            let to = target + row * inner + columns.lowerBound
            if isBegun[row - rows.lowerBound] {
              for i in 0..<width { to[i] = Largest.adding(from[i], to: to[i]) }
            } else {
              for i in 0..<width { to[i] = from[i] }
              isBegun[row - rows.lowerBound] = true
            }
          }
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0], call.needs[0] else { return [nil, nil] }
    let segments = call.indices(1)
    let largest = call.outputs[0].detached().gathered(at: segments)
    // Equal elements share the gradient.
    let isLargest = (call.inputs[0].detached() .== largest).cast(to: g.type)
    let ties = maximum(segmentSum(isLargest, segments: segments, count: count), 1)
    return [(g / ties).gathered(at: segments) * isLargest, nil]
  }
}

private func checkSegments(_ values: Tensor, _ segments: Tensor, _ count: Int, _ operation: String) {
  require(
    values.rank >= 1 && segments.shape == [values.shape[0]] && count >= 0, operation,
    "segments of shape \(segments.shape), \(count) of them, do not fit values of shape \(values.shape)")
}

/// The sum of the rows of each segment.
///
/// - Parameters:
///   - values: Rows along the first axis.
///   - segments: For each row the number of its segment, in any order.
///   - count: The number of segments; those without rows get zeros.
/// - Returns: A row for each segment.
public func segmentSum(_ values: Tensor, segments: Tensor, count: Int) -> Tensor {
  checkSegments(values, segments, count, "segmentSum")
  return apply(one: ScatterAdd(axis: 0, size: count), values, segments)
}

/// The mean of the rows of each segment; floating-point numbers.
///
/// - Parameters:
///   - values: Rows along the first axis.
///   - segments: For each row the number of its segment, in any order.
///   - count: The number of segments; those without rows get zeros.
/// - Returns: A row for each segment.
public func segmentMean(_ values: Tensor, segments: Tensor, count: Int) -> Tensor {
  checkSegments(values, segments, count, "segmentMean")
  require(values.type.isFloatingPoint, "segmentMean", "there is no mean of \(values.type); cast first")
  let isWide = values.type != .bfloat16
  let rows = isWide ? values : values.cast(to: .float32)
  let sizes = segmentSum(.ones([values.shape[0]], type: rows.type), segments: segments, count: count)
  let column = maximum(sizes, 1).reshaped(to: [count] + values.shape.dropFirst().map { _ in 1 })
  let mean = segmentSum(rows, segments: segments, count: count) / column
  return isWide ? mean : mean.cast(to: .bfloat16)
}

/// The largest elements of the rows of each segment, column by column; not-a-number where there is one. Equal elements
/// share the gradient.
///
/// - Parameters:
///   - values: Rows along the first axis.
///   - segments: For each row the number of its segment, in any order.
///   - count: The number of segments; those without rows get zeros.
/// - Returns: A row for each segment.
public func segmentMax(_ values: Tensor, segments: Tensor, count: Int) -> Tensor {
  checkSegments(values, segments, count, "segmentMax")
  return apply(one: SegmentMax(count: count), values, segments)
}
