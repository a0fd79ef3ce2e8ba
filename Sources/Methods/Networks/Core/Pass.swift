import Basics
import Synchronization

/// What a model is run for: to predict, or to be trained.
///
/// Dropout and the like act in training alone; each takes the next key of the pass, so that masks differ from layer to
/// layer and are the same again with the same key. A pass for training serves one run of a model.
public struct Pass: Sendable {
  private final class Counter: Sendable {
    let taken = Atomic<Int>(0)
  }

  private let key: RandomKey?
  private let counter: Counter

  private init(key: RandomKey?) {
    self.key = key
    counter = Counter()
  }

  /// Predicting: nothing is random and running statistics stay as they are.
  public static let inference = Pass(key: nil)

  /// Training with random numbers from a key, which should be another one at each step.
  public static func training(_ key: RandomKey) -> Pass { Pass(key: key) }

  /// Whether the model is being trained.
  public var isTraining: Bool { key != nil }

  /// The next key of a pass for training; layers take one each time that they draw.
  public func nextKey() -> RandomKey {
    guard let key else { stop("Pass", "there are no random keys in a pass for inference") }
    return key[counter.taken.wrappingAdd(1, ordering: .relaxed).oldValue]
  }
}
