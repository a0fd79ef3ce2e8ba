import Basics
import Synchronization
import Tensors

/// Watches operations for the first results that are not finite, and for the parameter that was read last before them.
final class FiniteWatch: Backend {
  /// A result that is not finite.
  struct Finding: Sendable {
    let operation: String
    let shape: [Int]
    /// The path of the parameter that was read last, up to and with this operation; empty if there was none.
    let path: String
  }

  private struct State {
    var path = ""
    var infinite: Finding?
    var undefined: Finding?
  }

  private let base: (any Backend)?
  private let owners: [ObjectIdentifier: String]
  private let state = Mutex(State())

  init(_ parameters: [NamedParameter]) {
    base = Backends.current
    owners = Dictionary(
      parameters.map { (ObjectIdentifier($0.parameter.stored.storage), $0.path) },
      uniquingKeysWith: { first, _ in first })
  }

  func run(_ operation: any Operation, _ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let outputs = base?.run(operation, inputs, &run) ?? operation.run(inputs, &run)
    let kinds = outputs.map(\.worstElement)
    state.withLock { state in
      for input in inputs { if let path = owners[ObjectIdentifier(input.storage)] { state.path = path } }
      guard state.undefined == nil else { return }
      for (output, kind) in zip(outputs, kinds) {
        let finding = Finding(operation: operation.name, shape: output.shape, path: state.path)
        if kind == .undefined { state.undefined = finding }
        if kind == .infinite, state.infinite == nil { state.infinite = finding }
      }
    }
    return outputs
  }

  /// What was found, in words; nil if everything was finite.
  ///
  /// Infinite numbers alone are no fault, because masks hold them, but where not-a-number follows they often lead to it.
  var words: String? {
    state.withLock { state in
      func words(_ finding: Finding) -> String {
        let after = finding.path.isEmpty ? "before any parameter was read" : "after \(finding.path) was read"
        return "\(finding.operation) of shape \(finding.shape), \(after)"
      }
      let undefined = state.undefined.map { "the first not-a-number came out of " + words($0) }
      let infinite = state.infinite.map { "the first infinite number came out of " + words($0) }
      return infinite.map { first in undefined.map { first + "; " + $0 } ?? first } ?? undefined
    }
  }
}

extension Tensor {
  /// How far a tensor is from being finite.
  enum Finiteness { case finite, infinite, undefined }

  /// Whether there is an infinite number or, which is worse, a not-a-number.
  var worstElement: Finiteness { firstWrongElement.map { $0.isNaN ? .undefined : .infinite } ?? .finite }

  /// The first not-a-number, else the first infinite number.
  private var firstWrongElement: Double? {
    func search<Element: TensorElement & BinaryFloatingPoint>(_ type: Element.Type) -> Double? {
      withExtendedLifetime(self) {
        let elements = UnsafeBufferPointer(start: pointer(type), count: count)
        // The sum of zero times each element is zero unless one of them is not finite.
        guard !(elements.reduce(0) { $0 + 0 * $1 } == 0) else { return nil }
        return elements.contains(where: \.isNaN) ? .nan : .infinity
      }
    }
    switch type {
    case .float32: return search(Float.self)
    case .float64: return search(Double.self)
    // Not by a cast, which is an operation and would be watched itself.
    case .bfloat16: return doubles.contains(where: \.isNaN) ? .nan : doubles.first { !$0.isFinite }
    default: return nil
    }
  }

  /// The first entry of the first axis with an element that is not finite; nil if there is none.
  var firstWrongRow: Int? {
    guard type.isFloatingPoint, worstElement != .finite, let rows = shape.first, rows > 0 else { return nil }
    return doubles.firstIndex { !$0.isFinite }.map { $0 / (count / rows) }
  }
}

extension TrainingRun {
  /// The error for a loss or gradients that are not finite: where it was first seen, found by computing the batch again.
  func nonFinite(
    _ result: StepResult, _ gradients: Gradients, _ batch: [Tensor], _ passKey: RandomKey, rows: [Int],
    _ statistics: [(parameter: Parameter, value: Tensor)]
  ) -> AssayError {
    let loss = result.loss.scalar
    let what = loss.isFinite ? "the gradients are not finite" : "the loss is \(loss)"
    let place = "step \(state.step + 1), epoch \(state.epoch + 1)"
    let numbers = rows.prefix(8).map(String.init).joined(separator: ", ") + (rows.count > 8 ? ", ..." : "")
    let saved = trainer.checkpoints.flatMap { checkpoints in
      savedStep.map { "; the last good checkpoint is \(checkpoints.path), after step \($0)" }
    }
    for (index, tensor) in batch.enumerated() {
      guard let row = tensor.firstWrongRow else { continue }
      return AssayError(
        .data, "\(what): tensor \(index) of the batch has a number that is not finite in row \(rows[row]) of the data",
        at: place, remedy: "repair or leave out that row" + (saved ?? ""))
    }
    let remedy = "lower the learning rate or clip gradients, or look at the rows of this batch: \(numbers)"
    if let named = parameters.first(where: { $0.parameter.stored.worstElement != .finite }) {
      return AssayError(
        .data, "\(what): the weights of \(named.path) are not finite", at: place, remedy: remedy + (saved ?? ""))
    }
    let watch = FiniteWatch(parameters)
    _ = try? Backends.$current.withValue(watch) { try self.gradients(batch, .training(passKey)) }
    restore(statistics)
    let gradient = gradients.parameters.first { named in
      gradients[named.parameter].map { $0.worstElement != .finite } ?? false
    }
    let words = watch.words ?? gradient.map { "the first gradient that is not finite is that of \($0.path)" }
    return AssayError(
      .data, what + (words.map { ": " + $0 } ?? ""), at: place, remedy: remedy + (saved ?? ""))
  }
}
