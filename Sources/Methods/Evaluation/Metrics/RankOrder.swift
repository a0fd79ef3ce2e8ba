/// The positions of `scores` from the highest to the lowest; equal scores keep their order.
///
/// Scores must not be NaN. O(n): a radix sort of the bit patterns, exact for every double (-0 and 0 are equal).
public func descendingOrder(of scores: [Double]) -> [Int32] {
  let count = scores.count
  if count < 1024 {
    return (0..<Int32(count)).sorted { a, b in
      let x = scores[Int(a)]
      let y = scores[Int(b)]
      return x > y || (x == y && a < b)
    }
  }
  // A key whose unsigned order is the descending order of the doubles.
  var keys = scores.map { score -> UInt64 in
    let bits = (score + 0).bitPattern
    return bits >> 63 == 1 ? bits : ~bits & 0x7FFF_FFFF_FFFF_FFFF
  }
  var order = Array(0..<Int32(count))
  var nextKeys = [UInt64](repeating: 0, count: count)
  var nextOrder = [Int32](repeating: 0, count: count)
  let bits = 11
  for shift in stride(from: 0, to: 64, by: bits) {
    var starts = [Int](repeating: 0, count: 1 << bits)
    let mask = UInt64((1 << bits) - 1)
    for key in keys { starts[Int((key >> UInt64(shift)) & mask)] += 1 }
    if starts.contains(count) { continue }  // one digit for all
    var total = 0
    for digit in starts.indices {
      let size = starts[digit]
      starts[digit] = total
      total += size
    }
    keys.withUnsafeBufferPointer { keys in
      order.withUnsafeBufferPointer { order in
        nextKeys.withUnsafeMutableBufferPointer { nextKeys in
          nextOrder.withUnsafeMutableBufferPointer { nextOrder in
            starts.withUnsafeMutableBufferPointer { starts in
              for i in 0..<count {
                let digit = Int((keys[i] >> UInt64(shift)) & mask)
                let place = starts[digit]
                starts[digit] = place + 1
                nextKeys[place] = keys[i]
                nextOrder[place] = order[i]
              }
            }
          }
        }
      }
    }
    swap(&keys, &nextKeys)
    swap(&order, &nextOrder)
  }
  return order
}
