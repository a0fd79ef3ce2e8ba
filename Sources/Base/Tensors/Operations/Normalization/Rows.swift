import Basics
import CKernels
import Kernels

/// A tensor as a matrix of rows, its last axis, and how the rows are divided among tasks: by the sizes alone.
struct Rows {
  let count: Int
  let width: Int
  /// The rows of a part.
  let partSize: Int

  init(_ shape: [Int]) {
    width = shape[shape.count - 1]
    count = shape.dropLast().reduce(1, *)
    // Up to 32 parts, each with a task's worth of work.
    partSize = max(1, (count + 31) / 32, 16_384 / max(1, width))
  }

  /// Calls `body(first row, rows)` for each part, on several threads.
  func forEachPart(_ body: (_ first: Int, _ count: Int) -> Void) {
    guard width > 0 else { return }
    Kernels.forEachPart(of: count, grain: partSize) { body($0.lowerBound, $0.count) }
  }

  /// Sums of rows: `body(first row, rows, sums of this part)` adds its part to zeros, `vectors` of them behind each other;
  /// the parts' sums are added in order.
  func sums(_ vectors: Int, _ body: (_ first: Int, _ count: Int, _ sums: UnsafeMutablePointer<Float>) -> Void)
    -> [Tensor]
  {
    let parts = (count + partSize - 1) / partSize
    let result = Tensor(repeating: 0, shape: [vectors, width])
    withScratch(parts * vectors * width) { partial in
      partial.update(repeating: 0, count: parts * vectors * width)
      forEachPart { first, count in body(first, count, partial + first / partSize * vectors * width) }
      assay_column_sums(partial, parts, vectors * width, result.floats)
    }
    return (0..<vectors).map { result.viewed(as: [width], offset: $0 * width) }
  }
}
