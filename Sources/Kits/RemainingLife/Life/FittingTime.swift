import Basics

/// How the time of a run is shared by what is still to be fitted.
///
/// Each fold has the same time, and each method the same part of it, so that no fold's fits are worse because they came
/// last. Time that an earlier run has used counts: taking a run up again grants no second budget.
public struct FittingTime {
  private let start = ContinuousClock.now
  private let budget: Double
  /// The seconds that earlier runs have used.
  private let earlier: Double
  private let store: any FinishedPieces

  /// The share of the budget in which methods are fitted; the rest is for measuring and telling.
  private static let share = 0.85
  /// What a fit may take at least, as a share of the budget: less would be no fit at all.
  private static let least = 0.004
  /// Most methods need less than their part, so each may take more than that.
  private static let generosity = 1.6
  private static let piece = "time used"

  /// Begins to count.
  ///
  /// - Parameters:
  ///   - budget: The seconds that the run may take, more or less.
  ///   - resumes: Whether the run takes up what an earlier one has left.
  ///   - store: Keeps the seconds used.
  public init(budget: Double, resumes: Bool, store: any FinishedPieces) {
    self.budget = budget
    self.store = store
    earlier = resumes ? store.load(Self.piece, as: Double.self) ?? 0 : 0
  }

  /// The seconds used so far, in this run and those that it takes up.
  var used: Double { earlier + seconds(start.duration(to: .now)) }

  /// Keeps the seconds used for a run that takes this one up.
  ///
  /// - Throws: a `file` error.
  public func keep() throws { try store.save(used, as: Self.piece) }

  /// The seconds left but for a share of the budget, 0 to 1; 0 where none are.
  public func left(but share: Double) -> Double { max(0, (1 - share) * budget - used) }

  /// When a fold is to end that is the first of so many left.
  func fold(left: Int) -> Deadline {
    Deadline(after: max(0, Self.share * budget - used) / Double(max(1, left)))
  }

  /// When a fit is to end that has a part of what is left of its fold.
  ///
  /// - Parameters:
  ///   - part: Its weight.
  ///   - parts: The weights of all that is left of the fold, itself included.
  func turn(_ fold: Deadline, part: Double, of parts: Double) -> Deadline {
    let left = fold.secondsLeft
    let own = parts > part ? min(left, Self.generosity * left * part / parts) : left
    return Deadline(after: max(own, Self.least * budget))
  }
}
