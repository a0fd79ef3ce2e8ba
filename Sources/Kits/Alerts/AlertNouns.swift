/// What a solution calls its events, and those of them that are looked for.
public struct AlertNouns: Sendable, Hashable {
  /// One event: "payment".
  public var event: String
  /// One of those that are looked for: "fraud".
  public var target: String
  /// What all others are called: "honest".
  public var ordinary: String

  /// Creates nouns; their plurals end in s.
  public init(event: String, target: String, ordinary: String) {
    self.event = event
    self.target = target
    self.ordinary = ordinary
  }
}
