import Basics
import Tensors

/// The keys and values of the steps so far, so that each new step of a generated sequence is computed once.
public struct KeyValueCache: Sendable {
  /// [batch, steps, keyValueHeads times head width]; nil before the first step.
  public private(set) var keys: Tensor?
  /// The same shape.
  public private(set) var values: Tensor?

  /// An empty cache.
  public init() {}

  /// How many steps are in it.
  public var count: Int { keys?.shape[1] ?? 0 }

  /// Takes further steps and gives all.
  mutating func append(_ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor) {
    let allKeys = self.keys.map { concatenated([$0, keys], axis: 1) } ?? keys
    let allValues = self.values.map { concatenated([$0, values], axis: 1) } ?? values
    self.keys = allKeys
    self.values = allValues
    return (allKeys, allValues)
  }
}
