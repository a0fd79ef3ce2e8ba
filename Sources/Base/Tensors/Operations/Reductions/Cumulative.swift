import Basics
import Kernels

/// Running sums along an axis.
struct CumulativeSum: Operation {
  let axis: Int
  /// Whether the sums run from the end.
  let isReversed: Bool
  /// Whether each sum leaves its own element out.
  let isExclusive: Bool
  var name: String { "cumulativeSum" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let result = Tensor(uninitialized: x.shape, x.type, for: name)
    switch x.type {
    case .float32: walk(FloatSum<Float>.self, x, result)
    case .float64: walk(FloatSum<Double>.self, x, result)
    case .int32: walk(WholeSum<Int32>.self, x, result)
    case .int64: walk(WholeSum<Int64>.self, x, result)
    case .uint8, .bool, .bfloat16: stop(name, "there are no running sums of \(x.type); cast first")
    }
    return [result]
  }

  private func walk<Kind: AxisReduction>(_ kind: Kind.Type, _ x: Tensor, _ result: Tensor) {
    let (source, target) = (x.pointer(Kind.Element.self), result.pointer(Kind.Element.self))
    let extent = AxisExtent(x.shape, axis...axis)
    let (count, inner) = (extent.middle, extent.inner)
    let step = isReversed ? -inner : inner
    let isExclusive = isExclusive
    if inner == 1 {
      forEachPart(of: extent.outer, grain: max(1, 16_384 / max(1, count))) { lines in
        for line in lines {
          var (place, sum) = (line * count + (isReversed ? count - 1 : 0), kind.start)
          for _ in 0..<count {
            let next = kind.adding(source[place], to: sum)
            target[place] = kind.result(isExclusive ? sum : next)
            sum = next
            place += step
          }
        }
      }
      return
    }
    extent.forEachColumnBlock { outer, columns in
      let width = columns.count
      withUnsafeTemporaryAllocation(of: Kind.Accumulator.self, capacity: width) { buffer in
        let sums = buffer.baseAddress!
        sums.initialize(repeating: kind.start, count: width)
        let first = (outer * count + (isReversed ? count - 1 : 0)) * inner + columns.lowerBound
        for k in 0..<count {
          let (from, to) = (source + first + k * step, target + first + k * step)
          if isExclusive {
            for column in 0..<width {
              let element = from[column]
              to[column] = kind.result(sums[column])
              sums[column] = kind.adding(element, to: sums[column])
            }
          } else {
            for column in 0..<width {
              sums[column] = kind.adding(from[column], to: sums[column])
              to[column] = kind.result(sums[column])
            }
          }
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0]?.cumulativeSum(axis: axis, isReversed: !isReversed, isExclusive: isExclusive)]
  }
}

extension Tensor {
  /// Running sums along an axis, in double precision inside; whole numbers wrap around.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the last; the last unless given.
  ///   - isReversed: Whether the sums run from the end; false unless set.
  ///   - isExclusive: Whether each sum leaves its own element out, so that the first is 0; false unless set.
  public func cumulativeSum(axis: Int = -1, isReversed: Bool = false, isExclusive: Bool = false) -> Tensor {
    let axis = self.axis(axis, "cumulativeSum")
    return apply(one: CumulativeSum(axis: axis, isReversed: isReversed, isExclusive: isExclusive), self)
  }
}
