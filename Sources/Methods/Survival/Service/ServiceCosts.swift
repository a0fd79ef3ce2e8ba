import Basics

/// What happens to a unit costs, in one currency.
public struct ServiceCosts: Sendable, Codable, Hashable {
  /// A failure with everything that follows from it, and the renewal of the unit; above 0.
  public let failure: Double
  /// A planned service that renews the unit; above 0.
  public let service: Double
  /// Looking at a unit once; at least 0.
  public let inspection: Double

  /// Costs.
  ///
  /// - Parameters:
  ///   - failure: A failure and the renewal after it.
  ///   - service: A planned renewal.
  ///   - inspection: Looking at a unit once; 0 unless given.
  /// - Throws: a `configuration` error for costs that are not numbers above 0, or an inspection below 0.
  public init(failure: Double, service: Double, inspection: Double = 0) throws {
    for (name, cost) in [("a failure", failure), ("a service", service)] where !(cost > 0 && cost.isFinite) {
      throw AssayError(
        .configuration, "the cost of \(name) is \(cost), it must be above 0",
        remedy: "give all costs in one currency, as positive numbers")
    }
    guard inspection >= 0, inspection.isFinite else {
      throw AssayError(.configuration, "the cost of an inspection is \(inspection), it must be at least 0")
    }
    self.failure = failure
    self.service = service
    self.inspection = inspection
  }

  /// Whether a failure costs no more than a service, so that no planned service can pay.
  public var makesServiceUseless: Bool { failure <= service }
}
