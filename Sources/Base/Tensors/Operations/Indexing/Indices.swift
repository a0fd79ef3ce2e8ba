import Basics
import Kernels

extension Tensor {
  /// Whole numbers as int64, each of which is checked to be a place among `size`.
  func checkedIndices(below size: Int, _ operation: String) -> Tensor {
    require(type.isInteger, operation, "indices are whole numbers, not \(type) (shape \(shape))")
    let indices = detached().cast(to: .int64)
    let places = indices.pointer(Int64.self)
    withExtendedLifetime(indices) {
      forEachPart(of: count, grain: 65_536) { part in
        var isInside = true
        for i in part { isInside = isInside && places[i] >= 0 && places[i] < size }
        if !isInside {
          for i in part {
            require(
              places[i] >= 0 && places[i] < size, operation,
              "index \(places[i]), at place \(i) of indices of shape \(shape), is not in 0 ..< \(size)")
          }
        }
      }
    }
    return indices
  }
}

/// The order in which rows are added to or compared with rows of a target that indices name, each cut by outer index,
/// target row or column so that one task alone writes an element, and sees what comes to it in the order of the indices.
struct ScatterPlan {
  /// Independent copies of the problem.
  let outer: Int
  /// The rows that indices name.
  let targets: Int
  /// The indices.
  let count: Int
  /// The elements of a row.
  let inner: Int

  /// A plan for values with `count` rows in place of the `targets` rows along an axis of `shape`.
  init(_ shape: [Int], axis: Int, count: Int) {
    outer = shape[..<axis].reduce(1, *)
    targets = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
    self.count = count
  }

  /// Calls `body(outer index, range of target rows, range of columns)` on several threads.
  func forEachTask(_ body: (_ outer: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
    guard outer > 0, targets > 0, inner > 0 else { return }
    let work = count * inner
    let parts = min(8, (work + 65_535) / 65_536)
    if outer >= 8 || parts <= 1 {
      forEachPart(of: outer, grain: max(1, 16_384 / max(1, work))) { range in
        for index in range { body(index, 0..<targets, 0..<inner) }
      }
    } else if inner >= 256 {
      let width = max(64, (inner + parts - 1) / parts)
      for index in 0..<outer {
        forEachPart(of: inner, grain: width, multiple: 16) { body(index, 0..<targets, $0) }
      }
    } else {
      // Every task reads all indices; that costs little beside adding rows, unless rows are short.
      let height = (targets + (inner < 8 ? 2 : parts) - 1) / (inner < 8 ? 2 : parts)
      for index in 0..<outer { forEachPart(of: targets, grain: height) { body(index, $0, 0..<inner) } }
    }
  }
}
