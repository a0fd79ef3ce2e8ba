import Basics
import Checks
import Foundation
import Tensors
import XCTest

/// Files that are not what the safetensors format demands: each throws, naming the fault; none stops the program.
final class SafeTensorsDamageTests: XCTestCase {
  private func file(_ header: String, data: Int = 0, claimed: UInt64? = nil) -> [UInt8] {
    let length = claimed ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + Array(repeating: 7, count: data)
  }

  private func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private func assertRefused(
    _ header: String, data: Int = 0, claimed: UInt64? = nil, saying parts: [String], line: UInt = #line
  ) {
    assertAssayError(.format, saying: parts + ["x.safetensors"], header, line: line) {
      try SafeTensors(file(header, data: data, claimed: claimed), source: "x.safetensors")
    }
  }

  func testLengths() {
    assertAssayError(.format, saying: ["empty"]) { try SafeTensors([]) }
    for count in 1..<8 {
      assertAssayError(.format, saying: ["not even the 8"]) { try SafeTensors(Array(repeating: 0, count: count)) }
    }
    assertRefused("{}", claimed: 0, saying: ["0 bytes, too few"])
    assertRefused("{}", claimed: 3, saying: ["3 bytes, but only 2 follow", "truncated"])
    assertRefused("{}", claimed: 100_000_001, saying: ["more than the 100000000"])
    assertRefused("{}", claimed: .max, saying: ["more than the 100000000"])
  }

