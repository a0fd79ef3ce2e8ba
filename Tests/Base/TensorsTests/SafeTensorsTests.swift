import Basics
import Checks
import Foundation
import Tensors
import XCTest

/// Reading and writing the safetensors format.
final class SafeTensorsTests: XCTestCase {
  /// A file by hand: a header of a given text and data behind it.
  private func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
  }

  private func sample(seed: UInt64) -> [String: Tensor] {
    var random = RandomKey(seed: seed).stream()
    return [
      "encoder.weight": Tensor((0..<12).map { _ in Float(random.normal()) }, shape: [3, 4]),
      "encoder.bias": Tensor((0..<3).map { _ in random.normal() }),
      "half": Tensor((0..<5).map { _ in BFloat16(Float(random.normal())) }, shape: [5, 1]),
      "labels": Tensor((0..<4).map { _ in Int32(random.integer(below: 100)) - 50 }),
      "indices": Tensor((0..<2).map { _ in Int64(random.integer(below: 1 << 40)) }),
      "pixels": Tensor((0..<7).map { _ in UInt8(random.integer(below: 256)) }),
      "mask": Tensor([true, false, true], shape: [1, 3]),
      "scalar": Tensor(Float(random.uniform())),
      "empty": Tensor.zeros([0, 3]),
      "na\"me\\ with\nodd \u{1} charactèrs": Tensor([Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude]),
    ]
  }

  private func assertSame(_ a: Tensor?, _ b: Tensor?, _ name: String, line: UInt = #line) {
    XCTAssertEqual(a?.shape, b?.shape, name, line: line)
    XCTAssertEqual(a?.type, b?.type, name, line: line)
    XCTAssertEqual(a?.doubles.map(\.bitPattern), b?.doubles.map(\.bitPattern), name, line: line)
  }

  func testKnownBytes() throws {
    // A matrix of 2 x 2 in single precision, two whole numbers of 64 bits and a truth value, as the format prescribes:
    // the widest first, the header filled up with spaces to a multiple of 8.
    let header =
      #"{"__metadata__":{"by":"hand"},"n":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"#
      + #""m":{"dtype":"F32","shape":[2,2],"data_offsets":[16,32]},"t":{"dtype":"BOOL","shape":[],"data_offsets":[32,33]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let bytes = file(
      header + padding,
      [1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F, 0, 0, 0x80, 0x7F] + [1])
    let tensors = [
      "m": Tensor([1, -2, 0.5, Float.infinity], shape: [2, 2]), "n": Tensor([Int64(1), -2]), "t": Tensor(true),
    ]
    XCTAssertEqual(try SafeTensors.bytes(of: tensors, metadata: ["by": "hand"]), bytes)
    let read = try SafeTensors(bytes)
    XCTAssertEqual(read.names, ["m", "n", "t"])
    XCTAssertEqual(read.metadata, ["by": "hand"])
    for (name, tensor) in tensors { assertSame(try read.tensor(name), tensor, name) }
    XCTAssertEqual(try SafeTensors.bytes(of: [:]), [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
  }

  func testRoundTripsThroughFilesAndBytes() throws {
    try withTemporaryFolder { folder in
      for seed in checkSeeds {
        let tensors = sample(seed: seed)
        let metadata = ["format": "assay", "käse \"\u{7}\"": "a\\b/\t\u{1F600}"]
        let path = folder + "/weights.safetensors"
        try SafeTensors.write(tensors, metadata: metadata, to: path)
        XCTAssertEqual(try FileAccess.read(path), try SafeTensors.bytes(of: tensors, metadata: metadata))
        let file = try SafeTensors(opening: path)
        XCTAssertEqual(file.metadata, metadata)
        XCTAssertEqual(Set(file.names), Set(tensors.keys))
        for (name, tensor) in try file.tensors() { assertSame(tensor, tensors[name], name) }
        XCTAssertEqual(try file.tensors(["mask"]).keys.map { $0 }, ["mask"])
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["weights.safetensors"])
      }
    }
  }

  func testSlicesAreWrittenAsTheirOwnElements() throws {
    let whole = Tensor((0..<6).map { Float($0) }, shape: [2, 3]).reshaped(to: [3, 2])
    assertSame(try SafeTensors(SafeTensors.bytes(of: ["x": whole])).tensor("x"), whole, "x")
  }

  func testDataAreAligned() throws {
    let read = try SafeTensors.bytes(of: sample(seed: 3))
    let length = read[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    XCTAssertEqual((8 + length) % 8, 0)
  }

  func testNarrowTypesAreWidened() throws {
    // Half precision: 1, -2, the largest 65504, the smallest subnormal 2^-24, the largest subnormal, infinity, -0.
    let halves: [UInt16] = [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x03FF, 0x7C00, 0x8000]
    let expected = [1, -2, 65504, 0x1p-24, 1023 * 0x1p-24, Double.infinity, -0.0]
    let bytes = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let half = try SafeTensors(file(#"{"x":{"dtype":"F16","shape":[7],"data_offsets":[0,14]}}"#, bytes)).tensor("x")
    XCTAssertEqual(half.type, .float32)
    XCTAssertEqual(half.doubles, expected)
    XCTAssertEqual(half.doubles[6].sign, .minus)
    let whole: [(String, [UInt8], ElementType, [Double])] = [
      ("I8", [0x80, 0x7F], .int32, [-128, 127]), ("I16", [0, 0x80, 0xFF, 0x7F], .int32, [-32768, 32767]),
      ("U16", [0xFF, 0xFF, 1, 0], .int32, [65535, 1]),
      ("U32", [0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0], .int64, [4_294_967_295, 2]),
    ]
    for (type, data, wide, values) in whole {
      let header = #"{"x":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,\#(data.count)]}}"#
      let tensor = try SafeTensors(file(header, data)).tensor("x")
      XCTAssertEqual(tensor.type, wide, type)
      XCTAssertEqual(tensor.doubles, values, type)
    }
  }

  func testEveryHalfPrecisionNumber() throws {
    let patterns = (0..<65536).map { UInt16($0) }
    let bytes = patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let header = #"{"x":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    let values = try SafeTensors(file(header, bytes)).tensor("x").values(Float.self)
    for (bits, value) in zip(patterns, values) {
      let (exponent, fraction) = (Int(bits >> 10) & 31, Double(bits & 1023))
      let sign = bits >> 15 == 0 ? 1.0 : -1.0
      switch exponent {
      case 31: XCTAssertTrue(fraction == 0 ? value == Float(sign * .infinity) : value.isNaN)
      case 0: XCTAssertEqual(Double(value), sign * fraction * 0x1p-24)
      default:
        XCTAssertEqual(Double(value), sign * scalbn(1 + fraction / 1024, exponent - 15))
      }
    }
  }

  func testTypesThatCannotBeHeldAreRefusedWhenAskedFor() throws {
    let header =
      #"{"a":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[8,10]}}"#
    let read = try SafeTensors(file(header, Array(repeating: 0, count: 10)))
    XCTAssertEqual(read.entries.map(\.storedType), ["U64", "F8_E4M3"])
    XCTAssertEqual(read.entries.map(\.type), [nil, nil])
    assertAssayError(.format, saying: ["\"a\"", "U64", "F32"]) { try read.tensor("a") }
    assertAssayError(.format, saying: ["\"b\"", "F8_E4M3"]) { try read.tensor("b") }
    assertAssayError(.format, saying: ["no tensor of this name", "\"c\"", "a, b"]) { try read.tensor("c") }
    assertAssayError(.format, saying: ["neither 0 nor 1"]) {
      try SafeTensors(file(#"{"t":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, [1, 2])).tensor("t")
    }
  }

  func testReservedNameIsRefused() {
    assertAssayError(.configuration, saying: ["__metadata__"]) {
      try SafeTensors.bytes(of: ["__metadata__": Tensor(Float(1))])
    }
  }
}
