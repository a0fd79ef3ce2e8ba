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
  func basis(_ nouns: String) -> String {
    usesTest
      ? "\(nouns) that neither the models nor the limits had seen"
      : "the \(nouns) learned from, each judged by models and limits that had not seen it"
  }
}
