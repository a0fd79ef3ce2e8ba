import Formats
import Tensors
import XCTest

/// Imported operators where types or sizes are unusual.
final class OperatorEdgeTests: XCTestCase {
  private func run(_ kind: String, _ values: [Tensor], _ attributes: [String: ONNXAttribute] = [:]) throws -> Tensor {
    var node = ONNXNode()
    node.kind = kind
    node.inputs = values.indices.map { "v\($0)" }
    node.outputs = ["y"]
    node.attributes = attributes
    var model = ONNXModel()
    model.operatorSets = ["": 20]
    model.graph.nodes = [node]
    model.graph.initializers = values.enumerated().map { ONNXTensor($1, name: "v\($0)") }
    model.graph.outputs = [ONNXValue(name: "y", kind: .float32, shape: nil)]
    return try ImportedModel(model).run([])[0]
  }

  func testPowersOfWholeNumbersWithFractions() throws {
    let roots = try run("Pow", [Tensor([4, 9]), Tensor(Float(0.5))])
    XCTAssertEqual(roots.doubles, [2, 3])
    XCTAssertEqual(roots.type, .int64)
    XCTAssertEqual(try run("Pow", [Tensor([3, -2]), Tensor([2, 3])]).doubles, [9, -8])
  }

  func testRemaindersByInfinity() throws {
    let rest = try run(
      "Mod", [Tensor([5, -5, 7] as [Float]), Tensor([Float.infinity, -.infinity, 4])], ["fmod": .integer(1)])
    XCTAssertEqual(rest.doubles, [5, -5, 3])
  }

  func testRangesOfLargeWholeNumbers() throws {
    let start = 1 << 53
    let range = try run("Range", [Tensor(Int64(start + 1)), Tensor(Int64(start + 4)), Tensor(Int64(1))])
    XCTAssertEqual(range.values(Int64.self), (1...3).map { Int64(start + $0) })
    let down = try run("Range", [Tensor(Int64(5)), Tensor(Int64(0)), Tensor(Int64(-2))])
    XCTAssertEqual(down.doubles, [5, 3, 1])
    XCTAssertEqual(try run("Range", [Tensor(Int64(5)), Tensor(Int64(0)), Tensor(Int64(2))]).count, 0)
    for step in [Int64(0), .min] {
      XCTAssertThrowsError(try run("Range", [Tensor(Int64(5)), Tensor(Int64(0)), Tensor(step)]))
    }
    XCTAssertThrowsError(try run("Range", [Tensor(Int64.min), Tensor(Int64.max), Tensor(Int64(1))]))
  }

  func testHyperbolicSineNearZero() throws {
    let result = try run("Sinh", [Tensor([1e-5, -3, 0] as [Float])]).doubles
    XCTAssertEqual(result[0], 1e-5, accuracy: 1e-11)
    XCTAssertEqual(result[1], -10.017875, accuracy: 1e-5)
    XCTAssertEqual(result[2], 0)
  }

  func testNormalisationOfZeros() throws {
    XCTAssertEqual(
      try run("LpNormalization", [Tensor([0, 0, 3, 4] as [Float], shape: [2, 2])]).doubles[2], 0.6, accuracy: 1e-6)
    XCTAssertEqual(try run("LpNormalization", [Tensor([0, 0] as [Float])]).doubles, [0, 0])
  }

  func testResizingThatCannotBeIsRefusedAndNamed() throws {
    let image = Tensor([1, 2, 3, 4] as [Float], shape: [1, 1, 2, 2])
    let (none, twice) = (Tensor([Float]()), Tensor([1, 1, 2, 2] as [Float]))
    XCTAssertEqual(try run("Resize", [image, none, twice]).shape, [1, 1, 4, 4])
    let modes: [(String, ONNXAttribute)] = [
      ("mode", .text("lanczos")), ("coordinate_transformation_mode", .text("tf_crop_and_resize")),
      ("nearest_mode", .text("sideways")), ("antialias", .integer(1)),
      ("keep_aspect_ratio_policy", .text("not_larger")),
    ]
    for (name, value) in modes {
      XCTAssertThrowsError(try run("Resize", [image, none, twice], [name: value]), name) { error in
        XCTAssertTrue("\(error)".contains(name == "mode" ? "lanczos" : name), "\(error)")
      }
    }
    let scales: [[Float]] = [[1, 1, 2], [1, 1, 0, 2], [1, 1, -1, 2], [1, 1, .nan, 2], [1, 1, .infinity, 2]]
    for numbers in scales {
      XCTAssertThrowsError(try run("Resize", [image, none, Tensor(numbers)]), "\(numbers)")
    }
    // Neither, both, a negative size, and more than memory holds: with the size that was asked for.
    XCTAssertThrowsError(try run("Resize", [image, none, none]))
    XCTAssertThrowsError(try run("Resize", [image, none, twice, Tensor([1, 1, 4, 4] as [Int64])]))
    XCTAssertThrowsError(try run("Resize", [image, none, none, Tensor([1, 1, -4, 4] as [Int64])]))
    let huge = Tensor([1, 1, 1 << 39, 1 << 20] as [Int64])
    XCTAssertThrowsError(try run("Resize", [image, none, none, huge])) { error in
      XCTAssertTrue("\(error)".contains("549755813888"), "\(error)")
    }
  }
}
