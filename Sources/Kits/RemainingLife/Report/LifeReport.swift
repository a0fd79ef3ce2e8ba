/// Whose report it is.
public struct LifeReport: Sendable {
  let solution: String
  let title: String

  /// The solution's name and title.
  public init(solution: String, title: String) {
    self.solution = solution
    self.title = title
  }
}
