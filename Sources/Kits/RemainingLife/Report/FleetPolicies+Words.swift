extension FleetPolicies.Policy {
  /// The way to decide, for the reader.
  var name: String {
    switch way {
    case .predictedLife: "by predicted life"
    case .fixedAge: "at a fixed age"
    case .runToFailure: "run to failure"
    }
  }
}

extension FleetPolicies {
  /// What the costs were measured on.
  func basis(_ noun: String) -> String {
    usesTest
      ? "\(noun)s that neither the models nor the limits had seen"
      : "the \(noun)s learned from, each judged by models and limits that had not seen it"
  }
}
