import Basics
import Checks
import Formats
import Foundation
import Tensors
import XCTest

/// Damaged and unsuitable files end in an error that says what and where, never in a crash.
final class BadModelTests: XCTestCase {
  private func node(_ kind: String, _ inputs: [String], _ outputs: [String]) -> ONNXNode {
    var node = ONNXNode()
    node.kind = kind
    node.name = "the_\(kind)"
    node.inputs = inputs
    node.outputs = outputs
    return node
  }

  private func model(_ nodes: [ONNXNode], weights: [ONNXTensor] = [], rank: Int = 2) -> ONNXModel {
    var model = ONNXModel()
    model.operatorSets = ["": 20]
    model.graph.nodes = nodes
    model.graph.initializers = weights
    model.graph.inputs = [
      ONNXValue(name: "x", kind: .float32, shape: (0..<rank).map { .named("size\($0)") })
    ]
    model.graph.outputs = [ONNXValue(name: nodes.last?.outputs.first ?? "x", kind: .float32, shape: nil)]
    return model
  }

  func testUnknownOperators() throws {
    let model = model([node("Relu", ["x"], ["a"]), node("NonMaxSuppression", ["a"], ["b"])])
    assertAssayError(.format, saying: ["NonMaxSuppression", "the_NonMaxSuppression"]) { try ImportedModel(model) }
    var custom = self.model([node("Relu", ["x"], ["a"])])
    custom.graph.nodes[0].domain = "com.example"
    assertAssayError(.format, saying: ["com.example.Relu"]) { try ImportedModel(custom) }
    try withTemporaryFolder { folder in
      try model.write(to: folder + "/model.onnx")
      assertAssayError(.format, saying: [folder + "/model.onnx", "NonMaxSuppression"]) {
        try ImportedModel(contentsOf: folder + "/model.onnx")
      }
    }
  }

  func testGraphsThatDoNotHangTogether() throws {
    assertAssayError(.format, saying: ["absent", "the_Relu"]) {
      try ImportedModel(model([node("Relu", ["absent"], ["y"])]))
    }
    assertAssayError(.format, saying: ["two values", "\"y\""]) {
      try ImportedModel(model([node("Relu", ["x"], ["y"]), node("Relu", ["x"], ["y"])]))
    }
    var lacking = model([node("Relu", ["x"], ["y"])])
    lacking.graph.outputs[0].name = "z"
    assertAssayError(.format, saying: ["output \"z\""]) { try ImportedModel(lacking) }
    lacking.operatorSets = ["": 3]
    assertAssayError(.format, saying: ["version 3"]) { try ImportedModel(lacking) }
  }

  func testInputsThatDoNotFit() throws {
    let model = try ImportedModel(self.model([node("Relu", ["x"], ["y"])]))
    assertAssayError(.data, saying: ["input \"x\"", "[3]"]) { try model(Tensor([1, 2, 3] as [Float])) }
    assertAssayError(.data, saying: ["float64", "float32"]) { try model(Tensor([1.0], shape: [1, 1])) }
    assertAssayError(.data, saying: ["0 tensors"]) { try model.run([]) }
    assertAssayError(.data, saying: ["\"z\""]) { try model(["z": Tensor([1.0], shape: [1, 1])]) }
    assertAssayError(.data, saying: ["\"x\" is missing"]) { try model([:]) }
  }

  func testShapesThatDoNotFitInside() throws {
    let weight = ONNXTensor(Tensor.ones([3, 4]), name: "w")
    let model = try ImportedModel(self.model([node("MatMul", ["x", "w"], ["y"])], weights: [weight]))
    XCTAssertEqual(try model(.ones([2, 3]))[0].shape, [2, 4])
    assertAssayError(.data, saying: ["the_MatMul", "[2, 5]", "[3, 4]"]) { try model(.ones([2, 5])) }
  }

  func testHugeSizesBesideNone() throws {
    var hollow = ONNXTensor(Tensor.zeros([0]), name: "w")
    hollow.shape = [0, 1 << 62, 4]
    assertAssayError(.format, saying: ["impossible shape"]) {
      try ImportedModel(self.model([node("Flatten", ["w"], ["y"])], weights: [hollow]))
    }
    for sizes in [[0, 1 << 62, 1 << 62], [0, 1 << 62, 4]] {
      let shape = ONNXTensor(Tensor(sizes), name: "s")
      assertAssayError(.data, saying: ["there is no shape"]) {
        try ImportedModel(self.model([node("ConstantOfShape", ["s"], ["y"])], weights: [shape]))(.ones([1, 1]))
      }
    }
  }

