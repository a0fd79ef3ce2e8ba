import Basics
import Synchronization

/// A forecaster of any type that can be written and read: what combinations and settings hold.
///
/// A type of another module must be made known by `register(_:)` before it is read.
public struct AnyForecaster: Forecaster {
  /// The method.
  public let base: any Forecaster

  /// Wraps a method.
  public init(_ base: any Forecaster) {
    self.base = (base as? AnyForecaster)?.base ?? base
  }

  /// The name of the method.
  public var name: String { base.name }

  /// Learns from one series as the method does.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try base.fit(series, request: request, covariates: covariates)
  }

  private static let known = Mutex<[String: any Forecaster.Type]>(
    Dictionary(uniqueKeysWithValues: builtIn.map { (String(describing: $0), $0) }))

  /// Makes types known, by their names, to reading.
  public static func register(_ types: (any Forecaster.Type)...) {
    known.withLock { table in for type in types { table[String(describing: type)] = type } }
  }

  private enum CodingKeys: String, CodingKey { case type, settings }

  /// Reads the name of the type and its settings.
  ///
  /// - Throws: `configuration` for a type that is not known.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    guard let found = Self.known.withLock({ $0[type] }) else {
      throw AssayError(
        .configuration, "there is no forecaster \"\(type)\"",
        remedy: "known are \(Self.known.withLock { $0.keys.sorted().joined(separator: ", ") })")
    }
    base = try found.init(from: container.superDecoder(forKey: .settings))
  }

  /// Writes the name of the type and its settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(String(describing: type(of: base)), forKey: .type)
    try base.encode(to: container.superEncoder(forKey: .settings))
  }
}
