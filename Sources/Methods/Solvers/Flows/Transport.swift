import Basics

/// What to ship from where to where at the least total cost.
///
/// A linear program; with whole supplies and demands the shipments are whole.
public struct Transport: Sendable, Hashable, Codable {
  /// Amount per source and destination.
  public let shipments: [[Double]]
  /// The total cost.
  public let cost: Double
  /// Per destination, what one more unit of its demand would cost.
  public let prices: [Double]

  /// The cheapest shipments that meet every demand within the supplies.
  ///
  /// - Parameters:
  ///   - costs: Per unit, by source and destination; infinity forbids a way.
  ///   - supply: The most that each source gives, 0 or more.
  ///   - demand: What each destination needs, 0 or more.
  /// - Throws: a `configuration` error for counts that do not fit, negative amounts, or demands that cannot be met, with
  ///   the sources and destinations that contradict each other; what `LinearProgram.optimum` throws.
  public init(
    costs: [[Double]], supply: [Double], demand: [Double], options: SolveOptions = SolveOptions()
  ) throws(AssayError) {
    guard costs.count == supply.count, costs.allSatisfy({ $0.count == demand.count }) else {
      throw AssayError(
        .configuration, "the costs are not \(supply.count) sources by \(demand.count) destinations", at: "Transport")
    }
    guard (supply + demand).allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw AssayError(.configuration, "a supply or a demand is negative or not finite", at: "Transport")
    }
    var program = LinearProgram()
    var flows: [[Variable?]] = []
    for (source, line) in costs.enumerated() {
      flows.append(
        line.enumerated().map { destination, cost in
          guard cost != .infinity else { return nil }
          let flow = program.variable("way from source \(source) to destination \(destination)")
          program.objective.add(cost, flow)
          return flow
        })
    }
    for source in supply.indices {
      program.add(sum(flows[source].compactMap { $0 }) <= supply[source], "the supply of source \(source)")
    }
    let needs = demand.indices.map { destination in
      program.add(
        sum(flows.compactMap { $0[destination] }) >= demand[destination], "the demand of destination \(destination)")
    }
    let solution = try program.optimum(options)
    shipments = flows.map { line in line.map { flow in flow.map { max(0, solution[$0]) } ?? 0 } }
    cost = solution.objective ?? 0
    prices = needs.map { solution.duals.isEmpty ? 0 : solution.dual(of: $0) }
  }
}
