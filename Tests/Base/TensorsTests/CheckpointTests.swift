import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Functions that are computed again for gradients.
final class CheckpointTests: XCTestCase {
  private static let block: @Sendable ([Tensor]) -> [Tensor] = { x in
    var y = x[0]
    for _ in 0..<6 { y = tanh(matmul(y, x[1]) + y) }
    return [y, y.sum(axes: [0])]
  }

  func testSameValuesAndGradients() {
    for type in [ElementType.float32, .float64] {
      let x = [random([5, 4]).cast(to: type), random([4, 4], seed: 2).cast(to: type)]
      func scalar(_ results: [Tensor]) -> Tensor { (results[0] * results[0]).sum() + exp(results[1]).sum() }
      let (value, gradients) = valueWithGradients(at: x) { scalar(checkpointed($0, Self.block)) }
      let (expected, plain) = valueWithGradients(at: x) { scalar(Self.block($0)) }
      XCTAssertEqual(value.doubles, expected.doubles)
      for (a, b) in zip(gradients, plain) { XCTAssertEqual(a.doubles, b.doubles) }
    }
  }

  func testChains() {
    let x = [random([5, 4]), random([4, 4], seed: 2) * 0.3]
    checkGradients("checkpointed", at: x) { x in
      let first = checkpointed(x, Self.block)[0]
      return checkpointed([first * 2, x[1]]) { [sigmoid($0[0]) + matmul($0[0], $0[1])] }[0]
    }
  }

  func testUntrackedInputsAreConstants() {
    let x = random([3, 2])
    let factor = random([2], seed: 3)
    let (_, gradients) = valueWithGradients(at: [x]) { checkpointed([$0[0], factor]) { [$0[0] * $0[1]] }[0].sum() }
    expectClose(gradients[0], factor.broadcast(to: [3, 2]), 1e-15, "gradient")
    XCTAssertFalse(checkpointed([x, factor]) { [$0[0] * $0[1]] }[0].isTracked)
  }

  func testPrecisionIsThatOfTheFirstTime() {
    let x = [random([4, 4]).cast(to: .float32), random([4, 4], seed: 2).cast(to: .float32)]
    func gradients(_ isCheckpointed: Bool) -> [Tensor] {
      let leaves = x.map { $0.tracked() }
      let value = Precision.$current.withValue(.bfloat16) {
        (isCheckpointed ? checkpointed(leaves, Self.block) : Self.block(leaves))[0].sum()
      }
      return Tensors.gradients(of: value, at: leaves)
    }
    for (a, b) in zip(gradients(true), gradients(false)) { XCTAssertEqual(a.doubles, b.doubles) }
  }

  func testLessMemory() {
    let x = [random([256, 64]).cast(to: .float32), random([64, 64], seed: 2).cast(to: .float32) * 0.1]
    func peak(_ function: ([Tensor]) -> [Tensor]) -> Int {
      MemoryPool.shared.resetPeak()
      let before = MemoryPool.shared.usage.inUse
      _ = valueWithGradients(at: x) { leaves in
        var y = leaves[0]
        for _ in 0..<32 { y = function([y, leaves[1]])[0] }
        return y.sum()
      }
      return MemoryPool.shared.usage.peak - before
    }
    let plain = peak(Self.block)
    let checkpointed = peak { Tensors.checkpointed($0, Self.block) }
    // 32 blocks keep about 7 tensors each, against one each and those of one block.
    XCTAssertLessThan(checkpointed * 3, plain)
  }
}
