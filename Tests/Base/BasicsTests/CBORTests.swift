import Basics
import Checks
import Foundation
import XCTest

/// Known answers are from RFC 8949, appendix A, and RFC 8746; what follows a head there follows it here.
final class CBORTests: XCTestCase {
  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func check<Value: Codable & Equatable>(
    _ value: Value, _ expected: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let bytes = try CBOREncoder().encode(value)
    XCTAssertEqual(hexadecimal(bytes), expected, file: file, line: line)
    XCTAssertEqual(try CBORDecoder().decode(Value.self, from: bytes), value, file: file, line: line)
  }

  func testWholeNumbersOfTheStandard() throws {
    try check(0, "00")
    try check(23, "17")
    try check(24, "1818")
    try check(255, "18ff")
    try check(1000, "1903e8")
    try check(1_000_000, "1a000f4240")
    try check(1_000_000_000_000, "1b000000e8d4a51000")
    try check(UInt64.max, "1bffffffffffffffff")
    try check(-1, "20")
    try check(-100, "3863")
    try check(-1000, "3903e7")
    try check(Int64.min, "3b7fffffffffffffff")
    try check(Int8(-128), "387f")
  }

  func testNumbersWithFractions() throws {
    try check(1.1, "fb3ff199999999999a")
    try check(-4.1, "fbc010666666666666")
    try check(Float(100000), "fa47c35000")
    try check(Double.infinity, "fb7ff0000000000000")
    let bytes = try CBOREncoder().encode(Double.nan)
    XCTAssertTrue(try CBORDecoder().decode(Double.self, from: bytes).isNaN)
    // A number written in single precision may be read in double precision, not the other way round.
    XCTAssertEqual(try CBORDecoder().decode(Double.self, from: CBOREncoder().encode(Float(0.5))), 0.5)
    assertAssayError(.format) { try CBORDecoder().decode(Float.self, from: CBOREncoder().encode(0.5)) }
  }

  func testTextsAndSimpleValues() throws {
    try check("", "60")
    try check("IETF", "6449455446")
    try check("\u{6C34}", "63e6b0b4")
    try check("\u{10151}", "64f0908591")
    try check(true, "f5")
    try check(false, "f4")
    try check(Int?.none, "f6")
    try check([String](), "80")
    try check(["a": ["A"], "b": ["B"]], "a261618161416162816142")
    try check(["e": "E", "a": "A", "c": "C"], "a3616161416163614361656145")
  }

  func testArraysOfNumbersAreBlocks() throws {
    try check([UInt8]([1, 2, 255]), "d840430102ff")
    try check([UInt16]([1, 0x0203]), "d8454401000302")
    try check([Int8]([-1, 1]), "d84842ff01")
    try check([Int32]([-2]), "d84e44feffffff")
    try check([Int]([1]), "d84f480100000000000000")
    try check([Float]([1]), "d855440000803f")
    try check([Double]([1]), "d85648000000000000f03f")
    try check([Double](), "d85640")
    try check([[Int64]]([[1], []]), "82d84f480100000000000000d84f40")
  }

  func testDataIsAByteString() throws {
    try check(Data([1, 2, 3, 4]), "4401020304")
    try check(Data(), "40")
    try check([Data([255])], "8141ff")
    // A slice starts elsewhere in its memory.
    try check(Data([9, 8, 7, 6]).dropFirst(2), "420706")
  }