  func testResultsLargerThanMemory() throws {
    let shape = ONNXTensor(Tensor([1 << 40, 1 << 40]), name: "s")
    var model = try ImportedModel(self.model([node("Expand", ["x", "s"], ["y"])], weights: [shape]))
    assertAssayError(.data, saying: ["there is no shape"]) { try model(.ones([1, 1])) }
    let large = ONNXTensor(Tensor([1000, 1000]), name: "s")
    model = try ImportedModel(self.model([node("Expand", ["x", "s"], ["y"])], weights: [large]))
    model.memoryLimit = 1 << 20
    assertAssayError(.resource, saying: ["4000000 bytes"]) { try model(.ones([1, 1])) }
  }

  func testWeightsInOtherFilesStayBesideTheModel() throws {
    func field(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
    func text(_ tag: UInt8, _ content: String) -> [UInt8] { field(tag, Array(content.utf8)) }
    // A tensor t of one float whose numbers lie in "../secret", and a Relu of it.
    let entry = field(0x6A, text(0x0A, "location") + text(0x12, "../secret"))
    let tensor = field(0x2A, [0x08, 0x01, 0x10, 0x01] + text(0x42, "t") + entry + [0x70, 0x01])
    let node = field(0x0A, text(0x0A, "t") + text(0x12, "y") + text(0x22, "Relu"))
    let graph = field(0x3A, node + tensor + field(0x62, text(0x0A, "y")))
    let file = [0x08, 0x09] + graph + field(0x42, [0x10, 0x14])
    try withTemporaryFolder { folder in
      try AtomicFile.write("secret", to: folder + "/secret")
      try FileAccess.createFolder(folder + "/models")
      try AtomicFile.write(file, to: folder + "/models/model.onnx")
      assertAssayError(.format, saying: ["../secret", "not beside"]) {
        try ImportedModel(contentsOf: folder + "/models/model.onnx")
      }
    }
  }

  func testEveryShorterFile() throws {
    let bytes = try ONNXFileTests.bytes(ONNXFileTests.sample)
    for count in 0..<bytes.count { run(Array(bytes[..<count]), [Tensor.ones([2, 2])]) }
  }

  func testFilesOfOtherKinds() throws {
    assertAssayError(.format, saying: ["no graph"]) { try ONNXModel(bytes: []) }
    assertAssayError(.format) { try ONNXModel(bytes: Array("{\"a\": 1}".utf8)) }
    for index in 0..<200 {
      let bytes = randomBytes(upTo: 200, key: RandomKey(seed: 3)[index])
      run(bytes, [Tensor.ones([2, 2])])
    }
  }

  /// A graph in an attribute of a node of a graph, and so on, deeper than any stack.
  func testMessagesInMessages() throws {
    func field(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      var (length, head) = (content.count, [tag])
      while length >= 128 {
        head.append(UInt8(length & 127) | 128)
        length >>= 7
      }
      return head + [UInt8(length)] + content
    }
    var nested: [UInt8] = []
    for _ in 0..<10_000 { nested = field(0x2A, nested) }
    // Tensors hold no messages that matter, so the depth is skipped; a value's type is read all the way.
    XCTAssertThrowsError(try ONNXModel(bytes: [0x08, 0x09] + field(0x3A, field(0x2A, nested))))
    run([0x08, 0x09] + field(0x3A, field(0x0A, nested)), [])
  }

  func testDamagedFiles() throws {
    let cases = try OperatorGolden.load().cases
    for seed in checkSeeds {
      for (index, one) in cases.enumerated() {
        let bytes = try ONNXFileTests.bytes(one.model)
        let inputs = one.inputs.map(\.tensor)
        for copy in mutations(of: bytes, count: 12, key: RandomKey(seed: seed)[index]) { run(copy, inputs) }
      }
    }
  }

  /// Reads and runs what may be no model; an `AssayError` is as good as a result.
  private func run(_ bytes: [UInt8], _ inputs: [Tensor]) {
    do {
      var model = try ImportedModel(ONNXModel(bytes: bytes))
      model.memoryLimit = 1 << 24
      _ = try model.run(inputs)
    } catch {
      XCTAssertTrue(error is AssayError, "\(error)")
    }
  }
}
