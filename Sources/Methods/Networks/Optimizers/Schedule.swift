import Basics
import Foundation

/// How the learning rate changes: a factor of the optimiser's learning rate for each step.
///
/// A step is whatever the caller counts: updates, or passes over the data.
public indirect enum Schedule: Sendable, Hashable, Codable {
  /// 1 throughout.
  case constant
  /// Times `factor` after every so many steps.
  case step(every: Int, factor: Double = 0.1)
  /// Times `factor` at every step.
  case exponential(factor: Double)
  /// Straight from 1 to `final` over so many steps, `final` afterwards.
  case linear(steps: Int, final: Double = 0)
  /// Half a cosine wave from 1 to `final` over so many steps, `final` afterwards (Loshchilov and Hutter 2017).
  case cosine(steps: Int, final: Double = 0)
  /// A rise from `start` to 1 over a share of the steps, then a fall to `final`, both half a cosine wave (Smith and Topin
  /// 2018).
  case oneCycle(steps: Int, rise: Double = 0.3, start: Double = 0.04, final: Double = 0.000_004)
  /// 1 for so many steps, then falling as one over the root of the step.
  case inverseSquareRoot(after: Int)
  /// Straight from 0 to the first factor of another schedule over so many steps; then that schedule. The first step has
  /// 1 / `steps`, not 0.
  case warmUp(steps: Int, then: Schedule)

  /// This schedule after a linear rise over so many steps.
  public func warmedUp(over steps: Int) -> Schedule { steps > 0 ? .warmUp(steps: steps, then: self) : self }

  /// What the learning rate is multiplied by at a step, the first being 0.
  public func factor(at step: Int) -> Double {
    switch self {
    case .constant: return 1
    case .step(let every, let factor):
      require(every > 0, "Schedule", "the rate cannot change every \(every) steps")
      return Foundation.pow(factor, Double(step / every))
    case .exponential(let factor): return Foundation.pow(factor, Double(step))
    case .linear(let steps, let final): return 1 + (final - 1) * Self.share(step, of: steps)
    case .cosine(let steps, let final): return Self.wave(from: 1, to: final, Self.share(step, of: steps))
    case .oneCycle(let steps, let rise, let start, let final):
      require(rise >= 0 && rise < 1, "Schedule", "the rise must be at least 0 and below 1 of the steps, not \(rise)")
      // The last step, steps - 1, has the final rate.
      let top = rise * Double(steps) - 1
      if Double(step) < top { return Self.wave(from: start, to: 1, Double(step) / top) }
      let rest = Double(steps - 1) - max(top, 0)
      return Self.wave(from: 1, to: final, rest > 0 ? min(1, (Double(step) - max(top, 0)) / rest) : 1)
    case .inverseSquareRoot(let after):
      require(after > 0, "Schedule", "the rate cannot fall after \(after) steps")
      return min(1, (Double(after) / Double(max(step, 1))).squareRoot())
    case .warmUp(let steps, let schedule):
      if step < steps { return schedule.factor(at: 0) * Double(step + 1) / Double(steps) }
      return schedule.factor(at: step - steps)
    }
  }

  private static func share(_ step: Int, of steps: Int) -> Double {
    require(steps > 0, "Schedule", "there must be a step or more, not \(steps)")
    return min(1, Double(step) / Double(steps))
  }

  private static func wave(from first: Double, to last: Double, _ share: Double) -> Double {
    last + (first - last) * 0.5 * (1 + Foundation.cos(Double.pi * share))
  }
}

/// Lowers the learning rate when a quantity has stopped to fall.
public struct PlateauSchedule: Sendable, Hashable, Codable {
  /// What the learning rate is multiplied by each time.
  public let factor: Double
  /// How many observations without progress are waited for.
  public let patience: Int
  /// What counts as progress: a fall by more than this share of the best.
  public let threshold: Double
  /// The smallest product of factors.
  public let smallest: Double
  /// The product of factors now: what the optimiser's first learning rate is multiplied by.
  public private(set) var current = 1.0
  /// The least value observed.
  public private(set) var best = Double.infinity
  private var waited = 0

  /// A schedule.
  ///
  /// - Parameters:
  ///   - factor: Above 0 and below 1; 0.1 unless given.
  ///   - patience: 0 or more; 10 unless given.
  ///   - threshold: 0 or more; 0.0001 unless given.
  ///   - smallest: Where the product stops to fall; 0 unless given.
  public init(factor: Double = 0.1, patience: Int = 10, threshold: Double = 0.0001, smallest: Double = 0) {
    require(factor > 0 && factor < 1, "PlateauSchedule", "the factor must be above 0 and below 1, not \(factor)")
    require(patience >= 0 && threshold >= 0, "PlateauSchedule", "patience and threshold cannot be negative")
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.smallest = smallest
  }

  /// Takes the next value of what should fall, such as the loss on held-out data; not-a-number counts as no progress.
  public mutating func observe(_ value: Double) {
    if value < best - threshold * abs(best.isFinite ? best : 0) {
      best = value
      waited = 0
    } else {
      waited += 1
      if waited > patience {
        current = max(current * factor, smallest)
        waited = 0
      }
    }
  }
}
