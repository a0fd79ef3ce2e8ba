import Experiments
import Projects

/// What is said where payments are refused or challenged rather than put into a queue.
extension FraudStory {
  /// Whether the one action is that people look at payments.
  var isReview: Bool { queue.actions.allSatisfy { $0.name == "review" } }

  /// The actions that were taken at all.
  private var taken: [FraudQueue.Action] { queue.actions.filter { $0.payments > 0 } }

  /// "Refusing 3 and challenging 12 payments a day".
  var actionsInWords: String {
    let parts = taken.map { "\(Self.doing($0.name)) \(perDay($0.payments))" }
    let words =
      parts.count > 2
      ? parts.dropLast().joined(separator: ", ") + " and \(parts[parts.count - 1])"
      : parts.joined(separator: " and ")
    return words.prefix(1).uppercased() + words.dropFirst() + " payments a day"
  }

  /// "0.4 % of the honest payments are refused, 1.2 % are challenged."
  var disturbedInWords: String {
    let honest = Double(max(1, queue.whole.payments - queue.whole.frauds))
    let parts = taken.enumerated().map { place, action in
      Words.percent(Double(action.payments - action.frauds) / honest)
        + (place == 0 ? " of the honest payments are " : " are ") + Self.done(action.name)
    }
    return parts.isEmpty ? "None of the honest payments." : parts.joined(separator: ", ") + "."
  }

  /// The actions side by side.
  var actionsTable: ResultTable {
    ResultTable(
      "What is done", columns: ["action", "payments a day", "are frauds", "saved a day"],
      rows: queue.actions.map { action in
        [
          .text(action.name), .number(Double(action.payments) / dayCount, .number),
          .number(action.payments > 0 ? Double(action.frauds) / Double(action.payments) : .nan, .percent),
          .number(action.saved / dayCount, .money(project.value?.currency ?? "")),
        ]
      })
  }

  private static func doing(_ action: String) -> String {
    switch action {
    case "refuse": "refusing"
    case "challenge": "challenging"
    case "review": "reviewing"
    case "block": "blocking"
    case "decline": "declining"
    default: "“\(action)” for"
    }
  }

  private static func done(_ action: String) -> String {
    switch action {
    case "refuse": "refused"
    case "challenge": "challenged"
    case "review": "looked at"
    case "block": "blocked"
    case "decline": "declined"
    default: "met by “\(action)”"
    }
  }
}
