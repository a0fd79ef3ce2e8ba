import Tensors

/// A module that makes one tensor of another: what `Sequential` and `Residual` are built of.
///
/// Write `forward`; call the layer as a function: `let output = layer(input)`, or `layer(input, pass)` in training.
public protocol Layer: Module {
  /// Computes the output.
  ///
  /// - Parameters:
  ///   - input: Usually [batch, ...]; each layer says which shapes it takes.
  ///   - pass: Whether this is training.
  func forward(_ input: Tensor, _ pass: Pass) -> Tensor
}

extension Layer {
  /// Computes the output.
  ///
  /// - Parameters:
  ///   - input: Usually [batch, ...]; each layer says which shapes it takes.
  ///   - pass: Whether this is training; `.inference` unless given.
  public func callAsFunction(_ input: Tensor, _ pass: Pass = .inference) -> Tensor { forward(input, pass) }
}
