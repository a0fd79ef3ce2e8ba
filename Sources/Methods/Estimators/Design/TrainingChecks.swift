import Basics
import Evaluation

extension TrainingData {
  /// Refuses what no method can learn from.
  ///
  /// - Throws: a `data` error for no rows, infinite features, labels that are missing, infinite or not a class, and for
  ///   weights that are negative, not finite or all zero.
  func checkLearnable() throws {
    guard rowCount > 0 else {
      throw AssayError(.data, "there are no rows to learn from", remedy: "give at least one row")
    }
    try features.checkFinite()
    let classes = task.classes.count
    for (row, label) in labels.enumerated() {
      guard label.isFinite else {
        throw AssayError(
          .data, "the target is missing or infinite", at: "row \(row + 1)", remedy: "leave such rows out")
      }
      if classes > 0, label != label.rounded() || label < 0 || label >= Double(classes) {
        throw AssayError(.data, "\(label) is not the number of one of the \(classes) classes", at: "row \(row + 1)")
      }
    }
    if let weights {
      for (row, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
        throw AssayError(.data, "the weight \(weight) is not a number of at least 0", at: "row \(row + 1)")
      }
      guard weights.contains(where: { $0 > 0 }) else { throw AssayError(.data, "all weights are 0") }
    }
  }

  /// One weight per row: the given ones, or 1.
  var rowWeights: [Double] { weights ?? Array(repeating: 1, count: rowCount) }
}

extension FeatureMatrix {
  /// Refuses infinite numbers.
  ///
  /// - Throws: a `data` error that names the feature.
  func checkFinite() throws {
    for (feature, column) in zip(features, columns) {
      let values: [Float]
      switch column {
      case .dense(let numbers): values = numbers
      case .sparse(_, let numbers): values = numbers
      }
      if values.contains(where: \.isInfinite) {
        throw AssayError(
          .data, "an infinite value", at: "column \"\(feature.source)\"",
          remedy: "replace it by a number, or leave it empty")
      }
    }
  }
}

/// Refuses a parameter that is out of its range.
///
/// - Throws: a `configuration` error that names the parameter, its value and the range.
func require(_ holds: Bool, _ parameter: String, _ value: some CustomStringConvertible, _ range: String) throws {
  if !holds { throw AssayError(.configuration, "\(parameter) is \(value), it must be \(range)") }
}
