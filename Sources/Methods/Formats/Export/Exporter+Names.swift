import Basics
import Tensors

extension Exporter {
  /// Whether a value is always the same, for any batch.
  func fixedConstant(_ index: Int) -> Tensor? {
    guard let constant = values[index].constant, values[index].shape.allSatisfy(\.isFixed) else { return nil }
    return constant.first
  }

  /// The name of a value in our layout.
  mutating func name(_ index: Int) throws -> String {
    if let name = values[index].name { return name }
    let name: String
    if let constant = values[index].constant {
      name = try constantName(constant.first, constant.second, values[index].shape)
    } else if let first = values[index].channelsFirstName {
      let rank = values[index].shape.count
      name = builder.add("Transpose", [first], ["perm": .integers([0] + Array(2..<rank) + [1])])[0]
    } else {
      throw AssayError(.configuration, "a value is used before it is computed")
    }
    values[index].name = name
    return name
  }

  /// The name of a value with channels in axis 1.
  mutating func channelsFirst(_ index: Int) throws -> String {
    let rank = values[index].shape.count
    if rank < 3 { return try name(index) }
    if let name = values[index].channelsFirstName { return name }
    let order = Self.toChannelsFirst(rank)
    let result: String
    if let constant = fixedConstant(index) {
      result = builder.constant(constant, change: "first") { $0.transposed(axes: order) }
    } else {
      result = builder.add("Transpose", [try name(index)], ["perm": .integers(order)])[0]
    }
    values[index].channelsFirstName = result
    return result
  }

  static func toChannelsFirst(_ rank: Int) -> [Int] { [0, rank - 1] + Array(1..<(rank - 1)) }

  /// Where an axis lies when channels are in axis 1.
  static func channelsFirstAxis(_ axis: Int, rank: Int) -> Int {
    axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1
  }

  /// Numbers that do not depend on the inputs, though their shape may depend on the batch: then they must be equal along
  /// it.
  private mutating func constantName(_ first: Tensor, _ second: Tensor, _ shape: [Dimension]) throws -> String {
    if shape.allSatisfy(\.isFixed) {
      if let perBatch = multiple(first, second) {
        let size = try size(Dimension(perBatch * batch, perBatch * (batch + 1), batch: batch))
        let shaped = builder.add("Reshape", [size, builder.integers(first.shape)])[0]
        return builder.add("Cast", [shaped], ["to": .integer(ONNXTensor.Kind(first.type).rawValue)])[0]
      }
      guard sameBits(first, second) else {
        throw AssayError(
          .configuration, "a value that depends on the inputs was computed outside of tensors' operations",
          remedy: "use operations on tensors throughout, and do not detach")
      }
      return builder.constant(first)
    }
    var (small, other) = (first, second)
    for axis in shape.indices where !shape[axis].isFixed {
      small = small.sliced(axis: axis, 0..<min(1, small.shape[axis]))
      other = other.sliced(axis: axis, 0..<min(1, other.shape[axis]))
    }
    guard sameBits(small, other), sameBits(small.broadcast(to: first.shape), first),
      sameBits(small.broadcast(to: second.shape), second)
    else { throw Self.dependsOnBatch("a constant") }
    return builder.add("Expand", [builder.constant(small), try sizes(shape)])[0]
  }

  /// How often a number is the number of rows, such as the count that a mean divides by; nil if it is not.
  private func multiple(_ first: Tensor, _ second: Tensor) -> Int? {
    guard first.count == 1, first.type != .bool, second.count == 1 else { return nil }
    let (one, other) = (first.scalar, second.scalar)
    guard one != other, other - one == (other - one).rounded(), abs(other) < 0x1p53 else { return nil }
    let perBatch = Int(other - one)
    return Double(perBatch * batch) == one ? perBatch : nil
  }

  private func sameBits(_ a: Tensor, _ b: Tensor) -> Bool {
    guard a.shape == b.shape, a.type == b.type else { return false }
    return withExtendedLifetime((a, b)) {
      let width = a.type.byteCount
      let left = UnsafeRawBufferPointer(start: a.storage.pointer + a.offset * width, count: a.count * width)
      let right = UnsafeRawBufferPointer(start: b.storage.pointer + b.offset * width, count: b.count * width)
      return left.elementsEqual(right)
    }
  }

  /// The names of operands that are broadcast, in the layout in which most is there already, and whether that is with
  /// channels in axis 1.
  mutating func aligned(_ indices: [Int]) throws -> (names: [String], isChannelsFirst: Bool) {
    let rank = indices.map { values[$0].shape.count }.max() ?? 0
    func isFull(_ index: Int) -> Bool { values[index].shape.count == rank && values[index].constant == nil }
    let wantsFirst = rank >= 3 && indices.contains { isFull($0) && values[$0].name == nil }
    // Lower operands that are computed would have to be moved by operators of their own.
    let canBeFirst = indices.allSatisfy { index in
      isFull(index) || fixedConstant(index) != nil || values[index].shape.isEmpty
    }
    guard wantsFirst, canBeFirst else { return (try indices.map { try name($0) }, false) }
    let names = try indices.map { index -> String in
      if isFull(index) { return try channelsFirst(index) }
      guard let constant = fixedConstant(index), constant.count > 1 else { return try name(index) }
      let full = Array(repeating: 1, count: rank - constant.rank) + constant.shape
      return builder.constant(constant, change: "first \(rank)") {
        $0.reshaped(to: full).transposed(axes: Self.toChannelsFirst(rank))
      }
    }
    return (names, true)
  }

  /// Gives a result its name in a layout.
  mutating func set(_ index: Int, _ name: String, isChannelsFirst: Bool = false) {
    if isChannelsFirst { values[index].channelsFirstName = name } else { values[index].name = name }
  }
}
