import Basics
import Tensors

/// The settings of a node as its operator reads them, when a model is loaded.
struct NodeSettings {
  let node: ONNXNode
  /// The version of the operators that the file asks for.
  let version: Int

  /// A number, or what it is unless set.
  func number(_ name: String, _ standard: Double) throws -> Double {
    switch node.attributes[name] {
    case nil: return standard
    case .float(let value): return Double(value)
    default: throw mismatch(name, "a number")
    }
  }

  /// A whole number, or what it is unless set.
  func integer(_ name: String, _ standard: Int) throws -> Int { try integer(name) ?? standard }

  /// A whole number, if it is set.
  func integer(_ name: String) throws -> Int? {
    switch node.attributes[name] {
    case nil: return nil
    case .integer(let value): return value
    default: throw mismatch(name, "a whole number")
    }
  }

  /// 0 or 1.
  func flag(_ name: String, _ standard: Bool) throws -> Bool { try integer(name, standard ? 1 : 0) != 0 }

  /// Whole numbers, if they are set.
  func integers(_ name: String) throws -> [Int]? {
    switch node.attributes[name] {
    case nil: return nil
    case .integers(let values): return values
    default: throw mismatch(name, "whole numbers")
    }
  }

  /// Numbers, if they are set.
  func numbers(_ name: String) throws -> [Float]? {
    switch node.attributes[name] {
    case nil: return nil
    case .floats(let values): return values
    default: throw mismatch(name, "numbers")
    }
  }

  /// Text, or what it is unless set.
  func text(_ name: String, _ standard: String) throws -> String {
    switch node.attributes[name] {
    case nil: return standard
    case .text(let value): return value
    default: throw mismatch(name, "text")
    }
  }

  /// Texts, if they are set.
  func texts(_ name: String) throws -> [String]? {
    switch node.attributes[name] {
    case nil: return nil
    case .texts(let values): return values
    default: throw mismatch(name, "texts")
    }
  }

  /// A tensor, if it is set.
  func tensor(_ name: String) throws -> Tensor? {
    switch node.attributes[name] {
    case nil: return nil
    case .tensor(let value): return try value.tensor()
    default: throw mismatch(name, "a tensor")
    }
  }

  /// Stops the loading of a model because of a setting that is not supported.
  func unsupported(_ what: String) -> AssayError {
    AssayError(.format, "\(what) is not supported", remedy: "export the model without it")
  }

  private func mismatch(_ name: String, _ expected: String) -> AssayError {
    AssayError(.format, "the attribute \"\(name)\" is not \(expected)", remedy: "get the file again")
  }
}
