import Decisions
import Projects

extension ServiceDecision {
  /// What serving is worth, as actions; nil where no costs are given.
  static func value(_ terms: ServiceTerms) throws -> ValueSpecification? {
    guard terms.areGiven else { return nil }
    return try value(failure: terms.failure, service: terms.service, currency: terms.currency, unit: "piece")
  }
}

extension ServiceDecision.Way {
  /// The way to decide, for the reader.
  ///
  /// - Parameter short: What a row is called: "piece".
  func name(_ short: String) -> String {
    switch rule {
    case .predictions: "by the predictions"
    case .never: "never serve"
    case .always: "serve before every \(short)"
    }
  }
}
