import Evaluation

/// How candidates are judged during the search, and what becomes of their fits.
public struct ValidationPlan: Sendable {
  /// Rows to learn from and rows to judge on, as positions in the training table.
  public let folds: [Fold]
  /// Whether the final model is fitted anew on all rows: where folds go by time the last rows matter most. Otherwise
  /// the fits of all folds are kept and averaged.
  public let refits: Bool
  /// The plan in words.
  public let words: String

  /// Creates a plan.
  public init(folds: [Fold], refits: Bool, words: String) {
    self.folds = folds
    self.refits = refits
    self.words = words
  }

  /// The rows that some fold judges on, ascending.
  public var judgedRows: [Int] { folds.flatMap(\.test).sorted() }

  /// The number of folds for a table: more where rows are few and every row counts; always even, so that two or more
  /// threads share them without one waiting.
  public static func foldCount(rows: Int) -> Int {
    switch rows {
    case ..<5_000: 8
    case ..<20_000: 6
    case ..<150_000: 4
    case ..<400_000: 2
    default: 1
    }
  }
}
