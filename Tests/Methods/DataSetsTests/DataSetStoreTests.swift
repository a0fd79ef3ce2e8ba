import Basics
import Checks
import DataSets
import Foundation
import XCTest

final class DataSetStoreTests: XCTestCase {
  private let content = Array("a,b\n1,2\n3,4\n".utf8)
  /// What `gzip -n` makes of the content, as a publisher would not offer it.
  private let packed: [UInt8] = Array("not really gzip, but bytes with a checksum".utf8)

  private func sha256(_ bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.hexadecimal()
  }

  private func card(address: String? = nil) -> DataSetCard {
    let file = DataFile(
      "table.csv.gz", bytes: packed.count, sha256: sha256(packed),
      plain: .init(bytes: content.count, sha256: sha256(content)), address: address)
    return DataSetCard(
      name: "small-set", title: "a small set", problem: .tables, publisher: "https://data.example/small",
      licence: "none",
      citation: "nobody", files: [file], shape: "2 x 2", target: "b", split: "none", metric: "none")
  }

  /// A folder of sets with the given file.
  private func source(in folder: String, _ bytes: [UInt8], name: String = "table.csv.gz") throws -> String {
    try FileAccess.createFolder(folder + "/source/small-set")
    try AtomicFile.write(bytes, to: folder + "/source/small-set/" + name)
    return folder + "/source"
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  func testCopiesThenVerifies() throws {
    try withTemporaryFolder { folder in
      let store = DataSetStore(cache: folder + "/cache", source: try source(in: folder, packed))
      let first = try store.get(card())
      XCTAssertEqual(first.folder, folder + "/cache/small-set")
      XCTAssertEqual(first.files.map(\.origin), [.copied])
      XCTAssertEqual(first.files.map(\.bytes), [packed.count])
      XCTAssertEqual(try FileAccess.read(first.files[0].path), packed)
      XCTAssertEqual(try first.dataSet.path("table.csv.gz"), first.files[0].path)
      // What is there needs no source any more.
      try FileManager.default.removeItem(atPath: folder + "/source")
      let second = try DataSetStore(cache: folder + "/cache", source: nil).get(card())
      XCTAssertEqual(second.files.map(\.origin), [.verified])
      XCTAssertEqual(second.files.map(\.path), first.files.map(\.path))
      XCTAssertEqual(try names(first.folder), ["table.csv.gz"])
    }
  }

  func testDecompressedFilesServeAsWell() throws {
    try withTemporaryFolder { folder in
      let store = DataSetStore(cache: folder + "/cache", source: try source(in: folder, content, name: "table.csv"))
      let receipt = try store.get(card())
      XCTAssertEqual(receipt.files.map(\.path), [folder + "/cache/small-set/table.csv"])
      XCTAssertEqual(try receipt.dataSet.path("table.csv.gz"), folder + "/cache/small-set/table.csv")
      XCTAssertEqual(try store.get(card()).files.map(\.origin), [.verified])
    }
  }

  func testFindLooksInCacheAndSource() throws {
    try withTemporaryFolder { folder in
      var store = DataSetStore(cache: folder + "/cache", source: nil)
      XCTAssertNil(try store.find(card()))
      store.source = try source(in: folder, packed)
      XCTAssertEqual(try store.find(card())?.folder, folder + "/source/small-set")
      _ = try store.get(card())
      XCTAssertEqual(try store.find(card())?.folder, folder + "/cache/small-set")
      try AtomicFile.write(Array(packed.reversed()), to: folder + "/cache/small-set/table.csv.gz")
      assertAssayError(.format, saying: ["not the published file", "table.csv.gz"]) { try store.find(card()) }
    }
  }

  func testWrongBytesAreNotTaken() throws {
    try withTemporaryFolder { folder in
      var wrong = packed
      wrong[3] ^= 1
      let store = DataSetStore(cache: folder + "/cache", source: try source(in: folder, wrong))
      let error = assertAssayError(.format, saying: ["source/small-set/table.csv.gz", "SHA-256", sha256(packed)]) {
        try store.get(card())
      }
      XCTAssertFalse(error?.remedy.isEmpty ?? true)
      XCTAssertEqual(try names(folder + "/cache/small-set"), [], "something was left behind")
    }
  }

  func testShortFilesAreNotTaken() throws {
    try withTemporaryFolder { folder in
      let store = DataSetStore(cache: folder + "/cache", source: try source(in: folder, Array(packed.dropLast(5))))
      assertAssayError(.format, saying: ["cut short", "\(packed.count - 5) bytes instead of \(packed.count)"]) {
        try store.get(card())
      }
      XCTAssertEqual(try names(folder + "/cache/small-set"), [])
    }
  }

  func testDamagedCacheIsNotOverwritten() throws {
    try withTemporaryFolder { folder in
      let store = DataSetStore(cache: folder + "/cache", source: try source(in: folder, packed))
      let path = try store.get(card()).files[0].path
      try AtomicFile.write(Array("mine".utf8), to: path)
      assertAssayError(.format, saying: [path, "remove it"]) { try store.get(card()) }
      XCTAssertEqual(try FileAccess.read(path), Array("mine".utf8))
    }
  }

  func testMissingFileSaysWhereToGetIt() throws {
    try withTemporaryFolder { folder in
      let store = DataSetStore(cache: folder + "/cache", source: nil)
      assertAssayError(
        .file,
        saying: [
          "table.csv.gz", "https://data.example/small", folder + "/cache/small-set", "table.csv.gz or table.csv",
          "--from",
        ]
      ) { try store.get(card()) }
    }
  }

  func testSourceThatIsNoFolder() throws {
    try withTemporaryFolder { folder in
      let store = DataSetStore(cache: folder + "/cache", source: folder + "/nowhere")
      assertAssayError(.file, saying: [folder + "/nowhere", "--from"]) { try store.get(card()) }
    }
  }

  func testNoPermission() throws {
    try XCTSkipIf(getuid() == 0, "permissions do not bind the superuser")
    try withTemporaryFolder { folder in
      let from = try source(in: folder, packed)
      chmod(from + "/small-set/table.csv.gz", 0)
      assertAssayError(.file, saying: ["no permission to read"]) {
        try DataSetStore(cache: folder + "/cache", source: from).get(card())
      }
      chmod(from + "/small-set/table.csv.gz", 0o644)
      chmod(folder + "/cache/small-set", 0o555)
      defer { chmod(folder + "/cache/small-set", 0o755) }
      assertAssayError(.file, saying: ["no permission"]) {
        try DataSetStore(cache: folder + "/cache", source: from).get(card())
      }
    }
  }

  func testFileInTheWayOfTheCache() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("text", to: folder + "/cache")
      assertAssayError(.file, saying: ["a file is where a folder should be"]) {
        try DataSetStore(cache: folder + "/cache", source: nil).get(card())
      }
    }
  }
}

