import Foundation
import Synchronization
import Tensors
import XCTest

/// Every operation of the engine is written as ONNX operators, read back, and computes the same: the calls of a program
/// and the graph are one set of operations.
final class EveryOperationTests: XCTestCase {
  private let examples = OperationExample.all

  /// Public functions that compute nothing on tensors: what an operation and a backend are made of, and memory.
  private let others: Set = [
    "apply", "composition", "gradients of an operation", "run", "keep", "tracked", "values", "range", "zeros", "ones",
  ]

  /// Operations that no call meets while an export traces it, and why.
  private let exceptions = [
    // The function is traced itself.
    "Checkpointed",
    // Batch normalisation by given statistics is an operator; this is what it is made of for gradients of gradients.
    "ChannelAffine",
  ]

  private func lines(_ folders: String...) throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Base/Tensors")
    return try folders.flatMap { folder -> [String] in
      let base = root.appendingPathComponent(folder)
      let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
      return try paths.filter { $0.hasSuffix(".swift") }.flatMap { path in
        try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8).components(separatedBy: "\n")
      }
    }
  }

  func testEveryPublicFunctionHasAnExample() throws {
    let pattern = /^ *public (?:static )?(?:prefix )?(?:func (\.<=?|[^\s(<]+)|(subscript))/
    var found: Set<String> = []
    for line in try lines("Operations", "Gradients", "Core") {
      guard let match = line.firstMatch(of: pattern) else { continue }
      found.insert(String(match.1 ?? match.2 ?? ""))
    }
    XCTAssertGreaterThan(found.count, 90)
    XCTAssertTrue(found.isSuperset(of: [".<", "+", "ctcLoss", "resize", "subscript"]), "\(found.sorted())")
    for name in found.subtracting(others).sorted() {
      XCTAssertNotNil(examples[name], "there is no example of \(name): add one that is exported")
    }
    for name in examples.keys { XCTAssertTrue(found.contains(name), "there is no function \(name)") }
  }

  func testExamplesUseEveryOperation() throws {
    let declared = Set(
      try lines("Operations", "Gradients").compactMap { line in
        line.firstMatch(of: /struct (\w+): (?:\w+, )*Operation\b/).map { String($0.1) }
      })
    XCTAssertGreaterThan(declared.count, 50)
    let backend = ListingBackend()
    Backends.$current.withValue(backend) {
      for example in examples.values.joined() {
        _ = example.body(example.inputs(3))
        if example.hasGradient { _ = Self.slopes(example, example.inputs(3)) }
      }
    }
    let met = backend.names.withLock { $0 }
    for name in declared.subtracting(exceptions).sorted() {
      XCTAssertTrue(met.contains(name), "no example uses the operation \(name)")
    }
    for name in exceptions { XCTAssertTrue(declared.contains(name), "there is no operation \(name)") }
  }

  func testEveryOperationIsExportedAndImported() {
    for (name, all) in examples.sorted(by: { $0.key < $1.key }) {
      for (index, example) in all.enumerated() {
        checkRoundTrip("\(name), \(index)", batchAxis: example.batchAxis, tolerance: 1e-5, example.inputs, example.body)
      }
    }
  }

  func testEveryGradientIsExportedAndImported() {
    for (name, all) in examples.sorted(by: { $0.key < $1.key }) {
      for (index, example) in all.enumerated() where example.hasGradient {
        // Slopes of losses of up to about ten, through other orders of sums.
        checkRoundTrip(
          "gradient of \(name), \(index)", batchAxis: example.batchAxis, tolerance: 5e-5, example.inputs
        ) { [Self.slopes(example, $0)] }
      }
    }
  }

  /// The gradient of the squares of the results with respect to the first input.
  private static func slopes(_ example: OperationExample, _ inputs: [Tensor]) -> Tensor {
    valueWithGradients(at: [inputs[0]]) { leaves in
      let results = example.body(leaves + inputs[1...]).filter(\.type.isFloatingPoint)
      return results.map { square($0.cast(to: .float32)).sum() }.reduce(Tensor(Float(0)), +)
    }.gradients[0]
  }
}

/// The processor, with a list of the operations that were asked for.
private final class ListingBackend: Backend {
  let names = Mutex<Set<String>>([])

  func run(_ operation: any Tensors.Operation, _ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    names.withLock { _ = $0.insert(String(describing: type(of: operation))) }
    return operation.run(inputs, &run)
  }
}
