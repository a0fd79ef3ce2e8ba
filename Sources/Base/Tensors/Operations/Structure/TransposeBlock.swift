/// Writes a small matrix transposed: row r, column c of the source becomes row c, column r of the target.
///
/// Squares of 16 x 16 words of four bytes are read and written a whole cache line at a time, so that matrices whose rows
/// lie a power of two apart do not fall onto the same few lines of the cache.
///
/// - Parameters:
///   - sourceStep: From one row of the source to the next, in words.
///   - targetStep: From one row of the target to the next.
///   - rows: Rows of the source.
///   - columns: Columns of the source.
@inline(__always)
func transposeBlock<Word: BitwiseCopyable>(
  _ source: UnsafePointer<Word>, _ sourceStep: Int, _ target: UnsafeMutablePointer<Word>, _ targetStep: Int,
  rows: Int, columns: Int
) {
  let side = 16
  let (wholeRows, wholeColumns) = (rows / side * side, columns / side * side)
  for column in stride(from: 0, to: wholeColumns, by: side) {
    for row in stride(from: 0, to: wholeRows, by: side) {
      let (from, to) = (source + row * sourceStep + column, target + column * targetStep + row)
      if MemoryLayout<Word>.size == 4 {
        transposeTile(
          UnsafeRawPointer(from).assumingMemoryBound(to: UInt32.self), sourceStep,
          UnsafeMutableRawPointer(to).assumingMemoryBound(to: UInt32.self), targetStep)
      } else {
        for c in 0..<side { for r in 0..<side { to[c * targetStep + r] = from[r * sourceStep + c] } }
      }
    }
  }
  for c in 0..<columns {
    for r in (c < wholeColumns ? wholeRows : 0)..<rows { target[c * targetStep + r] = source[r * sourceStep + c] }
  }
}

/// A square of 16 x 16 words, by way of a buffer that holds four columns of squares of 4 x 4.
private func transposeTile(
  _ source: UnsafePointer<UInt32>, _ sourceStep: Int, _ target: UnsafeMutablePointer<UInt32>, _ targetStep: Int
) {
  withUnsafeTemporaryAllocation(of: SIMD4<UInt32>.self, capacity: 64) { buffer in
    for row in 0..<16 {
      let from = UnsafeRawPointer(source + row * sourceStep)
      for quarter in 0..<4 {
        buffer[quarter * 16 + row] = from.loadUnaligned(fromByteOffset: quarter * 16, as: SIMD4<UInt32>.self)
      }
    }
    for quarter in 0..<4 {
      let to = UnsafeMutableRawPointer(target + quarter * 4 * targetStep)
      let step = targetStep * 4
      for group in 0..<4 {
        let start = quarter * 16 + group * 4
        let upper = SIMD8(lowHalf: buffer[start], highHalf: buffer[start + 1])
        let lower = SIMD8(lowHalf: buffer[start + 2], highHalf: buffer[start + 3])
        let even = SIMD8(lowHalf: upper.evenHalf, highHalf: lower.evenHalf)
        let odd = SIMD8(lowHalf: upper.oddHalf, highHalf: lower.oddHalf)
        to.storeBytes(of: even.evenHalf, toByteOffset: group * 16, as: SIMD4<UInt32>.self)
        to.storeBytes(of: odd.evenHalf, toByteOffset: step + group * 16, as: SIMD4<UInt32>.self)
        to.storeBytes(of: even.oddHalf, toByteOffset: 2 * step + group * 16, as: SIMD4<UInt32>.self)
        to.storeBytes(of: odd.oddHalf, toByteOffset: 3 * step + group * 16, as: SIMD4<UInt32>.self)
      }
    }
  }
}
