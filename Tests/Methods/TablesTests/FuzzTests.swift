import Basics
import Checks
import Tables
import XCTest

/// Whatever the bytes: a table or an `AssayError`.
final class FuzzTests: XCTestCase {
  private let seeds = [
    "a,b,c\n1,2.5,x\n3,NA,\"y, z\"\n5,1e3,w\n", "a;b\n\"1\"\"2\";3\n4;5\n", "1 2  3\n4 5 6\n",
    "x\ty\n2020-01-31\ttrue\n",
    "name,when,price\nü,31.12.2020 10:00,\"$1,234.50\"\nß,01.01.2021 11:30,$7\n", "{\"a\":1,\"b\":[1,2]}\n{\"a\":2}\n",
  ]

  private func check(_ bytes: [UInt8], _ folder: TemporaryFolder, _ name: String) throws {
    let path = try folder.write(name, bytes)
    do {
      let table = try TableReader.read(path, threads: 2)
      XCTAssertGreaterThan(table.rowCount, 0)
      XCTAssertTrue(table.columns.allSatisfy { $0.count == table.rowCount })
    } catch is AssayError {
    } catch {
      XCTFail("\(error) for \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  func testMutatedTables() throws {
    let special = Array(",;\t|\"\n\r\\ '0-.eE?\u{0}é".utf8) + [0xFF, 0xC3, 0x80]
    try withTemporaryFolder { folder in
      for seed in checkSeeds {
        var stream = RandomKey(seed: seed).stream()
        for round in 0..<400 {
          var bytes = Array(seeds[stream.integer(below: seeds.count - 1)].utf8)
          for _ in 0...stream.integer(below: 6) {
            let position = stream.integer(below: bytes.count)
            switch stream.integer(below: 4) {
            case 0: bytes[position] = special[stream.integer(below: special.count)]
            case 1: bytes.insert(special[stream.integer(below: special.count)], at: position)
            case 2: if bytes.count > 2 { bytes.remove(at: position) }
            default: bytes.insert(contentsOf: bytes[position...].prefix(stream.integer(below: 12)), at: position)
            }
          }
          try check(bytes, folder, "m\(round % 7).csv")
        }
      }
    }
  }

  func testRandomBytes() throws {
    try withTemporaryFolder { folder in
      for seed in checkSeeds {
        var stream = RandomKey(seed: seed).stream()
        for round in 0..<300 {
          let alphabet = round % 3 == 0 ? Array(0...255 as ClosedRange<UInt8>) : Array("01,;\n\"\t a.-".utf8)
          let bytes = (0...stream.integer(below: 300)).map { _ in alphabet[stream.integer(below: alphabet.count)] }
          try check(bytes, folder, "r\(round % 7).csv")
        }
      }
    }
  }

  func testMutatedJSONLines() throws {
    try withTemporaryFolder { folder in
      var stream = RandomKey(seed: 1).stream()
      for round in 0..<15 {
        var bytes = Array(seeds[5].utf8)
        bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
        try check(bytes, folder, "j\(round).jsonl")
      }
    }
  }
}
