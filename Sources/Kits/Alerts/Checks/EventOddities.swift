import Basics
import Decisions
import Evaluation
import Foundation
import Projects
import Tables

/// What in events would mislead histories, amounts or decisions without being wrong by itself.
struct EventOddities {
  private let problem: AlertProblem
  private var data: ProjectData { problem.data }
  private var nouns: AlertNouns { problem.nouns }
  /// Seconds since 1970, read once: every look at the rows asks for them.
  private let times: [Double]

  init(_ problem: AlertProblem) {
    self.problem = problem
    times = problem.data.numbers(problem.time) ?? []
  }

  func findings() throws -> [ProjectFinding] {
    order + repeatedMoments + single + amountsByTime + amountsByPlace + outcomes + (try losses())
  }

  private var payer: String? { problem.actor }

  // MARK: Time

  /// Whether time goes backwards, and whether there is an hour in it.
  private var order: [ProjectFinding] {
    let known = times.filter { !$0.isNaN }
    guard known.count > 1 else { return [] }
    var found: [ProjectFinding] = []
    let back = zip(known, known.dropFirst()).count { $0.0 > $0.1 }
    if back > 0 {
      found.append(
        ProjectFinding(
          .note,
          "the rows are not in the order of time (\(Words.count(back, "row")) are earlier than the row above): they are put "
            + "in order, and nothing is lost"))
    }
    if Set(known.map { $0.truncatingRemainder(dividingBy: 86_400) }).count == 1 {
      found.append(
        ProjectFinding(
          .warning, "the times are days without an hour: \(nouns.events) of one day do not count for each other",
          remedy: "name a column with the hour, where there is one"))
    }
    return found
  }

  /// Events that look like one another in everything that is named.
  private var repeatedMoments: [ProjectFinding] {
    guard let payer, let who = data.table[payer], let amounts = data.numbers(problem.amount) else { return [] }
    let place = data.table[problem.place]
    var moments: [String: Int] = [:]
    var events: Set<String> = []
    var (together, twice) = (0, 0)
    for row in times.indices where !times[row].isNaN && !who.isMissing(row) {
      let moment = "\(who.text(at: row) ?? "")|\(times[row])"
      together += moments[moment] == nil ? 0 : 1
      moments[moment, default: 0] += 1
      let event = "\(moment)|\(amounts[row])|\(place?.text(at: row) ?? "")"
      if !events.insert(event).inserted { twice += 1 }
    }
    var found: [ProjectFinding] = []
    if twice > 0 {
      found.append(
        ProjectFinding(
          .warning, "\(problem.events(twice)) with the \(payer), time and amount of another one",
          remedy: "remove what was delivered twice: what is counted twice looks like a burst"))
    }
    if together > twice {
      found.append(
        ProjectFinding(
          .note,
          "\(problem.events(together - twice)) at the same moment as another of the same \(payer): such "
            + "\(nouns.events) do not count for each other"))
    }
    return found
  }

  /// Actors of whom nothing is known before.
  private var single: [ProjectFinding] {
    guard let payer, case .category(let values)? = data.table[payer]?.values else { return [] }
    var counts = [Int](repeating: 0, count: values.levels.count)
    for code in values.codes where code >= 0 { counts[Int(code)] += 1 }
    let seen = counts.count { $0 > 0 }
    let once = counts.count { $0 == 1 }
    guard seen > 0, Double(once) > 0.8 * Double(seen) else { return [] }
    return [
      ProjectFinding(
        .warning,
        "\(once) of \(seen) \(payer)s have one \(nouns.event) only: of them nothing is known before, and histories say little",
        remedy: "look whether \"\(data.names[payer] ?? payer)\" names the \(payer) or the \(nouns.event)")
    ]
  }

  // MARK: Amounts

  /// Stretches in which amounts are many times larger or smaller than otherwise: another unit, such as cents.
  private var amountsByTime: [ProjectFinding] {
    guard let amounts = data.numbers(problem.amount) else { return [] }
    let rows = amounts.indices.filter { amounts[$0] > 0 && !times[$0].isNaN }
    guard let earliest = rows.map({ times[$0] }).min(), let last = rows.map({ times[$0] }).max() else { return [] }
    // Whole days: one that began with the hour of the first event would reach into the next, which it would name.
    let first = (earliest / 86_400).rounded(.down) * 86_400
    // A day, or as many as hold enough events for a median.
    let perDay = Double(rows.count) / max(1, (last - first) / 86_400)
    let length = 86_400 * max(1, (Double(Self.fewest) * 1.5 / max(perDay, 1e-9)).rounded(.up))
    let bins = Dictionary(grouping: rows) { ((times[$0] - first) / length).rounded(.down) }
    let medians = bins.filter { $0.value.count >= Self.fewest }.keys.sorted().map { bin in
      (bin: bin, level: median(bins[bin]!.map { amounts[$0] }))
    }
    let usual = median(medians.map(\.level))
    var found: [ProjectFinding] = []
    var start: Int?
    for place in 0...medians.count {
      let ratio = place < medians.count ? medians[place].level / usual : 1
      let isFar = ratio > Self.far || ratio < 1 / Self.far
      if isFar, start == nil { start = place }
      if !isFar, let begun = start {
        let level = median(medians[begun..<place].map(\.level))
        let from = first + medians[begun].bin * length
        let until = first + (medians[place - 1].bin + 1) * length - 1
        found.append(
          ProjectFinding(
            .warning,
            "from \(day(from)) to \(day(min(until, last))) the amounts are about \(times(level / usual)) otherwise (median "
              + "\(Words.number(level)) against \(Words.number(usual)))",
            remedy: "look whether they are in another unit, such as cents, and bring them to one"))
        start = nil
      }
    }
    return Array(found.prefix(3))
  }

