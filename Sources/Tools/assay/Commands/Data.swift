import ArgumentParser
import Basics
import DataSets
import Foundation
import Projects
import Solutions

/// `assay data`
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Public data sets: what there is, and getting one with its checksum verified.",
    discussion: """
      Examples:
        assay data list
        assay data list --problem fraud
        assay data show cmapss-fd001
        assay data get cmapss-fd001 --from ../shared/data
      """,
    subcommands: [DataList.self, DataShow.self, DataGet.self])
}

/// Where data sets are: the options that get and show share.
struct DataFolders: ParsableArguments {
  @Option(
    name: .customLong("from"),
    help: "A folder that holds data sets as NAME/FILE; else the one that the variable ASSAY_DATA names.")
  var source: String?

  @Option(name: .customLong("to"), help: "The folder to put data sets into; else one among the user's caches.")
  var cache: String?

  var store: DataSetStore {
    DataSetStore(cache: cache ?? DataSetStore.defaultCache(), source: source ?? DataSetStore.namedSource())
  }
}

/// `assay data list`
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets.",
    discussion: "Examples:\n  assay data list --problem capacity\n  assay data list --json")

  @Option(help: "Only the sets of a problem: fraud, maintenance, capacity, ...")
  var problem: String?

  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let wanted = try problem.map(DataSetRegistry.problem)
    // Of each set what can be done with it is said, since most belong to problems that are no project yet.
    let cards = DataSetRegistry.all.map(\.card).filter { wanted == nil || $0.problem == wanted }
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(cards.map(Entry.init)), as: UTF8.self))
      return
    }
    if cards.isEmpty { standardError("there are no data sets for this problem; assay data list shows all") }
    let nameWidth = cards.map(\.name.count).max() ?? 0
    let problemWidth = cards.map(\.problem.rawValue.count).max() ?? 0
    for card in cards {
      let size = DataText.size(card.byteCount)
      let line =
        DataText.padded(card.name, nameWidth) + "  " + DataText.padded(card.problem.rawValue, problemWidth) + "  "
        + String(repeating: " ", count: max(0, 7 - size.count)) + size + "  " + card.title
      // A file or a pipe gets the whole line.
      let limit = TerminalSettings.output.columns ?? .max
      standardOutput(String(line.prefix(limit)))
      let margin = String(repeating: " ", count: nameWidth + 2)
      if let use = SetUse.of(card.name) { standardOutput(String((margin + use).prefix(limit))) }
    }
    standardError(
      "sets without a command are files with a README: assay data get NAME, then assay train on a table of it")
  }

  /// A card with what can be done with the set.
  private struct Entry: Encodable {
    let card: DataSetCard
    let use: String?

    init(_ card: DataSetCard) {
      self.card = card
      use = SetUse.of(card.name)
    }

    private enum Key: CodingKey { case use }

    func encode(to encoder: any Encoder) throws {
      try card.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(use, forKey: .use)
    }
  }
}

/// `assay data show`
struct DataShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what a data set is, and its tables where it is there.",
    discussion: "Examples:\n  assay data show etth1\n  assay data show etth1 --from ../shared/data --json")

  @Argument(help: "The data set.")
  var name: String
  @OptionGroup var folders: DataFolders
  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  /// What is printed as JSON.
  private struct Content: Encodable {
    struct Shape: Encodable {
      let name: String
      let rows: Int
      let columns: [String]
    }
    let card: DataSetCard
    let folder: String?
    let tables: [Shape]
  }

  func run() throws {
    let set = try DataSetRegistry.set(named: name)
    let found = try folders.store.find(set.card)
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let tables = try found.map { try set.tables(from: $0, threads: threads) } ?? []
    if json {
      let content = Content(
        card: set.card, folder: found?.folder,
        tables: tables.map { .init(name: $0.name, rows: $0.table.rowCount, columns: $0.table.names) })
      standardOutput(String(decoding: try CanonicalJSON.encode(content), as: UTF8.self))
      return
    }
    var lines = DataText.lines(set.card)
    lines += tables.map { table in
      let names = table.table.names.count > 40 ? table.table.names.prefix(40) + ["..."] : table.table.names[...]
      return ("table", "\(table.name): \(table.table.rowCount) rows; " + names.joined(separator: ", "))
    }
    lines.append(("folder", found?.folder ?? "not here yet; assay data get \(set.card.name)"))
    for (title, text) in lines {
      standardOutput(DataText.wrapped(title: title, text: text, width: TerminalSettings.output.textWidth))
    }
  }
}

/// `assay data get`
struct DataGet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Put a data set into a folder, with every file's SHA-256 verified; print the folder.",
    discussion: """
      Examples:
        assay data get m4-hourly-weekly
        assay data get m4-hourly-weekly --from ../shared/data --to data --json

      What is there already is verified and left as it is. What is not is copied from the folder given, or fetched from
      the publisher where that offers the very file.
      """)

  @Argument(help: "The data set.")
  var name: String
  @OptionGroup var folders: DataFolders
  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let receipt = try folders.store.get(DataSetRegistry.set(named: name).card)
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(receipt), as: UTF8.self))
      return
    }
    for file in receipt.files {
      standardError("\(file.origin.rawValue) \(file.path) (\(DataText.size(file.bytes)))")
    }
    standardOutput(receipt.folder)
  }
}

/// What can be done with a public set.
enum SetUse {
  /// The command that takes a set; nil for one that none takes.
  static func of(_ name: String) -> String? {
    if let solution = SolutionList.all.first(where: { $0.publicSets.contains(name) }) {
      return "assay new \(solution.card.name) FOLDER --set \(name)"
    }
    if let bench = BenchForecast.Name.allCases.first(where: { $0.dataSet == name }) {
      return "assay bench forecast --set \(bench.rawValue)"
    }
    return nil
  }
}

/// Cards as text.
enum DataText {
  /// An amount of memory with a unit.
  static func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? "\(max(1, bytes / 1_000)) kB" : String(format: "%.1f MB", Double(bytes) / 1e6)
  }

  /// The text with blanks behind it.
  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// The card as titles and texts.
  static func lines(_ card: DataSetCard) -> [(title: String, text: String)] {
    var lines = [
      ("name", card.name), ("what", card.title), ("problem", card.problem.rawValue), ("shape", card.shape),
      ("target", card.target), ("split", card.split), ("metric", card.metric), ("publisher", card.publisher),
      ("licence", card.licence), ("citation", card.citation),
    ].filter { !$0.1.isEmpty }
    lines += card.notes.map { ("note", $0) }
    lines += card.results.map { result in
      let figures = result.figures.map { "\($0.measure) \($0.value)" }.joined(separator: ", ")
      return ("published", "\(result.method): \(figures) (\(result.source))")
    }
    lines += card.files.map { ("file", "\($0.name), \(size($0.fingerprint.bytes)), SHA-256 \($0.fingerprint.sha256)") }
    return lines.map { (title: $0.0, text: $0.1) }
  }

  /// A title and a text that is broken between words.
  static func wrapped(title: String, text: String, width: Int) -> String {
    let margin = 11
    var lines = [padded(title, margin)]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.count + word.count + 1 > width, line.count > margin {
        lines.append(String(repeating: " ", count: margin) + word)
      } else {
        lines[lines.count - 1] = line + (line.count > margin ? " " : "") + word
      }
    }
    return lines.joined(separator: "\n")
  }
}
