import Basics
import Evaluation
import Sequences

/// What was told of test units, beside how long they ran on.
public struct JudgedLives: Sendable {
  /// A row at which a unit's life is told.
  public struct Row: Sendable, Hashable {
    /// The position of the unit.
    public let unit: Int
    /// The predicted life.
    public let told: Double
    /// How long it ran on.
    public let life: Double
    /// The ends of the interval; not-a-number where there is none.
    public let lower: Double
    /// The upper end.
    public let upper: Double
  }

  /// The rows, by unit.
  public let rows: [Row]
  private let longest: Double

  /// The last row of units whose record was cut, and five rows of those that ran to their failure, drawn at random.
  ///
  /// - Parameters:
  ///   - units: The test units.
  ///   - told: The predicted life at each row.
  ///   - left: For each unit how long it ran on after its last row: 0 where it failed in it, not-a-number where nobody
  ///     knows.
  ///   - model: What told it.
  ///   - key: Draws rows.
  public init(_ units: UnitSequences, told: [Double], left: [Double], model: LifeModel, key: RandomKey) {
    var found: [(unit: Int, row: Int, life: Double)] = []
    for (position, unit) in units.units.enumerated() {
      let last = unit.rows.upperBound - 1
      if left[position] > 0 {
        found.append((position, last, left[position]))
      } else if left[position] == 0, unit.rows.count > 1 {
        var random = key[position].stream()
        for _ in 0..<5 {
          let row = unit.rows.lowerBound + random.integer(below: unit.rows.count - 1)
          found.append((position, row, units.times[last] - units.times[row]))
        }
      }
    }
    let values = found.map { told[$0.row] }
    let intervals = model.intervals?.intervals(for: values)
    rows = found.indices.map { index in
      Row(
        unit: found[index].unit, told: values[index], life: found[index].life,
        lower: intervals?.lower[index] ?? .nan, upper: intervals?.upper[index] ?? .nan)
    }
    longest = model.longestLife
  }

  /// The errors where lives longer than the longest that is told count as that.
  public var capped: LifeMeasures {
    LifeMeasures(predicted: rows.map(\.told), lives: rows.map { min($0.life, longest) })
  }

  /// The errors of whole lives.
  public var whole: LifeMeasures { LifeMeasures(predicted: rows.map(\.told), lives: rows.map(\.life)) }

  /// Whether there are intervals.
  public var hasIntervals: Bool { rows.contains { !$0.lower.isNaN } }

  /// The share of lives that their interval holds, with every unit counting once; rows of one unit resemble each other, so
  /// units are the trials of its interval. Not-a-number without intervals.
  public var coverage: Estimate {
    var held: [Int: (inside: Double, rows: Double)] = [:]
    for row in rows where !row.lower.isNaN {
      // An upper end at the longest life means "that or more".
      let isHeld = row.life >= row.lower && (row.life <= row.upper || row.upper >= longest)
      let known = held[row.unit] ?? (0, 0)
      held[row.unit] = (known.inside + (isHeld ? 1 : 0), known.rows + 1)
    }
    guard !held.isEmpty else { return Estimate(.nan) }
    let shares = held.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.inside / $1.value.rows }
    return wilsonInterval(successes: shares, trials: Double(held.count))
  }

  /// The mean width of the intervals; not-a-number without any.
  public var width: Double {
    let known = rows.filter { !$0.lower.isNaN }
    return known.isEmpty ? .nan : known.reduce(0) { $0 + $1.upper - $1.lower } / Double(known.count)
  }
}
