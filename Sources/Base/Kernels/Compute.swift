import CKernels
import Foundation

/// How numeric work is run: settings of the current task, inherited by what it starts.
public enum Compute {
  /// The threads that one operation may use; all processors unless set with `Compute.$threads.withValue(1) { ... }`.
  ///
  /// Results do not depend on it: sums run over fixed parts.
  @TaskLocal public static var threads = ProcessInfo.processInfo.activeProcessorCount

  /// The threads to reckon with, at least one.
  package static var workers: Int { max(1, threads) }
}

/// Runs `body` for `0 ..< count`, each once, on up to `Compute.threads` threads of the pool, and returns when all are done.
///
/// Meant for the inside of operations, which follow each other closely; a call costs about a microsecond. Which thread
/// runs which task is not defined, so a result must not depend on it.
public func forEachTask(_ count: Int, _ body: (Int) -> Void) {
  let threads = count <= 1 ? 1 : Compute.workers
  if threads <= 1 {
    for index in 0..<max(count, 0) { body(index) }
    return
  }
  withoutActuallyEscaping(body) { escaping in
    var context = escaping
    withUnsafeMutablePointer(to: &context) { pointer in
      assay_parallel(
        count, Int32(threads),
        { context, index in
          if let context { context.assumingMemoryBound(to: ((Int) -> Void).self).pointee(index) }
        }, pointer)
    }
  }
}

/// Cuts `0 ..< count` into parts of about `grain` and runs them as tasks; see `forEachTask`. The cuts depend on the
/// numbers given alone, never on the threads.
///
/// - Parameter multiple: the parts begin at multiples of it.
@inlinable
public func forEachPart(of count: Int, grain: Int, multiple: Int = 1, _ body: (Range<Int>) -> Void) {
  guard count > 0 else { return }
  let size = max(1, (max(grain, 1) + multiple - 1) / multiple) * multiple
  if count <= size { return body(0..<count) }
  let parts = (count + size - 1) / size
  forEachTask(parts) { part in body(part * size..<min(count, (part + 1) * size)) }
}