/// Fetching, from files: the same way as from other addresses, but for the network.
final class DownloadTests: XCTestCase {
  private let content = Array("x\n1\n".utf8)

  private func sha256(_ bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.hexadecimal()
  }

  private func card(address: String, packed: [UInt8] = Array("packed".utf8)) -> DataSetCard {
    let file = DataFile(
      "x.csv.gz", bytes: packed.count, sha256: sha256(packed),
      plain: .init(bytes: content.count, sha256: sha256(content)),
      address: address)
    return DataSetCard(
      name: "fetched", title: "fetched", problem: .tables, publisher: "https://data.example", licence: "none",
      citation: "nobody", files: [file], shape: "1 x 1", target: "", split: "none", metric: "none")
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  override func setUpWithError() throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    try XCTSkipIf(!folders.contains { access($0 + "/curl", X_OK) == 0 }, "there is no curl")
  }

  func testFetchesTheDecompressedFile() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(content, to: folder + "/published.csv")
      let card = card(address: "file://\(folder)/published.csv")
      let store = DataSetStore(cache: folder + "/cache", source: nil)
      let receipt = try store.get(card)
      XCTAssertEqual(receipt.files.map(\.origin), [.fetched])
      XCTAssertEqual(receipt.files.map(\.bytes), [content.count])
      XCTAssertEqual(try names(receipt.folder), ["x.csv"])
      XCTAssertEqual(try FileAccess.read(receipt.files[0].path), content)
      XCTAssertEqual(try store.get(card).files.map(\.origin), [.verified])
    }
  }

  func testFetchesTheVeryFile() throws {
    try withTemporaryFolder { folder in
      let packed = Array("packed".utf8)
      try AtomicFile.write(packed, to: folder + "/published.gz")
      let receipt = try DataSetStore(cache: folder + "/cache", source: nil)
        .get(card(address: "file://\(folder)/published.gz", packed: packed))
      XCTAssertEqual(try names(receipt.folder), ["x.csv.gz"])
    }
  }

  func testChangedFilesAreNotTaken() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x\n2\n", to: folder + "/published.csv")
      let address = "file://\(folder)/published.csv"
      let store = DataSetStore(cache: folder + "/cache", source: nil)
      assertAssayError(.format, saying: [address, "SHA-256", "may have changed it", "x.csv.gz or x.csv"]) {
        try store.get(card(address: address))
      }
      XCTAssertEqual(try names(folder + "/cache/fetched"), [])
    }
  }

  func testNothingAtTheAddress() throws {
    try withTemporaryFolder { folder in
      let address = "file://\(folder)/nothing.csv"
      let store = DataSetStore(cache: folder + "/cache", source: nil)
      assertAssayError(.file, saying: [address, "cannot be fetched", "x.csv.gz or x.csv", "https://data.example"]) {
        try store.get(card(address: address))
      }
      XCTAssertEqual(try names(folder + "/cache/fetched"), [])
    }
  }

  func testFetchingCanBeForbidden() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(content, to: folder + "/published.csv")
      let store = DataSetStore(cache: folder + "/cache", source: nil, fetches: false)
      assertAssayError(.file, saying: ["x.csv.gz"]) { try store.get(card(address: "file://\(folder)/published.csv")) }
    }
  }
}
