import Basics
import Checks
import Formats
import Foundation
import Networks
import Tensors
import XCTest

/// Reading and writing the bytes of ONNX files.
final class ONNXFileTests: XCTestCase {
  /// Gemm, LeakyRelu, Transpose and Reshape with three initializers (raw, floats, int64); made and checked by the Python
  /// package onnx 1.23: opset 17, IR version 8.
  static let sample = """
    CAgSBWNoZWNrOssCCkEKAXgKBndlaWdodAoEYmlhcxIBYRoFZmlyc3QiBEdlbW0qDwoFYWxwaGEVAAAAQKABASoNCgZ0cmFuc0IYAKABAgoqCgFh
    EgFiGgZzZWNvbmQiCUxlYWt5UmVsdSoPCgVhbHBoYRUAAAA/oAEBCicKAWISAWMaBXRoaXJkIglUcmFuc3Bvc2UqDQoEcGVybUABQACgAQcKHgoB
    YwoFc2hhcGUSAXkaBmZvdXJ0aCIHUmVzaGFwZRIGc2FtcGxlKigIAggDEAFCBndlaWdodEoYAACAPwAAAMAAAAA/AACAPgAAQEAAAIC/KhgIAxAB
    IgwAAAA/AAAAvwAAgD9CBGJpYXMqGAgCEAc6C////////////wEDQgVzaGFwZVoYCgF4EhMKEQgBEg0KBxIFYmF0Y2gKAggCYhEKAXkSDAoKCAES
    BgoACgIIA0IECgAQEQ==
    """

  static func bytes(_ text: String) throws -> [UInt8] {
    Array(try XCTUnwrap(Data(base64Encoded: text.filter { !$0.isWhitespace })))
  }

  func testReadsWhatAnotherPackageWrote() throws {
    let model = try ONNXModel(bytes: Self.bytes(Self.sample))
    XCTAssertEqual(model.irVersion, 8)
    XCTAssertEqual(model.operatorSets, ["": 17])
    XCTAssertEqual(model.producer, "check")
    XCTAssertEqual(model.graph.nodes.map(\.kind), ["Gemm", "LeakyRelu", "Transpose", "Reshape"])
    XCTAssertEqual(model.graph.nodes[0].inputs, ["x", "weight", "bias"])
    XCTAssertEqual(model.graph.inputs.map(\.shape), [[.named("batch"), .fixed(2)]])
    XCTAssertEqual(model.graph.outputs.map(\.shape), [[.named(""), .fixed(3)]])
    guard case .float(2) = model.graph.nodes[0].attributes["alpha"] else { return XCTFail("alpha") }
    guard case .integers([1, 0]) = model.graph.nodes[2].attributes["perm"] else { return XCTFail("perm") }
    XCTAssertEqual(try model.graph.initializers[0].tensor().doubles, [1, -2, 0.5, 0.25, 3, -1])
    XCTAssertEqual(try model.graph.initializers[1].tensor().doubles, [0.5, -0.5, 1])
    XCTAssertEqual(try model.graph.initializers[2].tensor().values(Int.self), [-1, 3])
  }

  func testWritesTheSameBytes() throws {
    let bytes = try Self.bytes(Self.sample)
    XCTAssertEqual(try ONNXModel(bytes: bytes).bytes(), bytes)
  }

  func testRunsAsAnotherRuntimeDoes() throws {
    let model = try ImportedModel(ONNXModel(bytes: Self.bytes(Self.sample)))
    let x = Tensor([1, 2, 3, -4, 0.5, 0.25] as [Float], shape: [3, 2])
    let result = try model(x)[0]
    XCTAssertEqual(result.shape, [3, 3])
    // From ONNX Runtime 1.32.
    XCTAssertEqual(result.doubles, [3.5, 4.5, 1.625, 7.5, -18.25, -0.5, -1, 12, 1])
    XCTAssertEqual(try model(["x": x])["y"]?.doubles, result.doubles)
  }

  func testWeightsAreParameters() throws {
    let model = try ImportedModel(ONNXModel(bytes: Self.bytes(Self.sample)))
    XCTAssertEqual(model[weight: "weight"]?.shape, [2, 3])
    XCTAssertNil(model[weight: "shape"], "whole numbers are constants")
    model[weight: "bias"]?.value = Tensor([0, 0, 0] as [Float])
    let x = Tensor([1, 2, 3, -4, 0.5, 0.25] as [Float], shape: [3, 2])
    XCTAssertEqual(try model(x)[0].doubles[0], 3)
  }

  func testGradientsFlowToWeights() throws {
    let model = try ImportedModel(ONNXModel(bytes: Self.bytes(Self.sample)))
    let x = Tensor([1, 2, 3, -4, 0.5, 0.25] as [Float], shape: [3, 2])
    let (_, gradients) = try valueWithGradients(of: model) { try model(x)[0].sum() }
    let bias = try XCTUnwrap(model[weight: "bias"])
    // LeakyRelu passes 1 for a positive sum, 0.5 for a negative one; of the nine, three are negative.
    XCTAssertEqual(try XCTUnwrap(gradients[bias]).doubles, [3, 2, 2.5])
  }

  func testBytesOfTensorsOfEveryType() throws {
    let tensors: [Tensor] = [
      Tensor([1.5, -2] as [Float]), Tensor([1.5, -2]), Tensor([1, -2] as [Int32]), Tensor([1, -2]),
      Tensor([1, 255] as [UInt8]), Tensor([true, false]), Tensor([1.5, -2] as [Float]).cast(to: .bfloat16),
      Tensor(Float(3)), Tensor.zeros([0, 4]),
    ]
    for tensor in tensors {
      let copy = try ONNXTensor(tensor, name: "t").tensor()
      XCTAssertEqual(copy.shape, tensor.shape)
      XCTAssertEqual(copy.type, tensor.type)
      XCTAssertEqual(copy.doubles, tensor.doubles)
    }
  }

  func testFilesOnDisk() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.onnx"
      let model = try ONNXModel(bytes: Self.bytes(Self.sample))
      try model.write(to: path)
      XCTAssertEqual(try ONNXModel(contentsOf: path).bytes(), try model.bytes())
      assertAssayError(.file, saying: ["absent.onnx"]) { try ONNXModel(contentsOf: folder + "/absent.onnx") }
    }
  }
}
