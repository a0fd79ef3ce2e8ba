import Kernels

/// A way to make one number of many, which a walk over axes uses: sums, products, extremes, "all" and "any".
///
/// An accumulator may hold more digits than an element. Parts are made of fixed numbers of elements and merged in order.
protocol AxisReduction {
  associatedtype Element: TensorElement
  associatedtype Accumulator: BitwiseCopyable
  /// The accumulator of no elements.
  static var start: Accumulator { get }
  static func adding(_ element: Element, to accumulator: Accumulator) -> Accumulator
  static func merging(_ a: Accumulator, _ b: Accumulator) -> Accumulator
  static func result(_ accumulator: Accumulator) -> Element
  /// Reduces neighbouring elements.
  static func row(_ source: UnsafePointer<Element>, _ count: Int) -> Accumulator
  /// Reduces rows that lie `step` apart, column by column, onto accumulators.
  static func columns(
    _ source: UnsafePointer<Element>, rows: Int, step: Int, count: Int, into: UnsafeMutablePointer<Accumulator>)
}

extension AxisReduction {
  @inline(__always)
  static func row(_ source: UnsafePointer<Element>, _ count: Int) -> Accumulator {
    // Eight chains, so that an addition need not wait for the one before.
    var (a, b, c, d) = (start, start, start, start)
    var (e, f, g, h) = (start, start, start, start)
    var i = 0
    while i + 8 <= count {
      a = adding(source[i], to: a)
      b = adding(source[i + 1], to: b)
      c = adding(source[i + 2], to: c)
      d = adding(source[i + 3], to: d)
      e = adding(source[i + 4], to: e)
      f = adding(source[i + 5], to: f)
      g = adding(source[i + 6], to: g)
      h = adding(source[i + 7], to: h)
      i += 8
    }
    while i < count {
      a = adding(source[i], to: a)
      i += 1
    }
    return merging(merging(merging(a, e), merging(c, g)), merging(merging(b, f), merging(d, h)))
  }

  @inline(__always)
  static func columns(
    _ source: UnsafePointer<Element>, rows: Int, step: Int, count: Int, into target: UnsafeMutablePointer<Accumulator>
  ) {
    // Four rows at a time, so that accumulators are loaded and stored less often.
    var row = 0
    while row + 4 <= rows {
      let a = source + row * step
      let (b, c, d) = (a + step, a + 2 * step, a + 3 * step)
      for column in 0..<count {
        var sum = adding(a[column], to: target[column])
        sum = adding(b[column], to: sum)
        sum = adding(c[column], to: sum)
        target[column] = adding(d[column], to: sum)
      }
      row += 4
    }
    while row < rows {
      let line = source + row * step
      for column in 0..<count { target[column] = adding(line[column], to: target[column]) }
      row += 1
    }
  }
}

/// A row-major tensor seen as three axes, of which the middle one is walked.
struct AxisExtent {
  var outer: Int
  var middle: Int
  var inner: Int

  /// The extent around one axis or a run of neighbouring ones.
  init(_ shape: [Int], _ axes: ClosedRange<Int>) {
    outer = shape[..<axes.lowerBound].reduce(1, *)
    middle = shape[axes].reduce(1, *)
    inner = shape[(axes.upperBound + 1)...].reduce(1, *)
  }

  /// Calls `body(outer index, columns)` for pieces of the inner axis, on several threads; every piece is walked along the
  /// whole middle axis by one task.
  func forEachColumnBlock(width: Int = 256, _ body: (_ outer: Int, _ columns: Range<Int>) -> Void) {
    guard outer > 0, inner > 0 else { return }
    let blocks = (inner + width - 1) / width
    forEachPart(of: outer * blocks, grain: max(1, 16_384 / max(1, middle * min(inner, width)))) { part in
      for task in part {
        let column = task % blocks * width
        body(task / blocks, column..<min(inner, column + width))
      }
    }
  }
}

/// Reduces the middle axis; the result has outer x inner elements.
func reduceMiddle<Kind: AxisReduction>(_ kind: Kind.Type, _ x: Tensor, _ result: Tensor, _ extent: AxisExtent) {
  guard extent.outer > 0, extent.inner > 0 else { return }
  let (source, target) = (UnsafePointer(x.pointer(Kind.Element.self)), result.pointer(Kind.Element.self))
  if extent.inner == 1 {
    reduceRows(kind, source, target, extent)
  } else {
    reduceColumns(kind, source, target, extent)
  }
}

