/// Entities joined by the events they share: components by union-find (Tarjan, 1975; union by size, path halving),
/// distinct partners, and known positives of nodes and components.
///
/// What was joined stays joined. When the limit of nodes or edges is reached, new ones are left out and counted.
struct SharedGraph: Sendable, Codable {
  /// How many of a node's partners its neighbours' share looks at: the latest new ones.
  static let neighbourLimit = 8

  let members: Int
  let limit: Int
  let hubDegree: Int
  private(set) var leftOut = 0
  private var table = KeyTable()
  private var edges = KeyTable()
  private var parents: [Int32] = []
  /// Of a component, at its root: nodes, nodes of each member, known labels, known positives.
  private(set) var sizes: [Int32] = []
  private(set) var memberSizes: [Int32] = []
  private(set) var componentKnown: [Int32] = []
  private(set) var componentPositives: [Int32] = []
  /// Of a node.
  private(set) var degrees: [Int32] = []
  private(set) var known: [Int32] = []
  private(set) var positives: [Int32] = []
  private var neighbours: [Int32] = []

  init(members: Int, limit: Int, hubDegree: Int?) {
    self.members = members
    self.limit = limit
    self.hubDegree = hubDegree ?? .max
  }

  var nodeCount: Int { parents.count }

  /// The memory in bytes.
  var byteCount: Int {
    table.byteCount + edges.byteCount + parents.capacity * 4 * (7 + members + SharedGraph.neighbourLimit)
  }

  /// The key of a node: the entity's key and which member of the graph it is.
  private static func nodeKey(_ key: UInt64, _ member: Int) -> UInt64 { EntityKey.combine(key, UInt64(member) &+ 1) }

  /// The node of an entity, or -1.
  func find(_ key: UInt64, member: Int) -> Int {
    key <= EntityKey.together ? -1 : table.find(SharedGraph.nodeKey(key, member))
  }

  /// The root of a node's component.
  func root(_ node: Int) -> Int {
    var node = node
    while Int(parents[node]) != node { node = Int(parents[node]) }
    return node
  }

  /// The node of an entity, new if need be; -1 for a missing entity, or when there is no room.
  mutating func add(_ key: UInt64, member: Int) -> Int {
    if key <= EntityKey.together { return -1 }
    let nodeKey = SharedGraph.nodeKey(key, member)
    let found = table.find(nodeKey)
    if found >= 0 { return found }
    if nodeCount >= limit {
      leftOut += 1
      return -1
    }
    let node = table.insert(nodeKey)
    parents.append(Int32(node))
    sizes.append(1)
    for index in 0..<members { memberSizes.append(index == member ? 1 : 0) }
    componentKnown.append(0)
    componentPositives.append(0)
    degrees.append(0)
    known.append(0)
    positives.append(0)
    for _ in 0..<SharedGraph.neighbourLimit { neighbours.append(-1) }
    return node
  }

  /// Joins two nodes that share an event.
  mutating func join(_ first: Int, _ second: Int) {
    let edge = EntityKey.combine(UInt64(first) &+ 1, UInt64(second) &+ 1)
    if edges.find(edge) >= 0 { return }
    if edges.count >= limit {
      leftOut += 1
      return
    }
    _ = edges.insert(edge)
    meet(first, second)
    meet(second, first)
    if Int(degrees[first]) > hubDegree || Int(degrees[second]) > hubDegree { return }
    var (large, small) = (shortenedRoot(first), shortenedRoot(second))
    if large == small { return }
    // Between components of equal size the root does not matter: everything is a sum over the component.
    if sizes[large] < sizes[small] { swap(&large, &small) }
    parents[small] = Int32(large)
    sizes[large] &+= sizes[small]
    for index in 0..<members { memberSizes[large * members + index] &+= memberSizes[small * members + index] }
    componentKnown[large] &+= componentKnown[small]
    componentPositives[large] &+= componentPositives[small]
  }

  private mutating func meet(_ node: Int, _ partner: Int) {
    neighbours[node * SharedGraph.neighbourLimit + Int(degrees[node]) % SharedGraph.neighbourLimit] = Int32(partner)
    degrees[node] &+= 1
  }

  private mutating func shortenedRoot(_ node: Int) -> Int {
    var node = node
    while Int(parents[node]) != node {
      parents[node] = parents[Int(parents[node])]
      node = Int(parents[node])
    }
    return node
  }

  /// Notes a known label of an event at one of its nodes.
  mutating func addLabel(_ isPositive: Bool, node: Int) {
    known[node] &+= 1
    if isPositive { positives[node] &+= 1 }
  }

  /// Notes a known label of an event in its component, once.
  mutating func addComponentLabel(_ isPositive: Bool, node: Int) {
    let root = shortenedRoot(node)
    componentKnown[root] &+= 1
    if isPositive { componentPositives[root] &+= 1 }
  }

  /// Known labels and positives of a node's latest partners.
  func neighbourLabels(_ node: Int) -> (known: Int, positives: Int) {
    var (known, positives) = (0, 0)
    let start = node * SharedGraph.neighbourLimit
    for index in start..<start + min(SharedGraph.neighbourLimit, Int(degrees[node])) {
      let partner = Int(neighbours[index])
      known += Int(self.known[partner])
      positives += Int(self.positives[partner])
    }
    return (known, positives)
  }
}
