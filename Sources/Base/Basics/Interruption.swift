import Synchronization

/// A switch that long work looks at between steps: set by Ctrl-C or by a caller that no longer wants the result.
///
/// Unlike `Task.isCancelled` it can be read from any thread, and what was finished before it was set stays valid.
public final class Interruption: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A switch that is off.
  public init() {}

  /// Whether the work should stop at the next safe point.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Asks the work to stop; callable from a signal handler.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Throws a `cancelled` error if the switch is set.
  public func check() throws {
    if isRequested { throw AssayError(.cancelled, "the work was interrupted") }
  }
}
