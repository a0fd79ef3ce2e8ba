import Foundation
import Projects
import Tables

/// What is odd in events before anything is learned from them.
public struct AlertCheck {
  private let problem: AlertProblem
  private var data: ProjectData { problem.data }
  private var nouns: AlertNouns { problem.nouns }

  /// A check of a problem's data.
  public init(_ problem: AlertProblem) { self.problem = problem }

  /// Whether the events can be learned from, and what in them would mislead.
  public func findings() throws -> [ProjectFinding] {
    let times = data.numbers(problem.time) ?? []
    let labels = data.numbers(problem.outcome) ?? []
    let amounts = data.numbers(problem.amount) ?? []
    let rows = times.count
    var found: [ProjectFinding] = []
    func add(_ level: ProjectFinding.Level, _ words: String, _ remedy: String = "") {
      found.append(ProjectFinding(level, words, remedy: remedy))
    }
    let targets = labels.count { $0 == 1 }
    let unknown = labels.count { $0.isNaN }
    if data.has(problem.outcome) {
      add(.note, "\(rows) \(nouns.events), \(targets) of them known to be \(nouns.targets), \(unknown) not known yet")
    } else {
      add(.note, "\(rows) \(nouns.events)")
    }
    let canLearn = targets >= UnusualEvents.leastTargets
    if !canLearn {
      add(
        .warning,
        (data.has(problem.outcome)
          ? Words.count(targets, "known \(nouns.target)", plural: "known \(nouns.targets)", "is", "are")
            + " too few to learn from"
          : "no column says which \(nouns.events) were \(nouns.targets)")
          + ": the run ranks \(nouns.events) by how unusual they are, and measures nothing",
        "from \(UnusualEvents.leastTargets) known \(nouns.targets) on it learns from them; 100 are few, 1,000 are good")
    } else if targets < 200 {
      add(
        .warning, "\(targets) \(nouns.targets) are few: measures will have wide intervals",
        "give a longer time if there is one")
    }
    let ordinary = labels.count { $0 == 0 }
    if canLearn && ordinary == 0 {
      add(
        .stop, "all \(nouns.events) whose outcome is known are \(nouns.targets): there is nothing to tell them from",
        "give \(nouns.ordinary) \(nouns.events) too, with 0 or no in \"\(data.names[problem.outcome] ?? problem.outcome)\""
      )
    } else if canLearn && targets > ordinary {
      add(
        .warning, "more than half of the \(nouns.events) whose outcome is known are \(nouns.targets)",
        "look whether 1 stands for \(Words.one(nouns.target)) in \"\(data.names[problem.outcome] ?? problem.outcome)\"")
    }
    let missing = times.count { $0.isNaN }
    if missing > 0 {
      add(.stop, "\(problem.events(missing)) of \(rows) have no time", "fill the time in, or remove these rows")
    }
    let noAmount = amounts.count { $0.isNaN }
    if noAmount > 0 {
      add(.warning, "\(problem.events(noAmount)) have no amount; they cannot be decided on by value")
    }
    let negative = amounts.count { $0 < 0 }
    if negative > 0 {
      add(
        .warning, "\(problem.events(negative)) have amounts below 0",
        "take what is paid back out, or give it a column of its own")
    }
    if canLearn { found += timing(times, labels) }
    found += repeated
    found += try EventOddities(problem).findings()
    if problem.project.value == nil {
      add(
        .note, "no value is given: the report will not say which \(nouns.events) to act on",
        "write value: in the project file")
    }
    return found
  }

  /// Whether labels come as late as the project says, and whether the time is long enough for it.
  private func timing(_ times: [Double], _ labels: [Double]) -> [ProjectFinding] {
    var found: [ProjectFinding] = []
    let delay = problem.labelDelay
    let known = zip(times, labels).filter { !$0.0.isNaN && !$0.1.isNaN }.map(\.0)
    if let first = known.min(), let last = known.max() {
      let share = problem.testShare
      if (last - first) * (1 - share) < 2 * delay + 86_400 {
        found.append(
          ProjectFinding(
            .stop,
            "the \(nouns.events) span \(days(last - first)) days; less the test and a label delay of \(days(delay)) days, "
              + "too little is left to learn from",
            remedy: "give a longer time, or a shorter label delay if that is true"))
      }
    }
    if let reports = data.numbers(problem.reported) {
      let delays = zip(zip(times, reports), labels).filter { $0.1 == 1 && !$0.0.1.isNaN }.map { $0.0.1 - $0.0.0 }
      let early = delays.count { $0 < 0 }
      if early > 0 {
        found.append(
          ProjectFinding(
            .warning,
            "\(Words.count(early, nouns.target, plural: nouns.targets)) are reported before the \(nouns.event)",
            remedy: "look whether both columns use the same clock"))
      }
      let late = delays.count { $0 > delay }
      if late * 20 > delays.count {
        let sorted = delays.sorted()
        let usual = sorted[min(sorted.count - 1, Int(0.95 * Double(sorted.count)))]
        found.append(
          ProjectFinding(
            .warning,
            "\(late) of \(delays.count) \(nouns.targets) are reported later than the label delay of \(days(delay)) days: "
              + "they count only from their reports on, while all other \(nouns.events) count as \(nouns.ordinary) after the delay",
            remedy: "set label delay to \(Int((usual / 86_400).rounded(.up))) days, which holds for 95 %"))
      }
    }
    return found
  }

  private var repeated: [ProjectFinding] {
    var found: [ProjectFinding] = []
    if let column = data.table[problem.number], case .category(let values) = column.values {
      let doubled = values.codes.count - Set(values.codes).count
      if doubled > 0 {
        found.append(
          ProjectFinding(
            .warning, "\(problem.events(doubled)) have the number of another one",
            remedy: "remove what was delivered twice: what is counted twice looks like a burst"))
      }
    }
    return found
  }

  private func days(_ seconds: Double) -> String { String(Int((seconds / 86_400).rounded())) }
}
