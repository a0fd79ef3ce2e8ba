import Dispatch
import Synchronization

/// Runs `body(0) ..< body(count)` on up to `threads` threads and returns when all are done.
///
/// Tasks are handed out one by one, so a thread that is slowed down by another program takes fewer of them; waiting
/// threads sleep. The order is not defined: a result must not depend on it. Cost: some microseconds per call.
public func parallel(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  let workers = min(count, max(1, threads))
  if workers <= 1 {
    for index in 0..<max(0, count) { body(index) }
    return
  }
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }
}

/// The results of `body(0) ..< body(count)` in order, computed on up to `threads` threads.
public func parallelMap<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  let results = Mutex<[Value?]>(Array(repeating: nil, count: max(0, count)))
  parallel(count, threads: threads) { index in
    let value = body(index)
    results.withLock { $0[index] = value }
  }
  return results.withLock { $0.compactMap { $0 } }
}
