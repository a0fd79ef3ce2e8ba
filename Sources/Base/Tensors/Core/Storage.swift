import Basics
import Kernels

/// Memory of one or more tensors; given back to the pool with the last of them.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  /// What was asked for, in bytes.
  package let byteCount: Int
  private let block: MemoryPool.Block

  /// Memory whose content is not defined. Stops where the system has none.
  package init(byteCount: Int, for operation: String) {
    guard let block = MemoryPool.shared.take(byteCount) else {
      stop(operation, "no memory for a tensor of \(byteCount) bytes")
    }
    self.block = block
    self.byteCount = byteCount
    pointer = block.pointer
  }

  deinit { MemoryPool.shared.give(block) }

  /// Stands for data that are no longer needed.
  package static let released = Storage(byteCount: 0, for: "tensor")
}
