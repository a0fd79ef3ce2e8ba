import Basics
import Foundation
import Synchronization
import Tensors

/// Positions as rotations: component i of a head and component i + d / 2 are turned as one point by an angle of position
/// times base^(-2 i / d), so that products of queries and keys depend on distances alone (Su and others 2021).
public final class RotaryPositions: Sendable, WithoutParameters {
  /// The components of a head.
  public let width: Int
  /// What the slowest angles depend on.
  public let base: Double

  /// Cosines and sines of the first positions, [positions, width / 2] each.
  private let tables = Mutex<(cosines: Tensor, sines: Tensor)?>(nil)

  /// Rotations.
  ///
  /// - Parameters:
  ///   - width: The components of a head; even.
  ///   - base: 10000 unless given.
  public init(width: Int, base: Double = 10_000) {
    require(width > 0 && width % 2 == 0, "RotaryPositions", "the width of a head must be even, not \(width)")
    require(base > 1, "RotaryPositions", "the base must be above 1, not \(base)")
    self.width = width
    self.base = base
  }

  /// Turns the heads of [batch, time, heads times width]; the first step has position `start`, 0 unless given.
  public func callAsFunction(_ x: Tensor, start: Int = 0) -> Tensor {
    require(
      x.rank == 3 && x.shape[2] % width == 0, "RotaryPositions", "shape \(x.shape) has no heads of width \(width)")
    let (time, half) = (x.shape[1], width / 2)
    let (cosines, sines) = tables(upTo: start + time)
    let turn = [time, 1, half]
    let cosine = cosines[start..<start + time].cast(to: x.type).reshaped(to: turn)
    let sine = sines[start..<start + time].cast(to: x.type).reshaped(to: turn)
    let heads = x.reshaped(to: [x.shape[0], time, x.shape[2] / width, width])
    let (a, b) = (heads.sliced(axis: -1, 0..<half), heads.sliced(axis: -1, half..<width))
    return concatenated([a * cosine - b * sine, b * cosine + a * sine], axis: -1).reshaped(to: x.shape)
  }

  private func tables(upTo count: Int) -> (cosines: Tensor, sines: Tensor) {
    tables.withLock { tables in
      if let tables, tables.cosines.shape[0] >= count { return tables }
      let positions = max(64, 2 * count)
      let half = width / 2
      let angles = (0..<positions * half).map {
        Double($0 / half) * Foundation.pow(base, -2 * Double($0 % half) / Double(width))
      }
      let made = (
        cosines: Tensor(angles.map { Foundation.cos($0) }, shape: [positions, half]),
        sines: Tensor(angles.map { Foundation.sin($0) }, shape: [positions, half])
      )
      tables = made
      return made
    }
  }
}
