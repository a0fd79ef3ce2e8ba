import Experiments
import Projects

/// What is said where events are refused or challenged rather than put into a queue.
extension AlertStory {
  /// Whether the one action is that people look at events.
  var isReview: Bool { queue.actions.allSatisfy { $0.name == "review" } }

  /// The actions that were taken at all.
  private var taken: [AlertQueue.Action] { queue.actions.filter { $0.events > 0 } }

  /// "Refusing 3 and challenging 12 payments a day".
  var actionsInWords: String {
    let parts = taken.map { "\(Self.doing($0.name)) \(perDay($0.events))" }
    let words =
      parts.count > 2
      ? parts.dropLast().joined(separator: ", ") + " and \(parts[parts.count - 1])"
      : parts.joined(separator: " and ")
    return words.prefix(1).uppercased() + words.dropFirst() + " \(nouns.events) a day"
  }

  /// "0.4 % of the honest payments are refused, 1.2 % are challenged."
  var disturbedInWords: String {
    let honest = Double(max(1, queue.whole.events - queue.whole.targets))
    let parts = taken.enumerated().map { place, action in
      Words.percent(Double(action.events - action.targets) / honest)
        + (place == 0 ? " of the \(nouns.ordinary) \(nouns.events) are " : " are ") + Self.done(action.name)
    }
    return parts.isEmpty ? "None of the \(nouns.ordinary) \(nouns.events)." : parts.joined(separator: ", ") + "."
  }

  /// The actions side by side.
  var actionsTable: ResultTable {
    ResultTable(
      "What is done", columns: ["action", "\(nouns.events) a day", "are \(nouns.targets)", "saved a day"],
      rows: queue.actions.map { action in
        [
          .text(action.name), .number(Double(action.events) / dayCount, .number),
          .number(action.events > 0 ? Double(action.targets) / Double(action.events) : .nan, .percent),
          .number(action.saved / dayCount, .money(problem.project.value?.currency ?? "")),
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
