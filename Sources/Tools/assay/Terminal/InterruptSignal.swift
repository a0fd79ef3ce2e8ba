import Basics
@preconcurrency import Dispatch
import Foundation

/// Turns Ctrl-C into a request to stop at the next safe point; a second Ctrl-C ends the program at once.
final class InterruptSignal: Sendable {
  /// What long work looks at.
  let interruption = Interruption()
  private let source: any DispatchSourceSignal

  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    let interruption = interruption
    source.setEventHandler {
      if interruption.isRequested { Foundation.exit(130) }
      interruption.request()
      standardError("\nstopping: what is finished is kept and reported (Ctrl-C again to end at once)")
    }
    source.resume()
  }
}
