/// What a `FeaturePipeline` does with each kind of column.
///
/// A plan is configuration: building one does no work; `FeaturePipeline.fit` checks the ranges. `trees`, `linear`,
/// `neighbours` and `network` are the presets for families of learners.
public struct FeaturePlan: Sendable, Codable, Hashable {
  /// Columns of numbers, and every other dense feature that is an amount.
  public var numbers = Numbers()
  /// Columns with levels.
  public var categories = Categories()
  /// Columns of dates and times.
  public var dates = Dates()
  /// Columns of free text.
  public var texts = Texts()
  /// Features made from two columns.
  public var interactions = Interactions()
  /// Whether indicators and terms are stored as sparse columns; dense otherwise.
  public var sparse = true

  /// Numbers as they are, levels as codes: the plan `trees` without statistics of the target.
  public init() {}

  /// Settings for columns of numbers.
  public struct Numbers: Sendable, Codable, Hashable {
    /// How amounts are brought to a common scale.
    public var scaling = Scaling.none
    /// What stands in for a missing number.
    public var imputation = Imputation.none
    /// Whether a column with missing numbers in training gets a feature `NAME.missing` that is 1 where it is missing.
    public var missingFlags = false
    /// The share of training rows at each end beyond which numbers are clipped; 0 clips nothing. 0 ..< 0.5.
    public var clippedShare = 0.0
    /// Whole-number columns with at most this many distinct values are treated as categories too; 0 for none.
    public var categoriesUpTo = 0
    /// Whether columns that do not vary in training become features all the same, as they must where a learner needs the
    /// same columns in every fold; nil means no.
    public var keepsConstants: Bool?

    /// Numbers as they are.
    public init() {}
  }

  /// How amounts are brought to a common scale.
  public enum Scaling: String, Sendable, Codable, Hashable, CaseIterable {
    /// As they are.
    case none
    /// Mean 0, (population) standard deviation 1.
    case standard
    /// Median 0, interquartile range 1.
    case robust
    /// A standard normal distribution, by at most 1,000 quantiles; the ends are at about -3.3 and 3.3.
    case quantileNormal
  }

  /// What stands in for a missing number.
  public enum Imputation: Sendable, Codable, Hashable {
    /// Nothing: it stays not-a-number.
    case none
    /// The mean of the training rows.
    case mean
    /// The median of the training rows.
    case median
    /// The most frequent number of the training rows; the smallest of several.
    case mode
    /// This number.
    case constant(Double)
  }

  /// Settings for columns with levels.
  public struct Categories: Sendable, Codable, Hashable {
    /// Levels in fewer training rows than this are put together, and new levels with them. At least 1.
    public var rareBelow = 2
    /// At most this many levels, the most frequent, are told apart. At least 1.
    public var levelLimit = 10_000
    /// Columns with at most this many levels become one indicator per level; 0 for none.
    public var oneHotUpTo = 0
    /// Columns with at most this many levels become one feature of codes, `FeatureKind.categorical`; 0 for none.
    public var codesUpTo = 255
    /// Whether columns with more levels than `codesUpTo` become codes too, of the most frequent `codesUpTo` - 1 levels
    /// and one for the rest.
    public var codesBeyond = false
    /// Columns with more levels than this get statistics of the target; nil for none.
    public var statisticsAbove: Int?
    /// How the statistics of training rows are kept from their own labels.
    public var statistics = TargetStatistics.outOfFold(5)
    /// The weight, in rows, of the overall mean in the statistic of a level. Above 0.
    public var smoothing = 10.0
    /// With more than two classes, one statistic for each of the most frequent classes, at most this many.
    public var statisticClassLimit = 8
    /// Columns with more levels than this get the share of training rows with their level; nil for none.
    public var frequencyAbove: Int?

    /// Codes for up to 255 levels, frequency beyond.
    public init() {}
  }

