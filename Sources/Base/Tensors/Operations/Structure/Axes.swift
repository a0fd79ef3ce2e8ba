import Basics

extension Tensor {
  /// The same elements with a new axis of size 1; shares memory.
  ///
  /// - Parameter axis: The place of the new axis in the result; negative ones count from behind the last, so that -1 adds
  ///   a last axis.
  public func expanded(axis: Int) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    require(place >= 0 && place <= rank, "expanded", "there is no place \(axis) for a new axis in shape \(shape)")
    var shape = shape
    shape.insert(1, at: place)
    return reshaped(to: shape)
  }

  /// The same elements without axes of size 1; shares memory.
  ///
  /// - Parameter axes: Axes of size 1, negative ones counting from the last; all of that size unless given.
  public func squeezed(axes: [Int]? = nil) -> Tensor {
    let dropped = Set(axes?.map { axis($0, "squeezed") } ?? shape.indices.filter { shape[$0] == 1 })
    for axis in dropped.sorted() {
      require(shape[axis] == 1, "squeezed", "axis \(axis) of shape \(shape) has size \(shape[axis]), not 1")
    }
    return reshaped(to: shape.indices.filter { !dropped.contains($0) }.map { shape[$0] })
  }

  /// The tensor repeated along each axis, like tiles on a floor.
  ///
  /// - Parameter counts: How often for each axis; where there are more of them than axes, axes of size 1 are added in
  ///   front, where there are fewer, the first axes are not repeated.
  public func tiled(_ counts: [Int]) -> Tensor {
    require(counts.allSatisfy { $0 >= 0 }, "tiled", "shape \(shape) cannot be repeated \(counts) times")
    let all = Array(repeating: 1, count: Swift.max(0, rank - counts.count)) + counts
    let old = Array(repeating: 1, count: all.count - rank) + shape
    // An axis of the repeats stands before each axis that is repeated.
    var (single, repeated): ([Int], [Int]) = ([], [])
    for (count, size) in zip(all, old) {
      if count != 1 {
        single.append(1)
        repeated.append(count)
      }
      single.append(size)
      repeated.append(size)
    }
    return reshaped(to: single).broadcast(to: repeated).reshaped(to: zip(all, old).map { $0 * $1 })
  }
}
