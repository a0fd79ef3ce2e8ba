import Foundation
import XCTest

/// The habits of the house that a machine can check.
final class SourceTests: XCTestCase {
  private let longestFile = 400

  func testFilesAreShort() throws {
    for folder in ["Sources", "Examples", "Tests"] {
      for file in try Repository().swiftFiles(below: folder) {
        XCTAssertLessThanOrEqual(file.lines.count - 1, longestFile, "\(file.path) is too long: split it by ideas")
      }
    }
    for path in Repository().paths(below: "Sources", endingWith: [".c", ".h"]) {
      let count = try Repository().text(path).components(separatedBy: "\n").count - 1
      XCTAssertLessThanOrEqual(count, longestFile, "\(path) is too long: split it by ideas")
    }
  }

  func testNothingCrashesOnPurpose() throws {
    let forbidden = ["try!", "fatalError(", "unsafeFlags"]
    for file in try Repository().swiftFiles(below: "Sources") {
      for (text, line) in file.code {
        for word in forbidden where text.contains(word) { XCTFail("\(file.path):\(line) has \(word)") }
      }
    }
  }

  func testNothingIsLeftToDo() throws {
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    for folder in ["Sources", "Examples", "Tests"] {
      for file in try Repository().swiftFiles(below: folder) {
        for (index, line) in file.lines.enumerated() {
          for mark in marks where line.contains(mark) { XCTFail("\(file.path):\(index + 1) has \(mark)") }
        }
      }
    }
  }

  /// Members of public protocols and extensions included; parameters' documentation is left to the reviewer.
  func testPublicDeclarationsAreDocumented() throws {
    for file in try Repository().swiftFiles(below: "Sources") {
      for line in undocumented(in: file) { XCTFail("\(file.path):\(line) is public and has no documentation") }
    }
  }

  func testTheDocumentationCheckFindsGaps() {
    let file = Repository.SourceFile(
      path: "x.swift",
      lines: [
        "/// Documented.", "@inline(__always)", "public func a() {}", "public func b() {}", "public extension Int {}",
        "  /// Documented.", "  @discardableResult public static func c() {}", "", "public import A",
        "  public init(from decoder: any Decoder) throws {", "/// Documented.", "public protocol P {", "  func d()",
        "  /// Documented.", "  var e: Int { get }", "}",
      ])
    XCTAssertEqual(undocumented(in: file), [4, 13])
  }

  /// The numbers of the lines that declare something public, or a requirement of a public protocol, with no `///`
  /// above.
  private func undocumented(in file: Repository.SourceFile) -> [Int] {
    let keywords: Set = [
      "func", "var", "let", "init", "subscript", "struct", "class", "enum", "protocol", "actor", "typealias", "macro",
    ]
    let requirements: Set = ["func", "var", "init", "subscript"]
    var gaps: [Int] = []
    var isDocumented = false
    var isInPublicProtocol = false
    for (index, line) in file.lines.enumerated() {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("///") { isDocumented = true }
      let separators = CharacterSet.whitespaces.union(CharacterSet(charactersIn: "(<{:?"))
      // What an attribute has in parentheses is no part of the declaration: `@inline(__always)`.
      let words = text.replacing(/@\w+\([^)]*\)/, with: "").components(separatedBy: separators)
        .drop { $0.isEmpty || $0.hasPrefix("@") }
      // Comments, and attributes and conditions on lines of their own, may stand above the declaration.
      if words.isEmpty || text.hasPrefix("//") || text.hasPrefix("#") {
        if text.isEmpty { isDocumented = false }
        continue
      }
      let keyword = words.firstIndex { keywords.contains($0) }
      let modifiers = words.prefix(upTo: keyword ?? words.startIndex)
      let isPublic = modifiers.contains("public") || modifiers.contains("open")
      let isRequirement = isInPublicProtocol && keyword.map { requirements.contains(words[$0]) } ?? false
      // What the standard library's protocols ask for says nothing new.
      let isConformance = [" init(from ", " encode(to ", " == (", " hash(into "].contains { text.contains($0) }
      let needsWords = (isPublic || isRequirement) && !isConformance && !modifiers.contains("override")
      if needsWords && !isDocumented { gaps.append(index + 1) }
      if isPublic, let keyword, words[keyword] == "protocol" { isInPublicProtocol = !text.hasSuffix("}") }
      if line.hasPrefix("}") { isInPublicProtocol = false }
      isDocumented = false
    }
    return gaps
  }

  /// A path of one machine has no place in the repository.
  func testNothingOfOneMachine() throws {
    let patterns = ["/home/", "/root/", "/Users/"]
    let endings = [".swift", ".c", ".h", ".md", ".sh", ".py", ".txt", ".yml", ".yaml", ".html", "Makefile", "run"]
    let folders = ["Sources", "Examples", "Tests", "Scripts", "Benchmarks", "Guides", ".ci"]
    let repository = Repository()
    var paths = folders.flatMap { repository.paths(below: $0, endingWith: endings) }
    paths.removeAll { $0.hasSuffix("SourceTests.swift") || $0.contains("/.venv") || $0.contains("/output/") }
    paths += try FileManager.default.contentsOfDirectory(atPath: repository.root.path).filter { name in
      endings.contains { name.hasSuffix($0) }
    }
    XCTAssertTrue(paths.contains("Makefile"))
    for path in paths {
      for (index, line) in try repository.text(path).components(separatedBy: "\n").enumerated() {
        for pattern in patterns where line.contains(pattern) { XCTFail("\(path):\(index + 1) has \(pattern)") }
      }
    }
  }

  func testFilesOfTheRepositoryAreThere() throws {
    for path in ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", ".ci/run", ".swift-format", ".gitignore"] {
      XCTAssertFalse(try Repository().text(path).isEmpty, path)
    }
    XCTAssertTrue(try Repository().text("LICENSE").contains("Apache License"))
  }
}