private func reduceRows<Kind: AxisReduction>(
  _ kind: Kind.Type, _ source: UnsafePointer<Kind.Element>, _ target: UnsafeMutablePointer<Kind.Element>,
  _ extent: AxisExtent
) {
  let (count, chunk) = (extent.middle, 32_768)
  let chunks = (count + chunk - 1) / chunk
  guard chunks > 1 else {
    forEachPart(of: extent.outer, grain: max(1, 16_384 / max(1, count))) { rows in
      for row in rows { target[row] = kind.result(kind.row(source + row * count, count)) }
    }
    return
  }
  withUnsafeTemporaryAllocation(of: Kind.Accumulator.self, capacity: extent.outer * chunks) { partial in
    let base = UnsafeParts(pointer: partial.baseAddress!)
    forEachTask(extent.outer * chunks) { task in
      let begin = task % chunks * chunk
      base.pointer[task] = kind.row(source + task / chunks * count + begin, min(chunk, count - begin))
    }
    for row in 0..<extent.outer {
      var sum = partial[row * chunks]
      for part in 1..<chunks { sum = kind.merging(sum, partial[row * chunks + part]) }
      target[row] = kind.result(sum)
    }
  }
}

private func reduceColumns<Kind: AxisReduction>(
  _ kind: Kind.Type, _ source: UnsafePointer<Kind.Element>, _ target: UnsafeMutablePointer<Kind.Element>,
  _ extent: AxisExtent
) {
  let (rows, inner, width) = (extent.middle, extent.inner, 256)
  let chunk = max(16, 65_536 / min(inner, width))
  let chunks = (rows + chunk - 1) / chunk
  guard chunks > 1 else {
    extent.forEachColumnBlock(width: width) { outer, columns in
      withUnsafeTemporaryAllocation(of: Kind.Accumulator.self, capacity: columns.count) { sums in
        sums.initialize(repeating: kind.start)
        kind.columns(
          source + outer * rows * inner + columns.lowerBound, rows: rows, step: inner, count: columns.count,
          into: sums.baseAddress!)
        let line = target + outer * inner + columns.lowerBound
        for column in 0..<columns.count { line[column] = kind.result(sums[column]) }
      }
    }
    return
  }
  // Few columns and many rows: chunks of rows are reduced apart, then merged in order.
  withUnsafeTemporaryAllocation(of: Kind.Accumulator.self, capacity: extent.outer * chunks * inner) { partial in
    partial.initialize(repeating: kind.start)
    let base = UnsafeParts(pointer: partial.baseAddress!)
    let blocks = (inner + width - 1) / width
    forEachTask(extent.outer * chunks * blocks) { task in
      let (line, column) = (task / blocks, task % blocks * width)
      let begin = line % chunks * chunk
      kind.columns(
        source + (line / chunks * rows + begin) * inner + column, rows: min(chunk, rows - begin), step: inner,
        count: min(width, inner - column), into: base.pointer + line * inner + column)
    }
    for outer in 0..<extent.outer {
      let first = base.pointer + outer * chunks * inner
      for part in 1..<chunks {
        for column in 0..<inner { first[column] = kind.merging(first[column], first[part * inner + column]) }
      }
      for column in 0..<inner { target[outer * inner + column] = kind.result(first[column]) }
    }
  }
}

/// Memory that tasks write, each its own part.
private struct UnsafeParts<Element>: @unchecked Sendable { let pointer: UnsafeMutablePointer<Element> }

/// Reduces axes, keeping them with size 1: one pass for each run of neighbouring axes, from the last to the first.
///
/// - Parameter axes: Ascending, without repeats, not negative.
func reducing(
  _ x: Tensor, over axes: [Int], for operation: String, _ pass: (Tensor, Tensor, AxisExtent) -> Void
) -> Tensor {
  var current = x
  var axis = x.rank - 1
  while axis >= 0 {
    guard axes.contains(axis) else {
      axis -= 1
      continue
    }
    var first = axis
    while first > 0, axes.contains(first - 1) { first -= 1 }
    var shape = current.shape
    for reduced in first...axis { shape[reduced] = 1 }
    let next = Tensor(uninitialized: shape, x.type, for: operation)
    withExtendedLifetime(current) { pass(current, next, AxisExtent(current.shape, first...axis)) }
    current = next
    axis = first - 1
  }
  return current
}

extension Tensor {
  /// Axes as ascending numbers without repeats; all unless given.
  func chosenAxes(_ axes: [Int]?, _ operation: String) -> [Int] {
    Set(axes?.map { axis($0, operation) } ?? Array(shape.indices)).sorted()
  }

  /// Applies a reduction, whose result keeps the axes with size 1, and drops those unless told otherwise.
  func reduced(_ operation: some Operation, _ axes: [Int], keepsAxes: Bool) -> Tensor {
    let result = axes.isEmpty ? self : apply(one: operation, self)
    return keepsAxes ? result : result.reshaped(to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }
}
