/// How the numbers of a window are made comparable with those of other windows and series before a global method sees
/// them; forecasts are taken back the same way.
///
/// A window's numbers x become (x - centre) / unit, both found from the window itself, never from what follows it
/// (reversible instance normalisation: Kim and others, "Reversible instance normalization for accurate time-series
/// forecasting against distribution shift", 2022).
public struct WindowScaling: Sendable, Codable, Hashable {
  /// What is subtracted.
  public enum Centre: String, Sendable, Codable, Hashable, CaseIterable {
    /// Nothing.
    case zero
    /// The window's mean.
    case mean
    /// The window's last value.
    case last
    /// The mean of the window's last season, the longest that fits; the mean of the window without seasons.
    case lastSeason
  }

  /// What is divided by.
  public enum Unit: String, Sendable, Codable, Hashable, CaseIterable {
    /// Nothing.
    case one
    /// The window's standard deviation.
    case deviation
    /// The mean of the window's sizes |x|.
    case level
    /// The mean size of the window's changes from one of the shortest seasons to the next, from step to step without
    /// seasons: what the mean absolute scaled error divides by.
    case seasonalChange
  }

  /// What is subtracted.
  public var centre: Centre
  /// What is divided by; never less than a small part of the series' own deviation.
  public var unit: Unit
  /// Whether logarithms are taken first; a series with numbers at or below zero is shifted above it.
  public var usesLogarithm: Bool
  /// Whether the mean of each position in the longest season that is there twice is subtracted last, and added again to
  /// the forecast.
  public var removesProfile: Bool

  /// Creates a scaling; mean and deviation unless given.
  public init(
    centre: Centre = .mean, unit: Unit = .deviation, usesLogarithm: Bool = false, removesProfile: Bool = false
  ) {
    self.centre = centre
    self.unit = unit
    self.usesLogarithm = usesLogarithm
    self.removesProfile = removesProfile
  }
}