  /// How the target statistics of training rows are kept from their own labels.
  ///
  /// A statistic from folds is nearly as certain as that of a new row; an ordered one is uncertain for the first rows
  /// of its single order. With statistics for all columns above two levels, our boosting had less loss with folds on
  /// each of the five tables tried (credit risk, car evaluation, house prices, claims, churn).
  public enum TargetStatistics: Sendable, Codable, Hashable {
    /// From the rows that precede in one random order, as in Prokhorenkova et al., "CatBoost: unbiased boosting with
    /// categorical features", NeurIPS 2018.
    case ordered
    /// From the rows of the other folds, this many random folds; at least 2.
    case outOfFold(Int)
  }

  /// Settings for columns of dates and times. Features that are constant in training are left out.
  public struct Dates: Sendable, Codable, Hashable {
    /// The parts that become features.
    public var parts: [DatePart] = DatePart.allCases
    /// Whether month, weekday and hour become a sine and a cosine.
    public var cyclic = false
    /// Whether each pair of date columns (the first five) gives their difference in days.
    public var differences = true

    /// All parts, no sines.
    public init() {}
  }

  /// Settings for columns of free text.
  public struct Texts: Sendable, Codable, Hashable {
    /// How terms become features.
    public var terms = Terms.weighted
    /// The longest run of words that is a term. 1 ... 3.
    public var longestWordRun = 2
    /// The lengths of the character runs within words that are terms too; nil for none. Within 1 ... 8.
    public var characterRuns: ClosedRange<Int>?
    /// Terms in fewer training rows than this are left out. At least 1.
    public var minimumDocuments = 2
    /// Terms in more than this share of the training rows are left out. Above 0, up to 1.
    public var maximumDocumentShare = 1.0
    /// At most this many terms, those in most rows. At least 1.
    public var vocabularyLimit = 20_000
    /// Of these, only so many that tell most about the target; nil keeps all.
    public var informativeTerms: Int?
    /// Whether the count c of a term in a row weighs 1 + ln c rather than c.
    public var sublinear = true
    /// Whether the weights of a row are divided by their Euclidean length.
    public var normalised = true
    /// The number of hashed features is 2 to this power. 4 ... 22.
    public var hashBits = 14
    /// The number of features made from all terms by a truncated singular value decomposition; 0 for none.
    public var components = 0
    /// Whether length, words, digits, capitals and punctuation of a text become features.
    public var statistics = true

    /// TF-IDF of words and pairs of words.
    public init() {}
  }

  /// How terms become features.
  public enum Terms: String, Sendable, Codable, Hashable, CaseIterable {
    /// They do not.
    case none
    /// One feature per term of a vocabulary, weighted by its rarity: TF-IDF with ln((1 + n) / (1 + d)) + 1.
    case weighted
    /// A fixed number of features, each the signed sum of the terms that hash to it (Weinberger et al., ICML 2009).
    case hashed
  }

  /// Settings for features made from two columns.
  public struct Interactions: Sendable, Codable, Hashable {
    /// The number columns that tell most about the target are paired, this many; 0 for none.
    public var numberColumns = 0
    /// What is computed from a pair of number columns.
    public var operations: [Operation] = Operation.allCases
    /// The category columns that tell most about the target are paired, this many; 0 for none.
    public var categoryColumns = 0

    /// None.
    public init() {}
  }

  /// What is computed from a pair of numbers.
  public enum Operation: String, Sendable, Codable, Hashable, CaseIterable {
    /// a - b
    case difference = "-"
    /// a · b
    case product = "*"
    /// a / b; missing where b is 0
    case ratio = "/"
  }
}

/// A part of a date that becomes a feature, in UTC and the Gregorian calendar.
public enum DatePart: String, Sendable, Codable, Hashable, CaseIterable {
  /// The year.
  case year
  /// 1 ... 12
  case month
  /// The day of the month, 1 ... 31
  case day
  /// 1 (Monday) ... 7 (Sunday), as in ISO 8601
  case weekday
  /// 1 on Saturday and Sunday, else 0
  case weekend
  /// 1 ... 366
  case dayOfYear
  /// 0 ... 23
  case hour
  /// 0 ... 59
  case minute
  /// Days since the first date of the training rows, with fractions.
  case daysSinceFirst
}
