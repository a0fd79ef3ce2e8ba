import Basics
import Foundation
import Tensors
import XCTest

/// `assay bench step`, `curve`, `onnx` and `learn` as processes.
final class NetworkBenchTests: XCTestCase {
  private func withProgram(_ name: String, _ body: (Program) throws -> Void) throws {
    let program = try Program(name)
    defer { program.remove() }
    try body(program)
  }

  private func figures(_ outcome: Program.Outcome) throws -> [String: Any] {
    XCTAssertEqual(outcome.status, 0, outcome.errors)
    return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  func testAStepOfEveryModel() throws {
    try withProgram("step") { program in
      for model in ["cnn", "depthwise", "lstm", "gru", "transformer", "mlp", "dqn", "gcn"] {
        for more in [[], ["--bfloat16"], ["--inference", "3"]] {
          let arguments = ["bench", "step", "--model", model, "--steps", "1", "--warm-up", "0", "--json"] + more
          let figures = try figures(program.run(arguments))
          XCTAssertEqual(figures.keys.sorted(), ["loss", "median_ms", "min_ms", "peak_mb"], model)
          for (name, value) in figures {
            let number = try XCTUnwrap(value as? Double, name)
            XCTAssertTrue(number.isFinite && (name == "loss" || number > 0), "\(model), \(name): \(number)")
          }
        }
      }
    }
  }

  func testTheLossDoesNotDependOnThreads() throws {
    try withProgram("threads") { program in
      for model in ["cnn", "lstm", "transformer"] {
        let losses = try ["1", "2", "3"].map { threads in
          try figures(
            program.run(
              "bench", "step", "--model", model, "--steps", "2", "--warm-up", "0", "--threads", threads, "--json"))[
              "loss"] as? Double
        }
        XCTAssertEqual(losses[0], losses[1], model)
        XCTAssertEqual(losses[0], losses[2], model)
      }
    }
  }

  func testACurveHasWhatIsNeededToRepeatIt() throws {
    try withProgram("curve") { program in
      let path = program.path("curve.safetensors")
      XCTAssertEqual(try program.run("bench", "curve", "--model", "mlp", "--output", path, "--steps", "40").status, 0)
      let tensors = try SafeTensors(opening: path).tensors()
      XCTAssertEqual(tensors["inputs"]?.shape, [40, 256, 64])
      XCTAssertEqual(tensors["labels"]?.shape, [40, 256])
      XCTAssertEqual(tensors["weights/layers.0.weight"]?.shape, [64, 256])
      let losses = try XCTUnwrap(tensors["losses"]).doubles
      XCTAssertEqual(losses.count, 40)
      // The first one is that of the weights and the first batch in the file.
      var hidden = try XCTUnwrap(tensors["inputs"])[0]
      for layer in 0..<3 {
        let weight = try XCTUnwrap(tensors["weights/layers.\(layer).weight"])
        hidden = matmul(hidden, weight) + (try XCTUnwrap(tensors["weights/layers.\(layer).bias"]))
        if layer < 2 { hidden = relu(hidden) }
      }
      let labels = try XCTUnwrap(tensors["labels"])[0]
      let logProbabilities = logSoftmax(hidden).taken(along: 1, at: labels.reshaped(to: [256, 1]))
      XCTAssertEqual(-logProbabilities.mean().scalar, losses[0], accuracy: 1e-5)
    }
  }

  func testAModelThatIsWrittenRunsAgain() throws {
    try withProgram("onnx") { program in
      XCTAssertEqual(try program.run("bench", "onnx", "--output", program.path("models")).status, 0)
      let cases = try SafeTensors(opening: program.path("models/model_mlp.safetensors"))
      let rows = try XCTUnwrap(cases.names.first).split(separator: "/")[0]
      var (inputs, expected): ([String: Tensor], [String: Tensor]) = ([:], [:])
      let model = program.path("models/model_mlp.onnx")
      // Names that the model asks for are its inputs, the others its outputs.
      for name in cases.names where name.hasPrefix("\(rows)/") {
        let plain = String(name.dropFirst(rows.count + 1))
        let tensor = try cases.tensor(name)
        if tensor.shape.last == 64 { inputs[plain] = tensor } else { expected[plain] = tensor }
      }
      try SafeTensors.write(inputs, to: program.path("in.safetensors"))
      let outcome = try program.run(
        "bench", "onnx", "--import", model, "--inputs", program.path("in.safetensors"), "--output",
        program.path("out.safetensors"))
      XCTAssertEqual(outcome.status, 0, outcome.errors)
      let outputs = try SafeTensors(opening: program.path("out.safetensors")).tensors()
      XCTAssertEqual(outputs.keys.sorted(), expected.keys.sorted())
      for (name, tensor) in expected {
        for (a, b) in zip(try XCTUnwrap(outputs[name]).doubles, tensor.doubles) { XCTAssertEqual(a, b, accuracy: 1e-5) }
      }
    }
  }

  func testAGraphOfTwoTopicsIsLearned() throws {
    try withProgram("learn") { program in
      let path = program.path("topics.safetensors")
      try SafeTensors.write(Self.topics(), to: path)
      let figures = try figures(program.run("bench", "learn", "--set", "cora", "--data", path, "--json"))
      XCTAssertGreaterThan(try XCTUnwrap(figures["test_accuracy"] as? Double), 0.9)
      XCTAssertEqual(figures["set"] as? String, "cora")
    }
  }

  /// 120 papers on two topics; a word says little of the topic, a citation more.
  private static func topics() -> [String: Tensor] {
    let papers = 120
    var random = RandomKey(seed: 3)["topics"].stream()
    var words = [Float](repeating: 0, count: papers * 8)
    for paper in 0..<papers {
      for word in 0..<8 where random.uniform() < (word % 2 == paper % 2 ? 0.4 : 0.2) { words[paper * 8 + word] = 1 }
    }
    var ends: [Int] = []
    for paper in 0..<papers {
      for _ in 0..<4 {
        let other = random.integer(below: papers / 2) * 2 + (random.uniform() < 0.9 ? paper % 2 : 1 - paper % 2)
        if other != paper { ends += [paper, other] }
      }
    }
    var tensors = ["features": Tensor(words, shape: [papers, 8]), "edges": Tensor(ends, shape: [ends.count / 2, 2])]
    for (part, range) in [("train", 0..<20), ("validation", 20..<50), ("test", 50..<120)] {
      tensors["\(part).inputs"] = Tensor(range.map { $0 })
      tensors["\(part).labels"] = Tensor(range.map { Int32($0 % 2) })
    }
    return tensors
  }

  func testFilesThatDoNotFitAreRefused() throws {
    try withProgram("misfits") { program in
      func refused(_ set: String, _ tensors: [String: Tensor], _ words: String, line: UInt = #line) throws {
        let path = program.path("misfit.safetensors")
        try SafeTensors.write(tensors, to: path)
        let outcome = try program.run("bench", "learn", "--set", set, "--data", path)
        XCTAssertEqual(outcome.status, 1, outcome.errors, line: line)
        XCTAssertTrue(outcome.errors.contains(words), outcome.errors, line: line)
      }
      func images(_ shape: [Int], _ labels: Tensor, test: [Int]? = nil) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for part in ["train", "validation", "test"] {
          tensors["\(part).inputs"] = .ones(part == "test" ? test ?? shape : shape)
          tensors["\(part).labels"] = labels
        }
        return tensors
      }
      let labels = Tensor([0, 1, 0, 1, 1, 0, 1, 1] as [Int32])
      try refused("mnist", [:], "train.inputs")
      try refused("mnist", images([8, 28, 28, 1], Tensor([0, 1] as [Int32])), "2 labels do not fit images")
      try refused("mnist", images([8, 28, 28, 1], labels, test: [8, 20, 20, 1]), "test.inputs")
      try refused("mnist", images([8, 4, 4, 1], labels), "too small")
      try refused("mnist", images([0, 28, 28, 1], Tensor([] as [Int32])), "not of shape [0]")
      try refused("mnist", images([8, 28, 28, 1], labels.cast(to: .float32) * .nan), "whole numbers")
      try refused("cifar10", images([8, 9, 9, 3], labels), "smaller than what is covered")
      let texts = [
        "vocabulary": Tensor([5]), "train.inputs": Tensor([1, 2], shape: [2, 1]), "train.lengths": Tensor([1, 2]),
        "train.labels": Tensor([0, 1]),
      ]
      try refused("trec", texts, "lengths do not fit")
      try refused("trec", texts.merging(["vocabulary": Tensor([-1])]) { $1 }, "whole numbers")
      var graph = Self.topics()
      graph["edges"] = Tensor([0, 500], shape: [1, 2])
      try refused("cora", graph, "500")
      graph = Self.topics()
      graph["train.inputs"] = Tensor((0..<20).map { $0 - 3 })
      try refused("cora", graph, "-3")
    }
  }

  func testMoreRowsThanMemoryAreRefused() throws {
    try withProgram("rows") { program in
      let outcome = try program.run("bench", "step", "--model", "mlp", "--inference", "10000000000000", "--json")
      XCTAssertEqual(outcome.status, 1, outcome.errors)
      XCTAssertTrue(outcome.errors.contains("10000000000000 rows would take about"), outcome.errors)
    }
  }
}
