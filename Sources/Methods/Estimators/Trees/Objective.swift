import Evaluation

/// The loss that boosting reduces.
public enum Objective: Sendable, Hashable, Codable {
  /// Half the squared error; predicts the mean.
  case squared
  /// The absolute error; predicts the median.
  case absolute
  /// The pinball loss; predicts the quantile of this level, above 0 and below 1.
  case quantile(level: Double)
  /// Squared error up to `delta`, absolute beyond (Huber, 1964); `delta` is in units of the label.
  case huber(delta: Double)
  /// Poisson deviance with log link, for counts; labels not below 0.
  case poisson
  /// Tweedie deviance with log link, for amounts with many zeros; power above 1 and below 2, labels not below 0.
  case tweedie(power: Double)
  /// Log loss of two classes.
  case logistic
  /// Log loss of several classes, one tree per class and round.
  case softmax
  /// LambdaRank (Burges, "From RankNet to LambdaRank to LambdaMART", 2010) for the nDCG of the first `truncation`
  /// positions; labels are grades 0, 1, 2, ... up to 30, rows of a query carry the same group.
  case lambdaRank(truncation: Int)

  /// The objective for a task: squared, logistic or softmax.
  public static func standard(for task: LearningTask) -> Objective {
    switch task {
    case .regression: .squared
    case .classification(let classes): classes.count == 2 ? .logistic : .softmax
    }
  }

  /// How margins become predictions.
  var link: Link {
    switch self {
    case .squared, .absolute, .quantile, .huber, .lambdaRank: .identity
    case .poisson, .tweedie: .exponential
    case .logistic: .logistic
    case .softmax: .softmax
    }
  }

  /// Whether leaf values are found anew from the residuals because the gradient says only their sign.
  var renewsLeaves: Bool {
    switch self {
    case .absolute, .quantile, .huber: true
    default: false
    }
  }

  /// The bound of leaf values where the settings give none, in units of the margin; see `Boosting.maximumStep`.
  var usualStepLimit: Double {
    switch self {
    case .logistic, .softmax: 5
    default: .infinity
    }
  }

  /// Whether a shift of all labels shifts the predictions by as much, so that labels may be kept relative to the base.
  var isShiftable: Bool {
    switch self {
    case .squared, .absolute, .quantile, .huber: true
    default: false
    }
  }
}

/// How margins (sums of leaf values) become predictions.
public enum Link: String, Sendable, Hashable, Codable {
  /// The margin is the prediction.
  case identity
  /// exp(margin).
  case exponential
  /// Margin: the log-odds of class 1.
  case logistic
  /// One margin per class, exponentials divided by their sum.
  case softmax
  /// The margin is the probability of class 1.
  case probability
  /// One margin per class, the margins are the probabilities.
  case probabilities
}
