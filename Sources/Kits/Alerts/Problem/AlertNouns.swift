/// What a solution calls its events, and those of them that are looked for.
public struct AlertNouns: Sendable, Hashable {
  /// One event: "payment".
  public var event: String
  /// Several of them: "payments".
  public var events: String
  /// One of those that are looked for: "fraud".
  public var target: String
  /// Several of them: "frauds".
  public var targets: String
  /// What is said of all other events: "honest".
  public var ordinary: String
  /// Why what was learned does not hold for ever: "Fraudsters change what works no longer".
  public var ageing: String
  /// What happens to amounts: "spent".
  public var moved: String
  /// Those who are joined by what they share: "those who share devices or addresses with this payer".
  public var sharers: String

  /// Creates nouns whose plurals end in s; others can be set afterwards.
  public init(
    event: String, target: String, ordinary: String, ageing: String, moved: String,
    sharers: String
  ) {
    self.event = event
    events = event + "s"
    self.target = target
    targets = target + "s"
    self.ordinary = ordinary
    self.ageing = ageing
    self.moved = moved
    self.sharers = sharers
  }
}
