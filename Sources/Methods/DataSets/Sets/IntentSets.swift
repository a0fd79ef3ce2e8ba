import Basics
import Tables

/// What callers and users want: intents, topics of complaints, slots.
public enum IntentSets {
  /// Queries of a bank's customers with one of 77 intents: `train` and `test` with `text` and `category`.
  public static let banking = DataSet(
    bankingCard,
    tables: ["train", "test"].map {
      TableFile(
        file: "\($0).csv.gz", name: $0,
        options: ReadOptions(
          hasHeader: true, delimiter: ",", kinds: ["text": .text, "category": .category], missingMarkers: [""]))
    })

  /// Complaints to the CFPB with one of five products: `train` and `test` with `text` and `label`.
  public static let complaints = DataSet(complaintsCard) { files, _ in
    try ["train", "test"].map { part in
      let path = try files.path("cfpb_\(part).json.gz")
      let rows = try CanonicalJSON.decode([Complaint].self, from: DecompressedFile.bytes(of: path), source: path)
      // Around each narrative are the words of a prompt.
      let texts = rows.map { row in
        var text = row.input[...]
        if text.hasPrefix("Narrative: ") { text = text.dropFirst(11) }
        if text.hasSuffix("\nProduct:\n") { text = text.dropLast(10) }
        return String(text)
      }
      return DataSet.NamedTable(part, try TextLines.table(["text", "label"], [texts, rows.map(\.output)]))
    }
  }

  /// Queries to an assistant with one of 150 intents, or out of scope: the parts `train`, `val`, `test`, `oos_train`,
  /// `oos_val`, `oos_test` with `text` and `intent`, and `oos_train` of the larger kind as `oos_plus_train`.
  public static let clinc = DataSet(clincCard) { files, _ in
    func parts(_ file: String) throws -> [String: [[String]]] {
      let path = try files.path(file)
      let parts = try CanonicalJSON.decode(
        [String: [[String]]].self, from: DecompressedFile.bytes(of: path), source: path)
      guard parts.values.allSatisfy({ $0.allSatisfy { $0.count == 2 } }) else {
        throw AssayError(.format, "each entry must be a query and an intent", at: path)
      }
      return parts
    }
    func table(_ name: String, _ rows: [[String]]?, _ file: String) throws -> DataSet.NamedTable {
      guard let rows else { throw AssayError(.format, "there is no part \(name)", at: file) }
      return DataSet.NamedTable(
        name, try TextLines.table(["text", "intent"], [rows.map { $0[0] }, rows.map { $0[1] }]))
    }
    let full = try parts("data_full.json.gz")
    let plus = try parts("data_oos_plus.json.gz")
    return try ["train", "val", "test", "oos_train", "oos_val", "oos_test"].map {
      try table($0, full[$0], "data_full.json.gz")
    } + [table("oos_plus_train", plus["oos_train"], "data_oos_plus.json.gz")]
  }

  /// Utterances to an assistant with intent and slots: `train`, `valid`, `test` with `tokens` and `slots` (separated by
  /// blanks, as many of one as of the other) and `intent`.
  public static let snips = DataSet(snipsCard) { files, _ in
    try ["train", "valid", "test"].map { part in
      func column(_ suffix: String) throws -> [String] {
        try TextLines.read(files.path("\(part).\(suffix).gz")).map { line in
          line.split(separator: " ").joined(separator: " ")
        }
      }
      let columns = try [column("seq.in"), column("seq.out"), column("label")]
      guard Set(columns.map(\.count)).count == 1 else {
        throw AssayError(.format, "the three files of \(part) differ in length", at: files.folder)
      }
      for (line, (tokens, slots)) in zip(columns[0], columns[1]).enumerated()
      where tokens.split(separator: " ").count != slots.split(separator: " ").count {
        throw AssayError(.format, "tokens and slots differ in number", at: "\(files.folder), \(part), line \(line + 1)")
      }
      return DataSet.NamedTable(part, try TextLines.table(["tokens", "slots", "intent"], columns))
    }
  }

  private struct Complaint: Decodable {
    let input: String
    let output: String
  }
}
