import Basics
import Checks
import XCTest

/// Any bytes give a value or a `format` error.
final class CBORFuzzTests: XCTestCase {
  private func read(_ bytes: [UInt8]) {
    func attempt<Value: Decodable>(_ type: Value.Type) {
      do {
        _ = try CBORDecoder().decode(type, from: bytes)
      } catch let error as AssayError {
        XCTAssertEqual(error.kind, .format)
      } catch {
        XCTFail("\(type) from \(bytes.prefix(40)): \(error)")
      }
    }
    attempt(Sample.self)
    attempt([String: [Double]].self)
    attempt([Int8].self)
    attempt([Sample.Choice?].self)
    attempt(Chain.self)
    attempt(String.self)
    attempt(Int.self)
  }

  func testRandomBytes() {
    for seed in checkSeeds {
      for i in 0..<3000 { read(randomBytes(upTo: 48, key: RandomKey(seed: seed)["random"][i])) }
    }
  }

  func testMutatedBytes() throws {
    let valid = try CBOREncoder().encode(Sample.full)
    for seed in checkSeeds {
      for bytes in mutations(of: valid, count: 2000, key: RandomKey(seed: seed)) { read(bytes) }
    }
  }

  func testEveryEarlyEndIsAnError() throws {
    let valid = try CBOREncoder().encode(Sample.full)
    for length in 0..<valid.count {
      assertAssayError(.format, "length \(length)") {
        try CBORDecoder().decode(Sample.self, from: Array(valid[..<length]))
      }
    }
  }

  func testEveryByteMayBeAnything() throws {
    let valid = try CBOREncoder().encode(Sample.Part(name: "x", weights: [1], optional: 300))
    for position in valid.indices {
      for byte in UInt8.min...UInt8.max {
        var copy = valid
        copy[position] = byte
        do {
          _ = try CBORDecoder().decode(Sample.Part.self, from: copy)
        } catch {
          XCTAssertEqual((error as? AssayError)?.kind, .format)
        }
      }
    }
  }

  func testPromisedLengthsAreNotBelieved() {
    // An array, a map, a text and a block that promise 2^60 items in a few bytes.
    for first: UInt8 in [0x9B, 0xBB, 0x7B, 0x5B] {
      let bytes = [first, 0x10, 0, 0, 0, 0, 0, 0, 0, 1]
      assertAssayError(.format, saying: ["more than the data"]) { try CBORDecoder().decode([Int?].self, from: bytes) }
    }
    let block: [UInt8] = [0xD8, 86, 0x5B, 0, 0, 0x10, 0, 0, 0, 0, 0, 1, 2, 3]
    assertAssayError(.format) { try CBORDecoder().decode([Double].self, from: block) }
    assertAssayError(.format, saying: ["part of an element"]) {
      try CBORDecoder().decode([Double].self, from: [0xD8, 86, 0x43, 1, 2, 3])
    }
  }

  func testDeepNestingIsRefused() {
    for byte: UInt8 in [0x81, 0xC1, 0xA1] {
      let bytes = [UInt8](repeating: byte, count: 1_000_000)
      assertAssayError(.format) { try CBORDecoder().decode([Int?].self, from: bytes) }
    }
  }

  func testMessagesNameTheField() throws {
    struct Old: Encodable { var parts = [["name": 3]] }
    struct New: Decodable {
      struct Part: Decodable { var name: String }
      var parts: [Part]
    }
    let bytes = try CBOREncoder().encode(Old())
    let error = assertAssayError(.format, saying: ["model.cbor", "parts[0].name", "expected a text"]) {
      try CBORDecoder().decode(New.self, from: bytes, source: "model.cbor")
    }
    XCTAssertEqual(error?.place, "model.cbor, parts[0].name")
    assertAssayError(.format, saying: ["\"parts\" is absent"]) {
      try CBORDecoder().decode(New.self, from: [0xA0])
    }
    assertAssayError(.format, saying: ["there twice"]) {
      try CBORDecoder().decode([String: Int].self, from: [0xA2, 0x61, 0x61, 1, 0x61, 0x61, 2])
    }
    assertAssayError(.format, saying: ["follow the end"]) { try CBORDecoder().decode(Int.self, from: [1, 2]) }
    assertAssayError(.format, saying: ["UTF-8"]) { try CBORDecoder().decode(String.self, from: [0x61, 0xFF]) }
    assertAssayError(.format, saying: ["does not fit"]) { try CBORDecoder().decode(Int8.self, from: [0x18, 200]) }
  }
}
