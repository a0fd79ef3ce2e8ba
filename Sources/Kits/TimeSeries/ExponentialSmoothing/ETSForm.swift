import Basics

/// Which exponential smoothing model: error, trend and season, in the notation of Hyndman, Koehler, Snyder and Grose
/// (2002): "ETS(M,Ad,A)".
public struct ETSForm: Sendable, Hashable, Codable, CustomStringConvertible {
  /// How an error acts.
  public enum Error: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its size does not depend on the level.
    case additive = "A"
    /// Its size is proportional to what is expected; needs positive values.
    case multiplicative = "M"
  }

  /// How the level goes on.
  public enum Trend: String, Sendable, Hashable, Codable, CaseIterable {
    /// It stays.
    case none = "N"
    /// It goes on by its slope.
    case additive = "A"
    /// It goes on by its slope, which fades.
    case damped = "Ad"
  }

  /// How the season acts.
  public enum Season: String, Sendable, Hashable, Codable, CaseIterable {
    /// There is none.
    case none = "N"
    /// It is added.
    case additive = "A"
    /// It multiplies; needs positive values.
    case multiplicative = "M"
  }

  /// How an error acts.
  public var error: Error
  /// How the level goes on.
  public var trend: Trend
  /// How the season acts.
  public var season: Season

  /// Creates a form.
  public init(_ error: Error, _ trend: Trend, _ season: Season) {
    self.error = error
    self.trend = trend
    self.season = season
  }

  /// Reads "ANN", "MAdM" or "ETS(A,Ad,N)".
  ///
  /// - Throws: `configuration` for anything else.
  public init(_ text: String) throws {
    let letters = text.replacingETS
    for form in Self.all where letters == form.letters {
      self = form
      return
    }
    throw AssayError(
      .configuration, "\"\(text)\" is not an exponential smoothing model",
      remedy: "write error, trend and season, such as ANN, AAdA or MAM")
  }

  /// All eighteen forms.
  public static let all: [ETSForm] = Error.allCases.flatMap { error in
    Trend.allCases.flatMap { trend in Season.allCases.map { ETSForm(error, trend, $0) } }
  }

  /// Whether its forecasts have a finite variance and its likelihood no poles: additive errors with a multiplicative
  /// season have neither and are never chosen automatically (Hyndman, Koehler, Ord and Snyder 2008, section 5.7).
  public var isStable: Bool { !(error == .additive && season == .multiplicative) }

  /// Whether a value at or below zero makes it impossible.
  public var needsPositiveValues: Bool { error == .multiplicative || season == .multiplicative }

  /// "ETS(A,Ad,M)".
  public var description: String { "ETS(\(error.rawValue),\(trend.rawValue),\(season.rawValue))" }

  private var letters: String { error.rawValue + trend.rawValue + season.rawValue }

  /// The numbers estimated from a series: smoothing parameters, initial states and the errors' variance.
  func parameterCount(season length: Int) -> Int {
    let smoothing = 1 + (trend == .none ? 0 : 1) + (trend == .damped ? 1 : 0) + (season == .none ? 0 : 1)
    return smoothing + 1 + (trend == .none ? 0 : 1) + (season == .none ? 0 : length - 1) + 1
  }
}

extension String {
  fileprivate var replacingETS: String {
    let inside = hasPrefix("ETS(") && hasSuffix(")") ? String(dropFirst(4).dropLast()) : self
    return String(inside.filter { $0 != "," && $0 != " " })
  }
}
