import Basics
import Tensors

/// Collects the nodes and weights of a graph that is being written.
struct GraphBuilder {
  private(set) var graph = ONNXGraph()
  private var names: Set<String> = []
  private var counts: [String: Int] = [:]
  /// Constants that were written, so that each is written once.
  private var constants: [ConstantKey: String] = [:]
  /// Tensors whose memory must not be used anew while `constants` knows them by it.
  private var held: [Tensor] = []
  /// Weights by the memory that they lie in.
  private let paths: [ObjectIdentifier: String]

  private struct ConstantKey: Hashable {
    let storage: ObjectIdentifier
    let offset: Int
    let shape: [Int]
    let type: ElementType
    /// How the numbers are changed before they are written.
    let change: String
  }

  /// - Parameter parameters: Weights with the names that they are to have.
  init(parameters: [(path: String, value: Tensor)]) {
    held = parameters.map(\.value)
    paths = Dictionary(parameters.map { (ObjectIdentifier($0.value.storage), $0.path) }) { first, _ in first }
    names = Set(parameters.map(\.path))
  }

  /// A name that nothing has yet.
  mutating func fresh(_ base: String) -> String {
    while true {
      let count = counts[base, default: 0]
      counts[base] = count + 1
      let name = count == 0 ? base : "\(base)_\(count)"
      if names.insert(name).inserted { return name }
    }
  }

  /// Takes a name that was given; false if it is taken.
  mutating func take(_ name: String) -> Bool { names.insert(name).inserted }

  mutating func addInput(_ value: ONNXValue) { graph.inputs.append(value) }

  mutating func addOutput(_ value: ONNXValue) { graph.outputs.append(value) }

  /// Removes nodes and weights that no output needs.
  mutating func removeUnused() {
    var needed = Set(graph.outputs.map(\.name))
    var kept: [ONNXNode] = []
    for node in graph.nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs)
      kept.append(node)
    }
    graph.nodes = kept.reversed()
    graph.initializers.removeAll { !needed.contains($0.name) }
  }

  /// Adds an operator and gives the names of its results.
  mutating func add(
    _ kind: String, _ inputs: [String], outputs: Int = 1, _ attributes: [String: ONNXAttribute] = [:],
    named given: [String]? = nil
  ) -> [String] {
    var node = ONNXNode()
    node.kind = kind
    node.inputs = inputs
    while node.inputs.last == "" { node.inputs.removeLast() }
    node.attributes = attributes
    node.outputs = given ?? (0..<outputs).map { _ in fresh(kind.lowercased()) }
    node.name = fresh("node_" + (node.outputs.first ?? kind))
    graph.nodes.append(node)
    return node.outputs
  }

  /// The name of a tensor that is always the same: a weight keeps its path.
  ///
  /// - Parameters:
  ///   - change: A name for what is done to the numbers; the same change of the same tensor is written once.
  ///   - changed: Does it.
  mutating func constant(
    _ tensor: Tensor, change: String = "", _ changed: (Tensor) -> Tensor = { $0 }
  ) -> String {
    let key = ConstantKey(
      storage: ObjectIdentifier(tensor.storage), offset: tensor.offset, shape: tensor.shape, type: tensor.type,
      change: change)
    if let name = constants[key] { return name }
    held.append(tensor)
    let value = changed(tensor)
    let name: String
    if let path = paths[ObjectIdentifier(tensor.storage)] {
      let isFirst = !graph.initializers.contains { $0.name == path }
      name = isFirst ? path : fresh(path)
      graph.initializers.append(ONNXTensor(value, name: name))
    } else {
      name = add("Constant", [], ["value": .tensor(ONNXTensor(value))], named: [fresh("constant")])[0]
    }
    constants[key] = name
    return name
  }

  /// The name of a list of whole numbers.
  mutating func integers(_ values: [Int]) -> String {
    if let name = lists[values] { return name }
    let name = constant(Tensor(values))
    lists[values] = name
    return name
  }

  private var lists: [[Int]: String] = [:]

  /// The name of a number of a type.
  mutating func number(_ value: Double, _ type: ElementType) -> String {
    let key = NumberKey(value: value, type: type)
    if let name = numbers[key] { return name }
    let name = constant(Tensor(value).cast(to: type))
    numbers[key] = name
    return name
  }

  private struct NumberKey: Hashable {
    let value: Double
    let type: ElementType
  }

  private var numbers: [NumberKey: String] = [:]
}
