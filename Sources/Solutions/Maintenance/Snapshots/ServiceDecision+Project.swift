import Decisions
import Projects
import RemainingLife

extension ServiceDecision {
  /// What serving is worth, as actions; nil where the project names no costs.
  static func value(_ project: Project) throws -> ValueSpecification? {
    guard project.givesCosts else { return nil }
    return try value(
      failure: project.amounts.number("failure"), service: project.amounts.number("service"),
      currency: project.amounts.text("currency") ?? "", unit: "piece")
  }
}

extension ServiceDecision.Way {
  /// The way to decide, for the reader.
  var name: String {
    switch rule {
    case .predictions: "by the predictions"
    case .never: "never serve"
    case .always: "serve before every piece"
    }
  }
}
