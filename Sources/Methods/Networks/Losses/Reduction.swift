import Basics
import Tensors

/// What becomes of the losses of single examples.
public enum Reduction: String, Sendable, Codable, CaseIterable {
  /// Their mean: a scalar. Without examples 0.
  case mean
  /// Their sum: a scalar.
  case sum
  /// They stay as they are.
  case none
}

extension Tensor {
  func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .mean: count == 0 ? sum() : mean()
    case .sum: sum()
    case .none: self
    }
  }
}

/// Broadcasting [n] with [n, 1] gives [n, n], a loss that no one means.
func requireSameShape(_ loss: String, _ predictions: Tensor, _ targets: Tensor) {
  require(
    predictions.shape == targets.shape, loss,
    "predictions have shape \(predictions.shape), targets \(targets.shape); they must be equal")
}

/// Checks class labels that come from data, before they are trained on.
///
/// - Parameters:
///   - labels: Whole numbers of any shape.
///   - classes: How many classes there are.
///   - ignored: A label that stands for none, such as padding; none unless given.
/// - Throws: `AssayError` with the first label outside 0 ..< classes.
public func checkLabels(_ labels: Tensor, classes: Int, ignoring ignored: Int? = nil) throws {
  guard labels.type.isInteger else {
    throw AssayError(.data, "class labels are whole numbers, not \(labels.type)", remedy: "cast them to int64")
  }
  let wide = labels.detached().cast(to: .int64).values(Int64.self)
  for (position, label) in wide.enumerated() where label < 0 || label >= classes {
    if let ignored, label == Int64(ignored) { continue }
    throw AssayError(
      .data, "label \(label) is not one of the \(classes) classes 0 ..< \(classes)", at: "label \(position)",
      remedy: "number the classes from 0")
  }
}
