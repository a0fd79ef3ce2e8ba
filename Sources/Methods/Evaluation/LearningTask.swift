/// What is predicted for a row.
public enum LearningTask: Sendable, Hashable, Codable {
  /// A number.
  case regression
  /// One of two or more classes, by probabilities; labels are indices into `classes`. Two classes: index 1 is the
  /// positive class.
  case classification(classes: [String])

  /// The numbers predicted per row: 1 for regression, one probability per class for classification.
  public var width: Int {
    switch self {
    case .regression: 1
    case .classification(let classes): classes.count
    }
  }

  /// Whether it is a classification with two classes.
  public var isBinary: Bool { width == 2 }

  /// The names of the classes; empty for regression.
  public var classes: [String] {
    if case .classification(let classes) = self { return classes }
    return []
  }
}
