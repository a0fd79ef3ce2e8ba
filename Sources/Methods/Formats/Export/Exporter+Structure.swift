import Basics
import Tensors

extension Exporter {
  /// Writes an operation along one axis in the layout in which its operands are.
  mutating func writeAlong(
    _ axis: Int, _ inputs: [Int], _ outputs: [Int],
    _ body: (inout GraphBuilder, _ names: [String], _ axis: Int) throws -> [String]
  ) throws {
    let (names, isChannelsFirst) = try aligned(inputs)
    let rank = values[inputs[0]].shape.count
    let here = isChannelsFirst ? Self.channelsFirstAxis(axis, rank: rank) : axis
    for (output, name) in zip(outputs, try body(&builder, names, here)) {
      set(output, name, isChannelsFirst: isChannelsFirst)
    }
  }

  /// Writes a transposition; one behind another becomes one.
  mutating func writeTranspose(_ axes: [Int], _ input: Int, _ output: Int) throws {
    var (source, order) = ("", axes)
    if let (origin, before) = values[input].transposed {
      (source, order) = (origin, axes.map { before[$0] })
    } else if values[input].name == nil, let first = values[input].channelsFirstName {
      let toLast = [0] + Array(2..<axes.count) + [1]
      (source, order) = (first, axes.map { toLast[$0] })
    } else {
      source = try name(input)
    }
    values[output].transposed = (source, order)
    let isSame = order == Array(axes.indices)
    set(output, isSame ? source : builder.add("Transpose", [source], ["perm": .integers(order)])[0])
  }

  mutating func writeSlice(_ starts: [Int], _ steps: [Int], _ input: Int, _ output: Int) throws {
    let (old, new) = (values[input].shape, values[output].shape)
    let (names, isChannelsFirst) = try aligned([input])
    var (axes, first, last): ([Int], [Int], [Int]) = ([], [], [])
    for axis in starts.indices where starts[axis] != 0 || steps[axis] != 1 || old[axis] != new[axis] {
      let (start, step) = (starts[axis], steps[axis])
      if new[axis].isFixed {
        let end = start + (new[axis].fixed - 1) * step
        last.append(new[axis].fixed == 0 ? start : step > 0 ? end + 1 : end == 0 ? .min : end - 1)
      } else if step == 1, new[axis].perBatch == old[axis].perBatch {
        // What is left out at the end is the same for every batch.
        let rest = old[axis].fixed - start - new[axis].fixed
        last.append(rest == 0 ? .max : -rest)
      } else {
        throw Self.dependsOnBatch("the end of a slice")
      }
      axes.append(isChannelsFirst ? Self.channelsFirstAxis(axis, rank: old.count) : axis)
      first.append(start)
    }
    let chosen = starts.indices.filter { starts[$0] != 0 || steps[$0] != 1 || old[$0] != new[$0] }.map { steps[$0] }
    let settings = [first, last, axes, chosen].map { builder.integers($0) }
    set(output, builder.add("Slice", names + settings)[0], isChannelsFirst: isChannelsFirst)
  }

  mutating func writePlace(
    _ starts: [Int], _ steps: [Int], _ filler: Double, _ input: Int, _ output: Int
  ) throws -> Bool {
    guard steps.allSatisfy({ $0 == 1 }) else { return false }
    let (old, new) = (values[input].shape, values[output].shape)
    let after = new.indices.map { new[$0] - old[$0] - Dimension(starts[$0]) }
    let (names, isChannelsFirst) = try aligned([input])
    func ordered(_ widths: [Dimension]) -> [Dimension] {
      isChannelsFirst ? Self.toChannelsFirst(widths.count).map { widths[$0] } : widths
    }
    let pads = try sizes(ordered(starts.map { Dimension($0) }) + ordered(after))
    let value = builder.number(filler, values[input].type)
    set(output, builder.add("Pad", [names[0], pads, value])[0], isChannelsFirst: isChannelsFirst)
    return true
  }
}
