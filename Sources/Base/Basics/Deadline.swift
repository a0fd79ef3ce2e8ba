/// A moment on the monotonic clock by which work should end.
public struct Deadline: Sendable {
  /// The moment; nil means there is no limit.
  public let instant: ContinuousClock.Instant?

  /// No limit.
  public static let never = Deadline(instant: nil)

  /// A deadline that many seconds from now.
  public init(after seconds: Double) {
    instant = ContinuousClock.now + .seconds(seconds)
  }

  private init(instant: ContinuousClock.Instant?) { self.instant = instant }

  /// Seconds left, not below zero; infinity if there is no limit.
  public var secondsLeft: Double {
    guard let instant else { return .infinity }
    return max(0, seconds(ContinuousClock.now.duration(to: instant)))
  }

  /// Whether the moment is past.
  public var hasPassed: Bool { secondsLeft <= 0 }

  /// The earlier of this deadline and one that many seconds from now.
  public func earlier(after seconds: Double) -> Deadline {
    seconds < secondsLeft ? Deadline(after: seconds) : self
  }
}

/// A duration in seconds.
public func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}
