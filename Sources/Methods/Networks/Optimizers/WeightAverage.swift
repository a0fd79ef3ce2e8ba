import Basics
import Tensors

/// Running means of a model's parameters, which often predict better than the last ones (Polyak and Juditsky 1992).
///
/// After each step: mean = decay mean + (1 - decay) value, where the decay of step t is at most (1 + t) / (10 + t), so
/// that the first weights are soon forgotten. Running statistics of layers are averaged too; whole numbers are copied.
public struct WeightAverage: Sendable {
  /// How much of the mean is kept.
  public let decay: Double
  /// How many steps have been averaged.
  public private(set) var steps = 0
  private let parameters: [NamedParameter]
  private var means: [OwnedTensor]

  /// Means that begin with the current values.
  ///
  /// - Parameters:
  ///   - parameters: The model's parameters.
  ///   - decay: At least 0 and below 1; 0.999 unless given.
  public init(_ parameters: [NamedParameter], decay: Double = 0.999) {
    require(decay >= 0 && decay < 1, "WeightAverage", "the decay must be at least 0 and below 1, not \(decay)")
    self.decay = decay
    self.parameters = parameters
    means = parameters.map { OwnedTensor($0.parameter.stored) }
  }

  /// Takes the values after a step into the means.
  public mutating func update() {
    steps += 1
    let kept = min(decay, Double(1 + steps) / Double(10 + steps))
    for (index, named) in parameters.enumerated() {
      let value = named.parameter.stored
      if value.type == .float32 || value.type == .float64 {
        let mean = means[index].claim()
        if value.type == .float32 {
          Self.mix(mean.pointer(Float.self), value.pointer(Float.self), value.count, Float(kept))
        } else {
          Self.mix(mean.pointer(Double.self), value.pointer(Double.self), value.count, kept)
        }
      } else {
        means[index] = OwnedTensor(value)
      }
    }
  }

  @inline(__always)
  private static func mix<Element: BinaryFloatingPoint>(
    _ mean: UnsafeMutablePointer<Element>, _ value: UnsafeMutablePointer<Element>, _ count: Int, _ kept: Element
  ) {
    for i in 0..<count { mean[i] = kept * mean[i] + (1 - kept) * value[i] }
  }

  /// The means by path, to be loaded into a model.
  public var weights: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: zip(parameters, means).map { ($0.path, $1.tensor) })
  }

  /// Computes with the means in the place of the parameters' values, which stay as they are.
  public func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
    try withValues(of: parameters, means.map(\.tensor), body)
  }

  /// The means, by "mean/path", and the number of steps.
  public var state: [String: Tensor] {
    var state = ["steps": Tensor(Int64(steps))]
    for (path, tensor) in weights { state["mean/\(path)"] = tensor }
    return state
  }

  /// Goes on from a saved state.
  ///
  /// - Throws: `AssayError` where an entry is missing or has another shape.
  public mutating func restore(_ state: [String: Tensor]) throws {
    guard let steps = state["steps"], steps.count == 1, steps.type.isInteger, 0...0x1p53 ~= steps.scalar else {
      throw Self.misfit("steps")
    }
    let tensors = try parameters.map { named in
      guard let tensor = state["mean/\(named.path)"], tensor.shape == named.parameter.shape else {
        throw Self.misfit("mean/\(named.path)")
      }
      return OwnedTensor(tensor.cast(to: named.parameter.type))
    }
    self.steps = Int(steps.scalar)
    means = tensors
  }

  private static func misfit(_ place: String) -> AssayError {
    AssayError(
      .bundle, "the averaged weights do not fit the model: an entry is missing or has another shape", at: place,
      remedy: "restore them for a model made with the same settings")
  }
}
