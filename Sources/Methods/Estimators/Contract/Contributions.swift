/// How much each feature moved each prediction, on the model's link scale.
///
/// A block of `featureCount + 1` numbers per row and output: one per feature, then the base value (the margin expected
/// when nothing is known of the row). A block sums to the row's margin: the predicted number before the inverse link,
/// which is the log-odds of class 1 for two classes and the log of the mean for Poisson and Tweedie. Forests have no
/// link: their blocks sum to the probability of class 1, or of each class.
public struct Contributions: Sendable, Equatable {
  /// The numbers, `values[(row * width + output) * (featureCount + 1) + feature]`; feature `featureCount` is the base.
  public let values: [Double]
  /// The outputs per row: 1 for regression and two classes, else one per class.
  public let width: Int
  /// The number of features.
  public let featureCount: Int

  /// Creates contributions; `values.count` must be a multiple of `width * (featureCount + 1)`.
  public init(_ values: [Double], width: Int, featureCount: Int) {
    precondition(
      width >= 1 && featureCount >= 0 && values.count % (width * (featureCount + 1)) == 0,
      "Contributions: \(values.count) values, width \(width), \(featureCount) features")
    self.values = values
    self.width = width
    self.featureCount = featureCount
  }

  /// The number of rows.
  public var rowCount: Int { values.count / (width * (featureCount + 1)) }

  /// What a feature added to a row's output; feature `featureCount` is the base value.
  public subscript(_ row: Int, _ output: Int, _ feature: Int) -> Double {
    values[(row * width + output) * (featureCount + 1) + feature]
  }

  /// The base value of a row's output.
  public func base(row: Int, output: Int = 0) -> Double { self[row, output, featureCount] }

  /// The sum of a block: the row's predicted number on the link scale.
  public func margin(row: Int, output: Int = 0) -> Double {
    let start = (row * width + output) * (featureCount + 1)
    return values[start..<start + featureCount + 1].reduce(0, +)
  }
}

/// A model that can say how much each feature moved a prediction.
public protocol ContributingModel: Model {
  /// The contributions of every row; the matrix has the features of the training data, in their order.
  ///
  /// Two classes have one output, the log-odds of class 1.
  func contributions(_ features: FeatureMatrix, threads: Int) -> Contributions
}
