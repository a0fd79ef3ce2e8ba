import Basics

/// Memory of a fixed number of plain values, aligned to a cache line, for kernels that several threads fill.
///
/// The owner decides which task writes which part; 64 bytes behind the last value are readable and writable, so that
/// kernels may use whole vectors at the end.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// The number of values.
  public let count: Int
  /// The first value; valid as long as the buffer lives.
  public let pointer: UnsafeMutablePointer<Element>
  @usableFromInline let memory: UnsafeMutableRawPointer
  /// What the memory belongs to; nil if it is the buffer's own.
  @usableFromInline let owner: MappedMemory?

  /// Memory for `count` values; its content is not defined unless `filledWith` says it.
  @inlinable
  public init(count: Int, filledWith value: Element? = nil) {
    self.count = count
    owner = nil
    memory = .allocate(byteCount: count * MemoryLayout<Element>.stride + 64, alignment: 64)
    pointer = memory.bindMemory(to: Element.self, capacity: count)
    if let value { pointer.update(repeating: value, count: count) }
  }

  /// A copy of values.
  @inlinable
  public convenience init(_ values: [Element]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { if let base = $0.baseAddress { pointer.update(from: base, count: values.count) } }
  }

  /// Values that lie in mapped memory, 0 until they are written.
  ///
  /// - Parameter offset: where the first value lies, a multiple of 64; 64 bytes must follow the last one.
  public init(count: Int, in mapped: MappedMemory, at offset: Int) {
    precondition(
      offset % 64 == 0 && offset + count * MemoryLayout<Element>.stride + 64 <= mapped.byteCount,
      "AlignedBuffer: \(count) values at \(offset) of \(mapped.byteCount) bytes")
    self.count = count
    owner = mapped
    memory = mapped.pointer + offset
    pointer = memory.bindMemory(to: Element.self, capacity: count)
  }

  deinit { if owner == nil { memory.deallocate() } }

  /// The value at a position, which must be below `count`.
  @inlinable
  public subscript(_ index: Int) -> Element {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }

  /// The values as an array.
  @inlinable
  public var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
