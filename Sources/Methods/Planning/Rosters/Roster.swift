/// Who works when: the answer to a `RosterProblem`.
public struct Roster: Sendable, Hashable, Codable {
  /// People with the same shift on the same days.
  public struct Group: Sendable, Hashable, Codable {
    /// The shift type's name.
    public let type: String
    /// The interval in which the shift starts.
    public let start: Int
    /// The shift's length in intervals, the break included.
    public let length: Int
    /// The days that they work, from 0.
    public let days: [Int]
    /// How many people.
    public let count: Int
  }

  /// People with the same shift and the same break on one day.
  public struct Shift: Sendable, Hashable, Codable {
    /// The day, from 0.
    public let day: Int
    /// The shift type's name.
    public let type: String
    /// The interval in which the shift starts.
    public let start: Int
    /// The shift's length in intervals, the break included.
    public let length: Int
    /// The interval in which the break starts, counted like `start`; nil if there is none.
    public let breakStart: Int?
    /// How many people.
    public let count: Int
  }

  /// Cost by kind.
  public struct Cost: Sendable, Hashable, Codable {
    /// Paid time at the regular rate.
    public let regular: Double
    /// Overtime.
    public let overtime: Double
    /// What is paid per shift.
    public let shifts: Double
    /// Missing people.
    public let shortage: Double
    /// All of it.
    public var total: Double { regular + overtime + shifts + shortage }
  }

  /// The people by shift and working days.
  public let groups: [Group]
  /// The shifts of each day with their breaks.
  public let shifts: [Shift]
  /// Cost by kind.
  public let cost: Cost
  /// People at work by day and interval, those on a break not counted.
  public let cover: [[Int]]
  /// Missing scheduled people by day and interval.
  public let shortage: [[Double]]
  /// Person-hours at work beyond the need.
  public let idleHours: Double
  /// Person-hours that are missing.
  public let shortageHours: Double
  /// Person-hours that are paid.
  public let paidHours: Double
  /// How far the cost may be from the least one, relative to it.
  public let relativeGap: Double?

  /// The number of people.
  public var staff: Int { groups.reduce(0) { $0 + $1.count } }
}
