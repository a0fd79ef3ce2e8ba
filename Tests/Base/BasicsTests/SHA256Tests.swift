import Basics
import Checks
import XCTest

/// Known answers are the examples of FIPS 180-4 and of NIST's "SHA256ShortMsg"; longer ones were made with `sha256sum`.
final class SHA256Tests: XCTestCase {
  func testKnownAnswers() {
    let answers = [
      "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq":
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ]
    for (text, answer) in answers {
      XCTAssertEqual(SHA256.hexadecimal(of: Array(text.utf8)), answer, text)
    }
  }

  func testAMillionLetters() {
    XCTAssertEqual(
      SHA256.hexadecimal(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  func testPiecesGiveTheDigestOfTheWhole() {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let bytes = (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var hash = SHA256()
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + random.integer(below: 200))
        hash.update(Array(bytes[start..<end]))
        // A digest in between must not disturb what follows.
        if random.integer(below: 10) == 0 { _ = hash.digest() }
        start = end
      }
      XCTAssertEqual(hash.digest(), SHA256.digest(of: bytes), "seed \(seed)")
    }
  }

  func testEveryLengthAroundABlock() {
    let digests = (0..<200).map { SHA256.hexadecimal(of: [UInt8](repeating: 7, count: $0)) }
    XCTAssertEqual(Set(digests).count, digests.count)
    XCTAssertEqual(digests[55], "943cc61860776ca8e78a365d988036ed2ade2ca4aca3236dd9501adc4fbbaa27")
    XCTAssertEqual(digests[56], "849e6994b02d460680d1d4d9ed690aa35811c88056987e0b6cad0eb85cb7d98d")
    XCTAssertEqual(digests[64], "6cfeeb3aa25d3f411dae5eec17d7369ca7153e72dcf54bcf4c3daec0f5b21fc7")
  }

  func testTheProcessorsInstructionsGiveTheSameDigest() {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed).stream()
      let bytes = (0..<random.integer(below: 10_000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var portable = SHA256(portable: true)
      portable.update(bytes)
      XCTAssertEqual(portable.digest(), SHA256.digest(of: bytes), "seed \(seed)")
    }
  }

  func testDigestHas32Bytes() {
    XCTAssertEqual(SHA256.digest(of: [1, 2, 3]).count, 32)
    XCTAssertEqual(SHA256.hexadecimal(of: [1, 2, 3]).count, 64)
  }
}
