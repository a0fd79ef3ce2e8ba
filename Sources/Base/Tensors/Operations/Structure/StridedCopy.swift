import Kernels

/// A copy between two arrangements of the same elements, each with a step per axis: what slices, padding, joining and
/// transposition come down to.
///
/// Neighbouring axes that both sides walk alike are joined, so that few and long runs remain. Steps may be negative.
struct StridedCopy {
  /// The sizes of the axes, outermost first.
  private(set) var sizes: [Int] = []
  /// The steps of the source for each axis, in elements.
  private(set) var sourceSteps: [Int] = []
  /// The steps of the target.
  private(set) var targetSteps: [Int] = []

  /// A copy over axes in an order of their own; it is fastest where the target's steps fall.
  init(sizes: [Int], sourceSteps: [Int], targetSteps: [Int]) {
    for axis in sizes.indices where sizes[axis] != 1 {
      let last = self.sizes.count - 1
      if last >= 0, self.sourceSteps[last] == sourceSteps[axis] * sizes[axis],
        self.targetSteps[last] == targetSteps[axis] * sizes[axis]
      {
        self.sizes[last] *= sizes[axis]
        self.sourceSteps[last] = sourceSteps[axis]
        self.targetSteps[last] = targetSteps[axis]
      } else {
        self.sizes.append(sizes[axis])
        self.sourceSteps.append(sourceSteps[axis])
        self.targetSteps.append(targetSteps[axis])
      }
    }
    if self.sizes.isEmpty { (self.sizes, self.sourceSteps, self.targetSteps) = ([1], [1], [1]) }
  }

  /// Whether both sides are one block of memory.
  var isContiguous: Bool { sizes.count == 1 && sourceSteps[0] == 1 && targetSteps[0] == 1 }

  /// Copies from an element of one tensor to an element of another of the same type, on several threads.
  func run(from source: Tensor, sourceStart: Int = 0, to target: Tensor, targetStart: Int = 0) {
    guard !sizes.contains(0) else { return }
    withExtendedLifetime((source, target)) {
      let (s, t) = (source.offset + sourceStart, target.offset + targetStart)
      switch source.type.byteCount {
      case 8: walk(source.storage.pointer, s, target.storage.pointer, t, UInt64.self)
      case 4: walk(source.storage.pointer, s, target.storage.pointer, t, UInt32.self)
      case 2: walk(source.storage.pointer, s, target.storage.pointer, t, UInt16.self)
      default: walk(source.storage.pointer, s, target.storage.pointer, t, UInt8.self)
      }
    }
  }

  private func walk<Word: BitwiseCopyable>(
    _ from: UnsafeMutableRawPointer, _ sourceStart: Int, _ to: UnsafeMutableRawPointer, _ targetStart: Int,
    _ word: Word.Type
  ) {
    let source = UnsafePointer(from.assumingMemoryBound(to: word) + sourceStart)
    let target = to.assumingMemoryBound(to: word) + targetStart
    let last = sizes.count - 1
    if sourceSteps[last] == 1 && targetSteps[last] == 1 {
      runs(source, target) { source, target, count in
        if count < 16 {
          for i in 0..<count { target[i] = source[i] }
        } else {
          target.update(from: source, count: count)
        }
      }
    } else if targetSteps[last] == 1, let lines = sourceSteps.firstIndex(of: 1) {
      tiles(source, target, lines)
    } else {
      let (sourceStep, targetStep) = (sourceSteps[last], targetSteps[last])
      runs(source, target) { source, target, count in
        for i in 0..<count { target[i * targetStep] = source[i * sourceStep] }
      }
    }
  }

  /// Pieces of the last axis, none longer than a task should be.
  @inline(__always)
  private func runs<Word>(
    _ source: UnsafePointer<Word>, _ target: UnsafeMutablePointer<Word>,
    _ body: (UnsafePointer<Word>, UnsafeMutablePointer<Word>, Int) -> Void
  ) {
    let last = sizes.count - 1
    let (length, sourceStep, targetStep) = (sizes[last], sourceSteps[last], targetSteps[last])
    let grain = 16_384
    let outer = Odometer(copy: self, axes: Array(0..<last))
    let pieces = (length + grain - 1) / grain
    forEachPart(of: outer.count * pieces, grain: max(1, grain / min(length, grain))) { part in
      var position = outer
      position.move(to: part.lowerBound / pieces)
      for index in part {
        let begin = index % pieces * grain
        body(
          source + position.source + begin * sourceStep, target + position.target + begin * targetStep,
          min(grain, length - begin))
        if index % pieces == pieces - 1 { position.advance() }
      }
    }
  }

  /// The target runs along the last axis, the source along another: squares that fit the nearest cache.
  private func tiles<Word: BitwiseCopyable>(
    _ source: UnsafePointer<Word>, _ target: UnsafeMutablePointer<Word>, _ lines: Int
  ) {
    let last = sizes.count - 1
    let (rows, columns) = (sizes[last], sizes[lines])
    let (sourceStep, targetStep) = (sourceSteps[last], targetSteps[lines])
    // A long, thin matrix is cut along its length alone.
    let rowBlock = rows < 64 ? rows : columns < 64 ? 4_096 / columns / 16 * 16 : 64
    let columnBlock = columns < 64 ? columns : rows < 64 ? 4_096 / rows / 16 * 16 : 64
    let (rowBlocks, columnBlocks) = ((rows + rowBlock - 1) / rowBlock, (columns + columnBlock - 1) / columnBlock)
    let outer = Odometer(copy: self, axes: (0..<last).filter { $0 != lines })
    let blocks = rowBlocks * columnBlocks
    let blockSize = min(rows, rowBlock) * min(columns, columnBlock)
    forEachPart(of: outer.count * blocks, grain: max(1, 16_384 / blockSize)) { part in
      var position = outer
      position.move(to: part.lowerBound / blocks)
      for index in part {
        let block = index % blocks
        let (row, column) = (block % rowBlocks * rowBlock, block / rowBlocks * columnBlock)
        transposeBlock(
          source + position.source + row * sourceStep + column, sourceStep,
          target + position.target + column * targetStep + row, targetStep,
          rows: min(rowBlock, rows - row), columns: min(columnBlock, columns - column))
        if block == blocks - 1 { position.advance() }
      }
    }
  }
}

/// A position in some axes of a copy that is moved on step by step, without divisions.
private struct Odometer {
  let sizes: [Int]
  let sourceSteps: [Int]
  let targetSteps: [Int]
  let count: Int
  private var digits: [Int]
  private(set) var source = 0
  private(set) var target = 0

  init(copy: StridedCopy, axes: [Int]) {
    sizes = axes.map { copy.sizes[$0] }
    sourceSteps = axes.map { copy.sourceSteps[$0] }
    targetSteps = axes.map { copy.targetSteps[$0] }
    count = sizes.reduce(1, *)
    digits = sizes.map { _ in 0 }
  }

  mutating func move(to index: Int) {
    var rest = index
    (source, target) = (0, 0)
    for axis in sizes.indices.reversed() {
      digits[axis] = rest % sizes[axis]
      rest /= sizes[axis]
      source += digits[axis] * sourceSteps[axis]
      target += digits[axis] * targetSteps[axis]
    }
  }

  mutating func advance() {
    var axis = sizes.count - 1
    while axis >= 0 {
      digits[axis] += 1
      source += sourceSteps[axis]
      target += targetSteps[axis]
      if digits[axis] < sizes[axis] { return }
      digits[axis] = 0
      source -= sizes[axis] * sourceSteps[axis]
      target -= sizes[axis] * targetSteps[axis]
      axis -= 1
    }
  }
}
