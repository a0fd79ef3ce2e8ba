import Basics
import Estimators
import Experiments
import Foundation
import Projects
import Sequences
import Tables

/// The last events of each actor as columns, for networks that read their order.
///
/// A step is an event: its amount, the hour, the time since the one before, what was new in it, and what was known of
/// the others who took part. Whether an earlier event was a target counts only where that was known at the row's own
/// moment.
struct EventWindows: Sendable, Codable {
  /// The column of who acts.
  let payer: String
  /// The events of a window, the row's own among them.
  let length: Int
  /// Seconds after which it is known whether an event was a target.
  let labelDelay: Double
  /// Whether what was known of earlier targets is among the numbers.
  let usesOutcomes: Bool
  /// The last events of each actor, which windows of later events begin with.
  private(set) var earlier: EventNumbers

  /// The name of the file that a run leaves for later events.
  static let fileName = "sequences"
  /// What the names of columns begin with.
  static let prefix = "sequence "

  /// Events with so many earlier ones of their actor have an order to read.
  private static let leastEarlier = 3
  /// Where a smaller share of events has an order, a network learns nothing from it.
  private static let leastShare = 0.3
  private static let leastTargets = 50
  private static let mostEvents = 1_000_000
  private static let longest = 12

  /// What came of looking at the events.
  enum Choice {
    /// The sequences, with a column for each step of each number.
    case sequences(EventWindows, [Column])
    /// Why there are none.
    case none(String)
  }

  /// The windows of events, if there is an order in them to learn from.
  ///
  /// - Parameters:
  ///   - followed: The events with their histories.
  ///   - usesOutcomes: Whether what was known of earlier targets is among the numbers. Where the data begin so late that
  ///     none of the events to learn from has seen a known target, a network cannot learn what they are worth.
  static func choose(
    _ followed: Table, _ problem: AlertProblem, usesOutcomes: Bool
  ) throws -> Choice {
    let nouns = problem.nouns
    guard let payer = problem.actor else {
      return .none(
        "No network read the order of \(nouns.events): no \(problem.actors.joined(separator: " or ")) is named.")
    }
    let targets = try followed.column(problem.outcome).numbers().count { $0 == 1 }
    guard targets >= leastTargets else {
      return .none(
        "No network read the order of \(nouns.events): \(targets) known \(nouns.targets) are too few for one.")
    }
    guard followed.rowCount <= mostEvents else {
      return .none(
        "No network read the order of \(nouns.events): that takes too much memory for \(followed.rowCount) of them.")
    }
    let events = try EventNumbers(followed, problem, payer: payer, usesOutcomes: usesOutcomes)
    let counts = try earlierCounts(events)
    let share = Double(counts.count { $0 >= leastEarlier }) / Double(max(1, counts.count))
    guard share >= leastShare else {
      return .none(
        "No network read the order of \(nouns.events): only \(Words.percent(share)) of them have \(leastEarlier) or more "
          + "earlier ones of the same \(payer).")
    }
    let usual = counts.sorted()[counts.count * 3 / 4] + 1
    let most = followed.rowCount > 300_000 ? longest / 2 : longest
    let sequences = EventWindows(
      payer: payer, length: min(max(usual, leastEarlier + 1), most),
      labelDelay: problem.labelDelay, usesOutcomes: usesOutcomes, earlier: events.latest(0))
    let columns = try sequences.columns(of: events, outcome: problem.outcome)
    var kept = sequences
    kept.earlier = events.latest(sequences.length - 1)
    return .sequences(kept, columns)
  }

  /// How many earlier events each event's actor has, as far as a window can hold them.
  private static func earlierCounts(_ events: EventNumbers) throws -> [Int] {
    let rows = try events.windows(longest)
    return (0..<events.count).map { row in
      (row * longest..<(row + 1) * longest).count { rows[$0] >= 0 } - 1
    }
  }

  /// The columns of later events, whose windows begin with those that were there before.
  func columns(ofLater followed: Table, _ problem: AlertProblem) throws -> [Column] {
    let all = try earlier.appending(EventNumbers(followed, problem, payer: payer, usesOutcomes: usesOutcomes))
    return try columns(of: all, outcome: problem.outcome).map { column in
      column.selecting(rows: Array(earlier.count..<all.count))
    }
  }

  /// A column for each number and step, the oldest step first.
  private func columns(of events: EventNumbers, outcome: String) throws -> [Column] {
    let rows = try events.windows(length)
    let count = events.count
    var columns: [Column] = []
    func add(_ name: String, _ number: (_ row: Int, _ event: Int) -> Float) {
      for step in 0..<length {
        var values = [Float](repeating: .nan, count: count)
        for row in 0..<count {
          let event = Int(rows[row * length + step])
          if event >= 0 { values[row] = number(row, event) }
        }
        columns.append(Column(RawWindows.name(Self.prefix + name, rowsAgo: length - 1 - step), .single(values)))
      }
    }
    for (name, numbers) in zip(events.names, events.numbers) {
      add(name) { _, event in numbers[event] }
    }
    guard usesOutcomes else { return columns }
    let delay = Int64(labelDelay * 1e6)
    func isKnown(_ row: Int, _ event: Int) -> Bool {
      row != event && !events.labels[event].isNaN
        && max(events.times[event] + delay, events.reports[event]) <= events.times[row]
    }
    add("outcome known") { row, event in isKnown(row, event) ? 1 : 0 }
    add("\(outcome) known") { row, event in isKnown(row, event) ? events.labels[event] : 0 }
    return columns
  }

  /// The networks that read the columns: which of them is worth how much is told by validation.
  ///
  /// - Parameter rows: The events to learn from, which decide how often each is seen.
  static func candidates(_ columns: [String], rows: Int) -> [Candidate] {
    let architectures: [SequenceArchitecture] = [.lstm(units: 32, layers: 1), .gru(units: 32, layers: 1)]
    return architectures.map { architecture in
      var network = SequenceNetwork(architecture)
      network.members = 1
      network.headWidth = 32
      // Of few events a course of large steps is too short to learn an order, and more passes learn them by heart.
      network.batchSize = min(max(rows * mostEpochs / leastSteps / 32 * 32, 32), network.batchSize)
      network.epochs = min(max(usualSteps * network.batchSize / max(1, rows), 3), mostEpochs)
      return Candidate(
        name: "\(architecture.name) 1", learner: .sequence(network), plan: .windows, columns: columns,
        budgetShare: budgetShare)
    }
  }

  private static let usualSteps = 2_500
  private static let leastSteps = 600
  private static let mostEpochs = 12
  /// Each network may take this share of the time: what it finds is seldom the best alone.
  private static let budgetShare = 0.1

  /// Whether a model needs the columns of sequences; else later events are scored without making them.
  static func areRead(by bundle: ModelBundle) -> Bool { bundle.schema.fields.contains { $0.name.hasPrefix(prefix) } }

  /// Writes what later events begin with.
  func save(to path: String) throws { try AtomicFile.write(CBOREncoder().encode(self), to: path) }

  /// Reads what a run has left; nil where it left nothing.
  ///
  /// - Throws: a `bundle` error for a file that is damaged.
  static func read(_ path: String) throws -> EventWindows? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try CBORDecoder().decode(EventWindows.self, from: FileAccess.read(path))
    } catch {
      throw AssayError(.bundle, "the events that a run has left cannot be read", at: path, remedy: "run: assay run")
    }
  }
}
