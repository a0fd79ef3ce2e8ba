import Basics
import Checks
import DataSets
import Foundation
import Tables
import XCTest

/// Loaders of texts and images on small files in the publishers' formats.
final class TextLoaderTests: XCTestCase {
  private func files(_ folder: String, _ contents: [String: String]) throws -> LocalDataSet {
    for (name, text) in contents { try AtomicFile.write(text, to: folder + "/" + name) }
    return LocalDataSet(name: "small", folder: folder)
  }

  private func texts(_ table: DataSet.NamedTable, _ column: String) throws -> [String?] {
    let values = try table.table.column(column)
    return (0..<values.count).map { values.text(at: $0) }
  }

  /// Quotes, words that mean "missing" elsewhere and numbers are texts like others.
  func testSentences() throws {
    try withTemporaryFolder { folder in
      let text = "\"a film\" , he said\t1\nnan\t0\n12\t1\n"
      let files = try files(folder, ["train.tsv": text, "dev.tsv": text, "test.tsv": text])
      let tables = try TextSets.sst2.tables(from: files)
      XCTAssertEqual(tables.map(\.name), ["train", "dev", "test"])
      XCTAssertEqual(try texts(tables[0], "sentence"), ["\"a film\" , he said", "nan", "12"])
      XCTAssertEqual(try texts(tables[0], "label"), ["1", "0", "1"])
    }
  }

  func testQuestions() throws {
    try withTemporaryFolder { folder in
      // The files are in Latin-1: one byte for the accent.
      let line = Array("LOC:city Where is ".utf8) + [0xC9] + Array("vian ?\nNUM:dist How far : near ?\n".utf8)
      for name in ["TREC.train", "TREC.test"] { try AtomicFile.write(line, to: folder + "/" + name) }
      let files = LocalDataSet(name: "trec", folder: folder)
      let table = try TextSets.trec.tables(from: files)[0]
      XCTAssertEqual(try texts(table, "question"), ["Where is Évian ?", "How far : near ?"])
      XCTAssertEqual(try texts(table, "fine"), ["LOC:city", "NUM:dist"])
      XCTAssertEqual(try texts(table, "coarse"), ["LOC", "NUM"])
      try AtomicFile.write("LOC:city Where ?\nno label\n", to: folder + "/TREC.train")
      assertAssayError(.format, saying: ["TREC.train", "line 2"]) { try TextSets.trec.tables(from: files) }
    }
  }

  func testComplaints() throws {
    try withTemporaryFolder { folder in
      let json = #"[{"input": "Narrative: they took it\nProduct:\n", "output": "credit_card"}]"#
      let files = try files(folder, ["cfpb_train.json": json, "cfpb_test.json": json])
      let tables = try IntentSets.complaints.tables(from: files)
      XCTAssertEqual(try texts(tables[1], "text"), ["they took it"])
      XCTAssertEqual(try texts(tables[1], "label"), ["credit_card"])
      try AtomicFile.write("[{\"input\": 3}]", to: folder + "/cfpb_train.json")
      assertAssayError(.format, saying: ["cfpb_train.json"]) { try IntentSets.complaints.tables(from: files) }
    }
  }

  func testQueriesInAndOutOfScope() throws {
    try withTemporaryFolder { folder in
      let parts = ["train", "val", "test", "oos_train", "oos_val", "oos_test"]
      let json = "{" + parts.map { "\"\($0)\": [[\"\($0) query\", \"intent\"]]" }.joined(separator: ", ") + "}"
      let files = try files(folder, ["data_full.json": json, "data_oos_plus.json": json])
      let tables = try IntentSets.clinc.tables(from: files)
      XCTAssertEqual(tables.map(\.name), parts + ["oos_plus_train"])
      XCTAssertEqual(try texts(tables[2], "text"), ["test query"])
      try AtomicFile.write("{\"train\": []}", to: folder + "/data_full.json")
      assertAssayError(.format, saying: ["no part val"]) { try IntentSets.clinc.tables(from: files) }
      try AtomicFile.write("{\"train\": [[\"a\"]]}", to: folder + "/data_full.json")
      assertAssayError(.format, saying: ["a query and an intent"]) { try IntentSets.clinc.tables(from: files) }
    }
  }

  func testSlots() throws {
    try withTemporaryFolder { folder in
      var contents: [String: String] = [:]
      for part in ["train", "valid", "test"] {
        contents["\(part).seq.in"] = "add  this \nplay\n"
        contents["\(part).seq.out"] = "O B-item\nO \n"
        contents["\(part).label"] = "Add\nPlay\n"
      }
      let files = try files(folder, contents)
      let table = try IntentSets.snips.tables(from: files)[0]
      XCTAssertEqual(try texts(table, "tokens"), ["add this", "play"])
      XCTAssertEqual(try texts(table, "slots"), ["O B-item", "O"])
      XCTAssertEqual(try texts(table, "intent"), ["Add", "Play"])
      try AtomicFile.write("O\nO\n", to: folder + "/train.seq.out")
      assertAssayError(.format, saying: ["tokens and slots", "line 1"]) { try IntentSets.snips.tables(from: files) }
      try AtomicFile.write("Add\n", to: folder + "/train.label")
      assertAssayError(.format, saying: ["differ in length"]) { try IntentSets.snips.tables(from: files) }
    }
  }

  func testDigits() throws {
    try withTemporaryFolder { folder in
      func number(_ value: UInt8) -> [UInt8] { [0, 0, 0, value] }
      let images = [0, 0, 8, 3] + number(2) + number(2) + number(3) + (0..<12).map { $0 * 10 }
      let labels = [0, 0, 8, 1] + number(2) + [7, 9]
      for stem in ["train", "t10k"] {
        try AtomicFile.write(images, to: folder + "/\(stem)-images-idx3-ubyte")
        try AtomicFile.write(labels, to: folder + "/\(stem)-labels-idx1-ubyte")
      }
      let files = LocalDataSet(name: "mnist", folder: folder)
      let part = try Digits.load(.test, from: files)
      XCTAssertEqual([part.width, part.height], [3, 2])
      XCTAssertEqual(part.labels, [7, 9])
      XCTAssertEqual(part.pixels, (0..<12).map { $0 * 10 })
      XCTAssertEqual(try Digits.dataSet.tables(from: files)[0].table["ink"]?.numbers(), [25, 85])
      for (wrong, part) in [
        (Array(images.dropLast()), "11 values"), (labels, "no idx file"), ([], "no idx file"),
        ([0, 0, 8, 3] + number(1) + number(2) + number(3) + [1, 2, 3, 4, 5, 6], "2 labels for 1 images"),
        ([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12) + [1], "1 values"),
      ] {
        try AtomicFile.write(wrong, to: folder + "/train-images-idx3-ubyte")
        assertAssayError(.format, saying: [part]) { try Digits.load(.train, from: files) }
      }
      for bytes in mutations(of: images, count: 200, key: RandomKey(seed: 1)) {
        try AtomicFile.write(bytes, to: folder + "/train-images-idx3-ubyte")
        do { _ = try Digits.load(.train, from: files) } catch is AssayError {}
      }
    }
  }
}
