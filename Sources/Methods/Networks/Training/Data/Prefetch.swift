import Kernels

/// Prepares values on other threads ahead of their use, at most some at a time, and hands them over in order.
///
/// The child tasks end before this function does, whether it returns, throws or is cancelled. An error surfaces in the
/// place of the value that could not be prepared, so what happens before it does not depend on how far ahead it was.
///
/// - Parameters:
///   - numbers: What is prepared, in the order of use.
///   - ahead: How many values may be ready or in preparation while one is used, at least 1.
///   - prepare: Makes the value of a number.
///   - use: Takes the values one by one; false ends the work.
func withPrefetched<Value: Sendable>(
  _ numbers: Range<Int>, ahead: Int, prepare: @escaping @Sendable (Int) throws -> Value,
  use: (Int, Value) throws -> Bool
) async throws {
  try await withThrowingTaskGroup(of: (number: Int, value: Result<Value, any Error>).self) { group in
    var next = numbers.lowerBound
    var ready: [Int: Result<Value, any Error>] = [:]
    defer { group.cancelAll() }
    for number in numbers {
      while next < numbers.upperBound, next <= number + max(ahead, 1) {
        let added = next
        group.addTask {
          // One thread each: the pool of threads belongs to the step of training that runs meanwhile.
          (
            added,
            Result { try Task.isCancelled ? throwCancellation() : Compute.$threads.withValue(1) { try prepare(added) } }
          )
        }
        next += 1
      }
      while ready[number] == nil, let finished = try await group.next() { ready[finished.number] = finished.value }
      guard let value = ready.removeValue(forKey: number), try use(number, value.get()) else { return }
    }
  }
}

private func throwCancellation<Value>() throws -> Value { throw CancellationError() }