  func testDictionariesGiveEqualBytesInAnyOrder() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let order = random.permutation(of: 200)
      var dictionary: [String: Int] = [:]
      for i in order { dictionary["key \(i)"] = i }
      let sorted = Dictionary(uniqueKeysWithValues: (0..<200).map { ("key \($0)", $0) })
      XCTAssertEqual(try CBOREncoder().encode(dictionary), try CBOREncoder().encode(sorted))
      XCTAssertEqual(
        try CBORDecoder().decode([String: Int].self, from: CBOREncoder().encode(dictionary)), dictionary)
    }
    try check([3: "c", 1: "a"], "a26131616161336163")
  }

  func testStructuresOfEveryShape() throws {
    let value = Sample.full
    let bytes = try CBOREncoder().encode(value)
    XCTAssertEqual(try CBORDecoder().decode(Sample.self, from: bytes), value)
    XCTAssertEqual(try CBOREncoder().encode(value), bytes)
    let empty = Sample()
    XCTAssertEqual(try CBORDecoder().decode(Sample.self, from: CBOREncoder().encode(empty)), empty)
  }

  func testClassesWithASuperclass() throws {
    let derived = Derived(base: 3, own: "x")
    let read = try CBORDecoder().decode(Derived.self, from: CBOREncoder().encode(derived))
    XCTAssertEqual(read.base, 3)
    XCTAssertEqual(read.own, "x")
  }

  func testNestedContainersMayBeFilledInAnyOrder() throws {
    let bytes = try CBOREncoder().encode(Interleaved())
    XCTAssertEqual(hexadecimal(bytes), "a261618201a161780561628301820203f6")
  }

  func testNestingHasALimit() throws {
    let shallow = Chain(depth: 40)
    XCTAssertEqual(try CBORDecoder().decode(Chain.self, from: CBOREncoder().encode(shallow)), shallow)
    assertAssayError(.format, saying: ["nested"]) { try CBOREncoder().encode(Chain(depth: 5000)) }
  }

  func testTheDeepestWritableCanBeRead() throws {
    var deepest = 0
    for depth in 1...200 {
      guard let bytes = try? CBOREncoder().encode(Chain(depth: depth, numbers: [1])) else { break }
      XCTAssertEqual(
        try CBORDecoder().decode(Chain.self, from: bytes), Chain(depth: depth, numbers: [1]), "depth \(depth)")
      deepest = depth
    }
    XCTAssertGreaterThan(deepest, 40)
    XCTAssertLessThan(deepest, 200)
  }

  func testLargeArraysRoundTrip() throws {
    var random = RandomKey(seed: 5).stream()
    let numbers = (0..<300_000).map { _ in random.normal() }
    let bytes = try CBOREncoder().encode(["numbers": numbers])
    XCTAssertLessThan(bytes.count, 8 * numbers.count + 32)
    XCTAssertEqual(try CBORDecoder().decode([String: [Double]].self, from: bytes), ["numbers": numbers])
  }
}

struct Sample: Codable, Equatable {
  enum Choice: Codable, Equatable {
    case nothing
    case number(Double)
    case pair(name: String, values: [Float])
  }

  enum Colour: String, Codable { case red, green }

  struct Part: Codable, Equatable {
    var name = "part"
    var weights: [Float] = [1, 2.5, -.infinity]
    var optional: Int?
  }

  var small: UInt8 = 200
  var negative: Int64 = -5
  var single: Float = 1.5
  var double = 0.1
  var flag = true
  var text = "Grüße 🙂"
  var missing: String?
  var present: [Double]? = [1, 2]
  var choices: [Choice] = []
  var colours: [Colour] = [.green, .red]
  var parts: [Part] = []
  var table: [String: [Int32]] = [:]
  var codes: [Int: String] = [:]
  var gaps: [Int?] = [1, nil, 3]
  var flags = [true, false]
  var bytes: [UInt8] = [0, 255]
  var data = Data([5, 0])
  var words: [UInt32] = [.max]
  var signed: [Int8] = [-128, 127]
  var names: Set<String> = ["one"]
  var nested: [[String: [Bool]]] = [["a": [true]], [:]]

  static var full: Sample {
    var sample = Sample()
    sample.missing = "there"
    sample.choices = [.nothing, .number(.pi), .pair(name: "p", values: [3])]
    sample.parts = [Part(), Part(name: "", weights: [], optional: 4)]
    sample.table = ["b": [2], "a": [.min, .max], "": []]
    sample.codes = [7: "seven", -1: "minus"]
    return sample
  }
}

class Base: Codable {
  var base: Int
  init(base: Int) { self.base = base }
}

final class Derived: Base {
  var own: String

  private enum Key: String, CodingKey { case own }

  init(base: Int, own: String) {
    self.own = own
    super.init(base: base)
  }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    own = try container.decode(String.self, forKey: .own)
    try super.init(from: container.superDecoder())
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(own, forKey: .own)
    try super.encode(to: container.superEncoder())
  }
}

/// Opens containers and fills them after their neighbours.
struct Interleaved: Encodable {
  enum Key: String, CodingKey { case a, b, x }

  func encode(to encoder: any Encoder) throws {
    var root = encoder.container(keyedBy: Key.self)
    var b = root.nestedUnkeyedContainer(forKey: .b)
    var a = root.nestedUnkeyedContainer(forKey: .a)
    try b.encode(1)
    try a.encode(1)
    var inner = b.nestedUnkeyedContainer()
    try b.encodeNil()
    try inner.encode(2)
    var keyed = a.nestedContainer(keyedBy: Key.self)
    try inner.encode(3)
    try keyed.encode(5, forKey: .x)
  }
}

/// A list of links, each within the one before.
final class Chain: Codable, Equatable {
  var numbers: [Float]
  var next: Chain?

  init(depth: Int, numbers: [Float] = []) {
    self.numbers = numbers
    for _ in 1..<depth {
      let link = Chain(depth: 1, numbers: numbers)
      link.next = next
      next = link
    }
  }

  static func == (a: Chain, b: Chain) -> Bool { a.numbers == b.numbers && a.next == b.next }

  // A long chain must not be freed link within link.
  deinit {
    while let link = next {
      next = link.next
      link.next = nil
    }
  }
}
