import Foundation
import XCTest

/// The files of this repository, as the tests of its structure see them.
struct Repository {
  /// A Swift file.
  struct SourceFile {
    /// The path from the repository's root: "Sources/Base/Basics/Deadline.swift".
    var path: String
    /// The lines.
    var lines: [String]

    /// The modules that the file imports, with the numbers of the lines.
    var imports: [(module: String, line: Int)] {
      lines.enumerated().compactMap { index, line in
        var words = line.split(separator: " ").map(String.init)
        while let first = words.first, first.hasPrefix("@") || ["public", "internal", "private"].contains(first) {
          words.removeFirst()
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return (String(name.prefix { $0 != "." && $0 != ";" }), index + 1)
      }
    }

    /// The lines without text in quotes and without comments, so that words in them do not count as code.
    var code: [(text: String, line: Int)] {
      var inText = false
      return lines.enumerated().compactMap { index, line in
        let quotes = line.components(separatedBy: "\"\"\"").count - 1
        defer { if quotes % 2 == 1 { inText.toggle() } }
        if inText || quotes > 0 { return nil }
        let bare = line.replacing(/"(\\.|[^"\\])*"/, with: "\"\"")
        return (String(bare.prefix(upTo: bare.firstRange(of: "//")?.lowerBound ?? bare.endIndex)), index + 1)
      }
    }
  }

  /// The folder of the repository.
  let root: URL

  init() {
    root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// The text of a file.
  func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The paths of all files below a folder whose names end so, sorted.
  func paths(below folder: String, endingWith endings: [String]) -> [String] {
    let start = root.appendingPathComponent(folder).path
    let all = FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
    return all.filter { path in endings.contains { path.hasSuffix($0) } }.map { "\(folder)/\($0)" }.sorted()
  }

  /// All Swift files below a folder.
  func swiftFiles(below folder: String) throws -> [SourceFile] {
    let files = try paths(below: folder, endingWith: [".swift"]).map { path in
      SourceFile(path: path, lines: try text(path).components(separatedBy: "\n"))
    }
    XCTAssertFalse(files.isEmpty, "no Swift files below \(folder)")
    return files
  }
}
