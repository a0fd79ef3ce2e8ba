import Basics
import Foundation
import Synchronization

/// Memory that tensors give back and take again, so that a training step asks the system for nothing.
///
/// Blocks have sizes of four steps per power of two (at most a quarter is unused), are aligned to 64 bytes, and have 64
/// readable bytes behind their end. What is kept for reuse is bounded by `cacheLimit`; beyond, blocks go back to the
/// system at once.
public final class MemoryPool: Sendable {
  /// The pool that all tensors use.
  public static let shared = MemoryPool()

  /// What the pool holds, in bytes.
  public struct Usage: Sendable {
    /// Bytes in tensors that live.
    public var inUse = 0
    /// Bytes kept for reuse.
    public var cached = 0
    /// The most bytes that were in use at one time since the last `resetPeak()`.
    public var peak = 0
  }

  private struct State {
    var free: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: 256)
    var usage = Usage()
    var cacheLimit = 2 << 30
  }

  private let state = Mutex(State())

  /// What is used and kept now.
  public var usage: Usage { state.withLock { $0.usage } }

  /// The most bytes kept for reuse; 2 GiB unless set.
  public var cacheLimit: Int {
    get { state.withLock { $0.cacheLimit } }
    set {
      let exceeds = state.withLock { state in
        state.cacheLimit = newValue
        return state.usage.cached > newValue
      }
      if exceeds { trim() }
    }
  }

  /// Makes the peak the memory in use now.
  public func resetPeak() { state.withLock { $0.usage.peak = $0.usage.inUse } }

  /// Gives everything that is kept for reuse back to the system.
  public func trim() {
    let blocks = state.withLock { state in
      defer {
        for index in state.free.indices { state.free[index].removeAll() }
        state.usage.cached = 0
      }
      return Blocks(pointers: state.free.flatMap { $0 })
    }
    for block in blocks.pointers { free(block) }
  }

  private struct Blocks: @unchecked Sendable { var pointers: [UnsafeMutableRawPointer] }

  /// A block of memory with its size class; it belongs to whoever took it, until it is given back once.
  package struct Block: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    let sizeClass: Int
  }

  /// Takes a block of at least `byteCount` bytes, or nil if the system has none; its content is not defined.
  package func take(_ byteCount: Int) -> Block? {
    let (sizeClass, size) = Self.sizeClass(byteCount)
    let reused: Block? = state.withLock { state in
      state.usage.inUse += size
      if state.usage.inUse > state.usage.peak { state.usage.peak = state.usage.inUse }
      guard let pointer = state.free[sizeClass].popLast() else { return nil }
      state.usage.cached -= size
      return Block(pointer: pointer, sizeClass: sizeClass)
    }
    if let reused { return reused }
    var pointer: UnsafeMutableRawPointer?
    if size < Int.max / 2, posix_memalign(&pointer, 64, size + 64) == 0, let pointer {
      return Block(pointer: pointer, sizeClass: sizeClass)
    }
    state.withLock { $0.usage.inUse -= size }
    return nil
  }

  /// Gives a block back.
  package func give(_ block: Block) {
    let size = Self.size(of: block.sizeClass)
    let isKept = state.withLock { state in
      state.usage.inUse -= size
      guard state.usage.cached + size <= state.cacheLimit else { return false }
      state.usage.cached += size
      state.free[block.sizeClass].append(block.pointer)
      return true
    }
    if !isKept { free(block.pointer) }
  }

  /// The class of a size and the bytes that its blocks have: (4 ... 7) * 2^k, at least 64.
  private static func sizeClass(_ byteCount: Int) -> (index: Int, size: Int) {
    let wanted = max(byteCount, 64)
    let exponent = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let shift = max(exponent - 2, 0)
    let quarters = ((wanted - 1) >> shift) + 1
    let index = quarters == 8 ? (shift + 1) * 4 : shift * 4 + quarters - 4
    return (min(index, 255), quarters << shift)
  }

  private static func size(of sizeClass: Int) -> Int { (4 + sizeClass % 4) << (sizeClass / 4) }
}
