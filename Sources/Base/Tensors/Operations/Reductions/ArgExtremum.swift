import Basics
import Kernels

/// The place of the largest or smallest element along an axis, which stays with size 1.
struct ArgExtremum: Operation {
  let isLargest: Bool
  let axis: Int
  var name: String { isLargest ? "argMax" : "argMin" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    var shape = x.shape
    shape[axis] = 1
    let result = Tensor(uninitialized: shape, .int64, for: name)
    require(
      x.shape[axis] > 0 || result.count == 0, name,
      "there is no \(name) of no elements, along axis \(axis) of \(x.shape)")
    switch x.type {
    case .float32: walk(x, result, Float.self)
    case .float64: walk(x, result, Double.self)
    case .int32: walk(x, result, Int32.self)
    case .int64: walk(x, result, Int64.self)
    case .uint8: walk(x, result, UInt8.self)
    case .bool, .bfloat16: stop(name, "there is no \(name) of \(x.type)")
    }
    return [result]
  }

  private func walk<Element: ExtremeElement>(_ x: Tensor, _ result: Tensor, _ type: Element.Type) {
    if isLargest {
      walk(Largest<Element>.self, x, result)
    } else {
      walk(Smallest<Element>.self, x, result)
    }
  }

  /// The first of equal elements; the first not-a-number where there is one.
  private func walk<Kind: ExtremeReduction>(_ kind: Kind.Type, _ x: Tensor, _ result: Tensor) {
    let (source, target) = (x.pointer(Kind.Element.self), result.pointer(Int64.self))
    let extent = AxisExtent(x.shape, axis...axis)
    let (count, inner) = (extent.middle, extent.inner)
    guard count > 0 else { return }
    if inner == 1 {
      forEachPart(of: extent.outer, grain: max(1, 16_384 / count)) { rows in
        for row in rows { target[row] = Int64(Self.place(kind, source + row * count, count)) }
      }
      return
    }
    extent.forEachColumnBlock { outer, columns in
      let (first, places) = (
        source + outer * count * inner + columns.lowerBound, target + outer * inner + columns.lowerBound
      )
      let width = columns.count
      withUnsafeTemporaryAllocation(of: Kind.Element.self, capacity: width) { best in
        for column in 0..<width { (best[column], places[column]) = (first[column], 0) }
        for k in 1..<count {
          let line = first + k * inner
          for column in 0..<width where kind.beats(line[column], best[column]) {
            (best[column], places[column]) = (line[column], Int64(k))
          }
        }
      }
    }
  }

  /// Finds the extreme element first, which takes no note of places, then the first that equals it.
  private static func place<Kind: ExtremeReduction>(
    _ kind: Kind.Type, _ line: UnsafePointer<Kind.Element>, _ count: Int
  ) -> Int {
    let best = kind.row(line, count)
    var place = 0
    if best != best {
      while line[place] == line[place] { place += 1 }
    } else {
      while line[place] != best { place += 1 }
    }
    return place
  }
}

extension Tensor {
  /// The place of the largest element along an axis, which the result (int64) lacks: the first of equal ones; the first
  /// not-a-number where there is one.
  ///
  /// - Parameter axis: Negative ones count from the last; the last unless given.
  public func argMax(axis: Int = -1) -> Tensor {
    let axis = self.axis(axis, "argMax")
    return apply(one: ArgExtremum(isLargest: true, axis: axis), detached()).squeezed(axes: [axis])
  }

  /// The place of the smallest element along an axis, which the result (int64) lacks: the first of equal ones; the first
  /// not-a-number where there is one.
  ///
  /// - Parameter axis: Negative ones count from the last; the last unless given.
  public func argMin(axis: Int = -1) -> Tensor {
    let axis = self.axis(axis, "argMin")
    return apply(one: ArgExtremum(isLargest: false, axis: axis), detached()).squeezed(axes: [axis])
  }
}
