import Basics
import Kernels
import Tensors

/// What an optimiser remembers about each parameter: some tensors of its shape, and the number of steps taken.
struct OptimizerMemory: Sendable {
  private struct Entry: Sendable {
    let path: String
    var steps: Int
    var slots: [OwnedTensor]
  }

  /// The names of the tensors, such as "firstMoment".
  let names: [String]
  private var entries: [Entry] = []
  private var positions: [String: Int] = [:]

  init(_ names: [String]) { self.names = names }

  /// What one step does to one parameter. The tensors may be written to, but for the gradient.
  struct Step {
    let parameter: Tensor
    let gradient: Tensor
    let slots: [Tensor]
    /// How many steps the parameter has taken, with this one.
    let number: Int

    func pointers<Element: TensorElement>(_ type: Element.Type, _ range: Range<Int>) -> Pointers<Element> {
      let start = range.lowerBound
      return Pointers(
        parameter: parameter.pointer(type) + start, gradient: gradient.pointer(type) + start,
        first: slots.isEmpty ? nil : slots[0].pointer(type) + start,
        second: slots.count < 2 ? nil : slots[1].pointer(type) + start, count: range.count)
    }
  }

  /// A part of a step's memory.
  struct Pointers<Element> {
    let parameter: UnsafeMutablePointer<Element>
    let gradient: UnsafeMutablePointer<Element>
    let first: UnsafeMutablePointer<Element>?
    let second: UnsafeMutablePointer<Element>?
    let count: Int
  }

  /// Makes the memory of all parameters that have a gradient ready to be changed; what is new begins with zeros.
  mutating func begin(_ parameters: [NamedParameter], _ gradients: Gradients, for optimizer: String) -> [Step] {
    var steps: [Step] = []
    steps.reserveCapacity(parameters.count)
    for (place, named) in parameters.enumerated() where named.parameter.isTrainable {
      guard let gradient = gradients.unscaled(named.parameter) else { continue }
      let position = position(of: named, near: place)
      let parameter = named.parameter.claim()
      require(
        gradient.shape == parameter.shape && gradient.type == parameter.type, optimizer,
        "\(named.path) has shape \(parameter.shape) and type \(parameter.type), its gradient \(gradient.shape) and"
          + " \(gradient.type)")
      require(
        parameter.type == .float32 || parameter.type == .float64, optimizer,
        "\(named.path) has type \(parameter.type); training needs float32 or float64")
      entries[position].steps += 1
      let slots = names.indices.map { slot -> Tensor in
        if entries[position].slots[slot].type != parameter.type {
          entries[position].slots[slot] = OwnedTensor(entries[position].slots[slot].tensor.cast(to: parameter.type))
        }
        return entries[position].slots[slot].claim()
      }
      steps.append(
        Step(parameter: parameter, gradient: gradient, slots: slots, number: entries[position].steps))
    }
    return steps
  }

  private mutating func position(of named: NamedParameter, near place: Int) -> Int {
    if place < entries.count, entries[place].path == named.path { return place }
    if let position = positions[named.path] { return position }
    let zeros = names.map { _ in OwnedTensor(.zeros(named.parameter.shape, type: named.parameter.type)) }
    entries.append(Entry(path: named.path, steps: 0, slots: zeros))
    positions[named.path] = entries.count - 1
    return entries.count - 1
  }

  /// Everything that is remembered: "steps/path" as a whole number, "name/path" for each name.
  var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for entry in entries {
      state["steps/\(entry.path)"] = Tensor(Int64(entry.steps))
      for (name, slot) in zip(names, entry.slots) { state["\(name)/\(entry.path)"] = slot.tensor }
    }
    return state
  }

  /// Memory from a saved state.
  func restored(_ state: [String: Tensor], for parameters: [NamedParameter]) throws -> OptimizerMemory {
    var memory = OptimizerMemory(names)
    var rest = Set(state.keys)
    for named in parameters {
      guard let steps = state["steps/\(named.path)"] else { continue }
      guard steps.count == 1, steps.type.isInteger, 0...0x1p53 ~= steps.scalar else {
        throw misfit("the number of steps is no whole number from 0", "steps/\(named.path)")
      }
      rest.remove("steps/\(named.path)")
      let slots = try names.map { name in
        let key = "\(name)/\(named.path)"
        guard let tensor = state[key] else { throw misfit("an entry is missing", key) }
        let (shape, type) = (named.parameter.shape, named.parameter.type)
        guard tensor.shape == shape, tensor.type.isFloatingPoint else {
          throw misfit("\(tensor.type) of shape \(tensor.shape) for a parameter of shape \(shape)", key)
        }
        rest.remove(key)
        return OwnedTensor(tensor.cast(to: type))
      }
      memory.entries.append(Entry(path: named.path, steps: Int(steps.scalar), slots: slots))
      memory.positions[named.path] = memory.entries.count - 1
    }
    if !rest.isEmpty { throw misfit("entries belong to nothing here: \(listed(rest.sorted()))", "") }
    return memory
  }

  private func misfit(_ problem: String, _ place: String) -> AssayError {
    AssayError(
      .bundle, "the optimiser's state does not fit: \(problem)", at: place,
      remedy: "restore it into an optimiser and a model made with the same settings")
  }
}

/// The parts of all parameters of a step, which are run on several threads; the cuts depend on the sizes alone.
struct StepParts {
  let steps: [OptimizerMemory.Step]
  /// For each part the step that it belongs to and its elements, in the order of the steps.
  let parts: [(step: Int, range: Range<Int>)]

  init(_ steps: [OptimizerMemory.Step]) {
    let grain = 1 << 14
    self.steps = steps
    parts = steps.enumerated().flatMap { index, step in
      stride(from: 0, to: step.parameter.count, by: grain).map {
        (index, $0..<min($0 + grain, step.parameter.count))
      }
    }
  }

  /// Calls the body for every part.
  func forEach(_ body: (_ step: OptimizerMemory.Step, _ range: Range<Int>) -> Void) {
    forEach { step, _, range in body(step, range) }
  }

  /// Calls the body for every part, with the place of its step.
  func forEach(_ body: (_ step: OptimizerMemory.Step, _ place: Int, _ range: Range<Int>) -> Void) {
    forEachTask(parts.count) { body(steps[parts[$0].step], parts[$0].step, parts[$0].range) }
  }

  /// The sums of what the body gives for the parts of each step, added in order.
  func sums(_ body: (_ step: OptimizerMemory.Step, _ range: Range<Int>) -> (Double, Double)) -> [(Double, Double)] {
    var partial = [(Double, Double)](repeating: (0, 0), count: parts.count)
    partial.withUnsafeMutableBufferPointer { partial in
      let target = partial
      forEachTask(parts.count) { target[$0] = body(steps[parts[$0].step], parts[$0].range) }
    }
    var sums = [(Double, Double)](repeating: (0, 0), count: steps.count)
    for (part, values) in zip(parts, partial) {
      sums[part.step].0 += values.0
      sums[part.step].1 += values.1
    }
    return sums
  }
}
