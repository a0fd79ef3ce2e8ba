import Basics
import Tables

/// A 64-bit hash per row, equal where values are, also between tables: numbers by value whatever their type, texts and
/// categories by their bytes, missing values alike.
func valueHashes(of column: Column) -> [UInt64] {
  let missing: UInt64 = 0x6D69_7373_696E_6721
  switch column.values {
  case .text(let values):
    return values.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      return (0..<values.count).map { row in
        defer { start = values.ends[row] }
        return values.isMissing(row) ? missing : hash(bytes[start..<values.ends[row]])
      }
    }
  case .category(let values):
    let levels = values.levels.map { level in Array(level.utf8).withUnsafeBufferPointer { hash($0[...]) } }
    return values.codes.map { $0 < 0 ? missing : levels[Int($0)] }
  default:
    return column.numbers().map { $0.isNaN ? missing : RandomKey.mix(($0 + 0).bitPattern) }
  }
}

/// FNV-1a over the bytes, mixed.
func hash(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
  var result: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { result = (result ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  return RandomKey.mix(result)
}