  func testJSON() {
    let broken = [
      "{ ", "}{", "[1,", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{} {}", "{\"a\":nul}", "{\"a\":01}",
      "{\"a\":1.}", "{\"a\":+1}", "{\"a\":0x1}", "{\"a", "{\"\\x\":1}", "{\"\\u12\":1}", "{\"\\ud800\":1}",
      "{\"a\u{1}\":1}", "{\"a\":1e}", "{\"a\":-}", "  ",
    ]
    for text in broken { assertRefused(text, saying: ["no valid JSON", "byte"]) }
    let deep = String(repeating: "[", count: 1_000_000)
    assertRefused(deep, saying: ["levels of nesting"])
    assertAssayError(.format, saying: ["UTF-8"]) {
      try SafeTensors([6, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF] + Array("\":1".utf8))
    }
    assertRefused("[]", saying: ["an array, not an object"])
    assertRefused("17", saying: ["not an object"])
  }

  func testDescriptions() {
    assertRefused(#"{"a":3}"#, saying: ["\"a\"", "not an object"])
    assertRefused(#"{"a":{}}"#, saying: ["\"a\"", "dtype"])
    assertRefused(#"{"a":{"dtype":"F32"}}"#, saying: ["\"shape\""])
    assertRefused(#"{"a":{"dtype":"F32","shape":[1]}}"#, data: 4, saying: ["data_offsets"])
    for shape in ["[-1]", "[1.5]", "[\"1\"]", "3", "[[1]]", "[99999999999999999999]"] {
      assertRefused(#"{"a":\#(tensor("F32", shape, "[0,4]"))}"#, data: 4, saying: ["\"shape\"", "\"a\""])
    }
    for offsets in ["[0]", "[0,4,8]", "[4,0]", "[-4,0]", "[0,\"4\"]"] {
      assertRefused(#"{"a":\#(tensor("F32", "[1]", offsets))}"#, data: 4, saying: ["data_offsets"])
    }
    assertRefused(#"{"a":\#(tensor("F32", "[2,3]", "[0,20]"))}"#, data: 20, saying: ["[2, 3]", "24 bytes", "20"])
    let large = "[4294967296,4294967296]"
    assertRefused(#"{"a":\#(tensor("F32", large, "[0,4]"))}"#, data: 4, saying: ["more elements"])
    assertRefused(#"{"a":\#(tensor("U64", large, "[0,4]"))}"#, data: 4, saying: ["more elements"])
    assertRefused(
      #"{"a":\#(tensor("U8", "[0,4294967296,4294967296]", "[0,0]"))}"#, saying: ["more elements"])
  }

  func testNamesThatAreThereTwice() {
    let a = tensor("U8", "[1]", "[0,1]")
    assertRefused(#"{"a":\#(a),"a":\#(a)}"#, data: 1, saying: ["\"a\" is there twice"])
    assertRefused(
      #"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1, saying: ["dtype", "twice"])
    assertRefused(#"{"__metadata__":{},"__metadata__":{}}"#, saying: ["twice"])
    assertRefused(#"{"__metadata__":{"k":"v","k":"w"}}"#, saying: ["\"k\" is there twice"])
    assertRefused(#"{"__metadata__":{"k":1}}"#, saying: ["\"k\"", "not a text"])
    assertRefused(#"{"__metadata__":[]}"#, saying: ["__metadata__"])
  }

  func testRanges() {
    let (first, second) = (tensor("U8", "[4]", "[0,4]"), tensor("U8", "[4]", "[2,6]"))
    assertRefused(#"{"a":\#(first),"b":\#(second)}"#, data: 6, saying: ["overlap", "\"a\"", "\"b\""])
    assertRefused(#"{"a":\#(first),"b":\#(tensor("U8", "[1]", "[6,7]"))}"#, data: 7, saying: ["2 bytes before it"])
    assertRefused(#"{"b":\#(second)}"#, data: 6, saying: ["2 bytes before it"])
    assertRefused(#"{"a":\#(first)}"#, data: 9, saying: ["5 bytes behind the last"])
    assertRefused(#"{"a":\#(first)}"#, data: 3, saying: ["end at 4", "only 3", "truncated"])
    assertRefused("{}", data: 1, saying: ["1 bytes behind"])
  }

  func testFilesThatCannotBeRead() throws {
    try withTemporaryFolder { folder in
      assertAssayError(.file, saying: ["no such file"]) { try SafeTensors(opening: folder + "/none") }
      assertAssayError(.file, saying: ["folder"]) { try SafeTensors(opening: folder) }
      assertAssayError(.file, saying: ["pipe or a device"]) { try SafeTensors(opening: "/dev/null") }
      assertAssayError(.file, saying: ["no folder"]) { try SafeTensors.write([:], to: folder + "/no/weights") }
    }
  }

  func testAFileThatShrinksWhileItIsOpen() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      try SafeTensors.write(["x": Tensor.ones([1000])], to: path)
      let file = try SafeTensors(opening: path)
      XCTAssertEqual(truncate(path, 500), 0)
      assertAssayError(.file, saying: ["became shorter", "\"x\""]) { try file.tensor("x") }
    }
  }

  // MARK: Any bytes

  /// Bytes give an error, or tensors that can be written again and read as the same.
  private func check(_ bytes: [UInt8]) {
    do {
      let file = try SafeTensors(bytes)
      var tensors: [String: Tensor] = [:]
      for entry in file.entries where entry.type != nil {
        let tensor = try file.tensor(entry.name)
        XCTAssertEqual(tensor.shape, entry.shape)
        XCTAssertEqual(tensor.type, entry.type)
        tensors[entry.name] = tensor
      }
      let copy = try SafeTensors(SafeTensors.bytes(of: tensors, metadata: file.metadata)).tensors()
      XCTAssertEqual(copy.mapValues(\.doubles.count), tensors.mapValues(\.doubles.count))
    } catch let error as AssayError {
      XCTAssertEqual(error.kind, .format, "\(error)")
      XCTAssertFalse(error.problem.isEmpty || error.place.isEmpty || error.remedy.isEmpty, "\(error)")
    } catch {
      XCTFail("\(error)")
    }
  }

  private func valid() throws -> [UInt8] {
    try SafeTensors.bytes(
      of: [
        "layer.0.weight": Tensor([1, 2, 3, 4, 5, Float(6)], shape: [2, 3]), "layer.0.bias": Tensor([1.5, 2]),
        "mask": Tensor([true, false]), "half": Tensor([BFloat16(1)]), "n": Tensor([Int32(4)]), "none": .zeros([0, 2]),
      ], metadata: ["epoch": "3", "by": "tests"])
  }

  func testMutatedFiles() throws {
    let bytes = try valid()
    for seed in checkSeeds {
      for copy in mutations(of: bytes, count: 4000, key: RandomKey(seed: seed)) { check(copy) }
    }
  }

  /// Damage inside the header alone, whose length stays right, so that more of it reaches the checks behind the JSON.
  func testMutatedHeaders() throws {
    let bytes = try valid()
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    for seed in checkSeeds {
      for header in mutations(of: Array(bytes[8..<8 + length]), count: 4000, key: RandomKey(seed: seed)["header"]) {
        let size = UInt64(header.count)
        check((0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + header + bytes[(8 + length)...])
      }
      var random = RandomKey(seed: seed)["digits"].stream()
      for _ in 0..<2000 {
        var copy = bytes
        for _ in 0...random.integer(below: 3) {
          let digits = copy.indices.filter { (0x30...0x39).contains(copy[$0]) && $0 < 8 + length }
          copy[digits[random.integer(below: digits.count)]] = 0x30 + UInt8(random.integer(below: 10))
        }
        check(copy)
      }
    }
  }

  func testEveryEarlyEnd() throws {
    let bytes = try valid()
    for length in 0..<bytes.count {
      assertAssayError(.format, "\(length)") { try SafeTensors(Array(bytes[..<length])) }
    }
  }

  func testRandomBytes() {
    for seed in checkSeeds {
      for i in 0..<3000 { check(randomBytes(upTo: 64, key: RandomKey(seed: seed)["random"][i])) }
    }
  }
}
