/// How demand is laid out before it is forecast.
public struct DemandSettings: Sendable {
  /// The steps that are planned for.
  public var horizon: Int
  /// The lengths of seasons in steps, ascending; the usual ones of the step where there are none.
  public var seasons: [Int]
  /// Whether steps of the week at which it is always closed are left out, and days without any demand are unknown.
  public var leavesOutClosedSteps: Bool
  /// Countries, dates such as 2025-12-24, or files of dates, with commas between them; empty where there are no holidays.
  public var holidays: String
  /// The folder in which files of holidays are.
  public var folder: String
  /// Where the holidays were given, for errors.
  public var holidaysPlace: String
  /// Where the data came from, for errors.
  public var source: String

  /// Settings for a horizon.
  public init(
    horizon: Int, seasons: [Int] = [], leavesOutClosedSteps: Bool = false, holidays: String = "", folder: String = ".",
    holidaysPlace: String = "holidays", source: String = "demand"
  ) {
    self.horizon = horizon
    self.seasons = seasons
    self.leavesOutClosedSteps = leavesOutClosedSteps
    self.holidays = holidays
    self.folder = folder
    self.holidaysPlace = holidaysPlace
    self.source = source
  }
}
