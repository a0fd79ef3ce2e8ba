import Basics
import Checks
import XCTest

final class CanonicalJSONTests: XCTestCase {
  struct Numbers: Codable, Equatable {
    var zeta = 1
    var alpha = 0.1
    var single: Float = 0.1
    var large: UInt64 = .max
    var path = "a/b \"quoted\" ü"
    var values: [Double] = [1, 1e300, -0.5, .leastNonzeroMagnitude]
  }

  func testKeysAreSortedAndNumbersShortest() throws {
    let bytes = try CanonicalJSON.encode(Numbers())
    XCTAssertEqual(
      String(decoding: bytes, as: UTF8.self),
      #"{"alpha":0.1,"large":18446744073709551615,"path":"a/b \"quoted\" ü","single":0.1,"#
        + #""values":[1,1e+300,-0.5,5e-324],"zeta":1}"#)
    XCTAssertEqual(try CanonicalJSON.decode(Numbers.self, from: bytes), Numbers())
  }

  func testNumbersKeepTheirBits() throws {
    for seed in checkSeeds {
      let key = RandomKey(seed: seed)
      let numbers = (0..<2000).map { Double(bitPattern: key.word(at: UInt64($0))) }.filter(\.isFinite)
      let read = try CanonicalJSON.decode([Double].self, from: CanonicalJSON.encode(numbers))
      XCTAssertEqual(read.map(\.bitPattern), numbers.map(\.bitPattern), "seed \(seed)")
    }
  }

  func testInfiniteNumbersAreTexts() throws {
    let bytes = try CanonicalJSON.encode([Double.nan, .infinity, -.infinity])
    XCTAssertEqual(String(decoding: bytes, as: UTF8.self), #"["NaN","Infinity","-Infinity"]"#)
    let read = try CanonicalJSON.decode([Double].self, from: bytes)
    XCTAssertTrue(read[0].isNaN)
    XCTAssertEqual(read[1...], [.infinity, -.infinity])
  }

  func testEqualDictionariesGiveEqualBytes() throws {
    let forward = Dictionary(uniqueKeysWithValues: (0..<100).map { ("k\($0)", $0) })
    let backward = Dictionary(uniqueKeysWithValues: (0..<100).reversed().map { ("k\($0)", $0) })
    XCTAssertEqual(try CanonicalJSON.encode(forward), try CanonicalJSON.encode(backward))
  }

  func testPrettyReadsTheSame() throws {
    let bytes = try CanonicalJSON.encode(Numbers(), pretty: true)
    XCTAssertEqual(bytes.last, UInt8(ascii: "\n"))
    XCTAssertGreaterThan(bytes.filter { $0 == UInt8(ascii: "\n") }.count, 5)
    XCTAssertEqual(try CanonicalJSON.decode(Numbers.self, from: bytes), Numbers())
  }

  func testErrorsNameFileAndField() {
    assertAssayError(.format, saying: ["results.json", "\"zeta\" is absent"]) {
      try CanonicalJSON.decode(Numbers.self, from: Array("{}".utf8), source: "results.json")
        == Numbers()
    }
    assertAssayError(.format) { try CanonicalJSON.decode([Int].self, from: Array("[1,".utf8)) }
    assertAssayError(.format) { try CanonicalJSON.decode([Int].self, from: []) }
    assertAssayError(.format, saying: ["[1]"]) {
      try CanonicalJSON.decode([Int].self, from: Array(#"[1,"x"]"#.utf8))
    }
  }

  func testAnyBytesAreAValueOrAFormatError() throws {
    let valid = try CanonicalJSON.encode(Numbers())
    for seed in checkSeeds {
      for bytes in mutations(of: valid, count: 500, key: RandomKey(seed: seed)) {
        do {
          _ = try CanonicalJSON.decode(Numbers.self, from: bytes)
        } catch {
          XCTAssertEqual((error as? AssayError)?.kind, .format)
        }
      }
    }
  }
}