  /// Places whose amounts are in another unit than those of the others.
  private var amountsByPlace: [ProjectFinding] {
    guard let amounts = data.numbers(problem.amount), let column = data.table[problem.place],
      case .category(let values) = column.values
    else { return [] }
    let rows = amounts.indices.filter { amounts[$0] > 0 && values.codes[$0] >= 0 }
    let groups = Dictionary(grouping: rows) { values.codes[$0] }.filter { $0.value.count >= Self.fewest }
    guard groups.count >= 5 else { return [] }
    let medians = groups.mapValues { median($0.map { amounts[$0] }) }
    let usual = median(Array(medians.values))
    let far = medians.filter { $0.value / usual > 2 * Self.far || $0.value / usual < 1 / (2 * Self.far) }
      .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    guard let one = far.first, Double(far.count) < 0.25 * Double(groups.count) else { return [] }
    let name = values.levels[Int(one.key)]
    return [
      ProjectFinding(
        .warning,
        "at \(Words.count(far.count, problem.place)), such as \"\(name)\", the amounts are about "
          + "\(times(one.value / usual)) elsewhere (median \(Words.number(one.value)) against \(Words.number(usual)))",
        remedy: "look whether they are in another unit or currency, and bring them to one")
    ]
  }

  /// The fewest events that a median is taken of.
  private static let fewest = 20
  /// Usual amounts do not rise or fall by this much.
  private static let far = 20.0

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  private func times(_ ratio: Double) -> String {
    ratio >= 1 ? "\(Words.number(ratio, digits: 2)) times those" : "1/\(Words.number(1 / ratio, digits: 2)) of those"
  }

  private func day(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day())
  }

  // MARK: Outcomes and value

  /// Outcomes that are missing where they should be known, or told before they can be.
  private var outcomes: [ProjectFinding] {
    guard let labels = data.numbers(problem.outcome), let last = times.filter({ !$0.isNaN }).max() else { return [] }
    let border = last - problem.labelDelay
    var found: [ProjectFinding] = []
    let unknown = labels.indices.count { labels[$0].isNaN && times[$0] < border }
    if unknown > 0 {
      found.append(
        ProjectFinding(
          .note,
          "\(problem.events(unknown)) older than the label delay have no outcome: they fill the histories and are not "
            + "learned from"))
    }
    let late = labels.indices.filter { times[$0] >= border && !labels[$0].isNaN }
    let early = labels.indices.filter { times[$0] < border && !labels[$0].isNaN }
    let targets = Double(early.count { labels[$0] == 1 })
    let expected = targets / Double(max(1, early.count)) * Double(late.count)
    let known = late.count { labels[$0] == 1 }
    if expected >= 20, Double(known) < 0.5 * expected {
      found.append(
        ProjectFinding(
          .warning,
          "in the latest \(problem.delayWords), the label delay, \(known) \(nouns.targets) are marked where "
            + "\(Words.number(expected, digits: 2)) would be usual: \(nouns.targets) that are not reported yet stand there as \(nouns.ordinary)",
          remedy: "leave \"\(data.names[problem.outcome] ?? problem.outcome)\" empty where the outcome is not known yet"
        ))
    }
    return found
  }

  /// Whether any action pays, even for an event that is a target for certain.
  private func losses() throws -> [ProjectFinding] {
    guard let value = problem.project.value, let amounts = data.numbers(problem.amount) else { return [] }
    let usable = amounts.indices.filter { !amounts[$0].isNaN }
    let step = max(1, usable.count / 2_000)
    let rows = stride(from: 0, to: usable.count, by: step).map { usable[$0] }
    guard !rows.isEmpty else { return [] }
    let sure = DecisionData(
      table: data.table.selecting(rows: rows), labels: Array(repeating: 1, count: rows.count),
      predictions: Predictions(rows.flatMap { _ in [0, 1] }, width: 2))
    // What the expressions lack is said when the run begins, with their place in the file.
    guard
      let values = try? ActionValues(realised: value, task: .classification(classes: ["0", "1"]), data: sure).values
    else { return [] }
    let paying = rows.indices.count { row in values.dropFirst().contains { $0[row] > values[0][row] } }
    let share = Double(paying) / Double(rows.count)
    guard share < 0.05 else { return [] }
    let remedy =
      "look at gain and cost under value:; gains are often given per \(nouns.target) and costs per \(nouns.event)"
    guard paying > 0 else {
      return [
        ProjectFinding(
          .warning,
          "none of the actions pays, not even for \(nouns.events) that are \(nouns.targets) for certain: the run will act on none",
          remedy: remedy)
      ]
    }
    return [
      ProjectFinding(
        .warning,
        "for \(Words.percent(1 - share)) of the \(nouns.events) no action pays, not even if they are \(nouns.targets) for certain",
        remedy: remedy)
    ]
  }
}
