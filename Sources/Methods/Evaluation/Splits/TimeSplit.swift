import Basics
import Tables

extension Split {
  static func timeHoldout(times: [Double], testShare: Double, gap: Double) throws -> Split {
    let starts = try blockStarts(times: times, shares: [1 - testShare])
    let fold = timeFold(times: times, from: starts[0], until: .infinity, gap: gap)
    guard !fold.training.isEmpty else { throw noTraining(gap: gap) }
    let share = Double(fold.test.count) / Double(times.count)
    return Split(
      folds: [fold],
      description: "by time, the last \(percent(share)) of the rows are the test" + words(gap: gap),
      warnings: abs(share - testShare) > 0.1
        ? ["rows of one time stay together, so \(percent(share)) of the rows are the test, not \(percent(testShare))"]
        : [])
  }

  /// Cross-validation over time (rolling origin, Tashman 2000): the rows in time order are cut into `count` + 1 blocks;
  /// each block after the first is measured once, learning from all rows before it, less the gap.
  ///
  /// - Throws: `data` if there are too few distinct times, times are missing, or the gap leaves nothing to learn from.
  public static func rollingOrigin(_ count: Int, times: [Double], gap: Double = 0) throws -> Split {
    let starts = try blockStarts(times: times, shares: (1...max(1, count)).map { Double($0) / Double(count + 1) })
    let folds = starts.indices.map { block in
      timeFold(
        times: times, from: starts[block], until: block + 1 < starts.count ? starts[block + 1] : .infinity, gap: gap)
    }
    guard folds.allSatisfy({ !$0.training.isEmpty }) else { throw noTraining(gap: gap) }
    return Split(folds: folds, description: "rolling origin, \(count) blocks in time order" + words(gap: gap))
  }

  /// Rows measured from `start` until before `end`, learning from rows before `start` less the gap.
  private static func timeFold(times: [Double], from start: Double, until end: Double, gap: Double) -> Fold {
    Fold(
      training: times.indices.filter { times[$0] < start && times[$0] <= start - gap },
      test: times.indices.filter { times[$0] >= start && times[$0] < end })
  }

  /// The times at which blocks begin, each the boundary between two distinct times nearest to a share of the rows;
  /// rising, with rows before the first.
  private static func blockStarts(times: [Double], shares: [Double]) throws -> [Double] {
    let missing = times.count { $0.isNaN }
    guard missing == 0 else {
      throw AssayError(
        .data, "\(missing) row\(missing == 1 ? " has" : "s have") no time", at: "--time",
        remedy: "fill the column in, or remove these rows")
    }
    let sorted = times.sorted()
    // Positions at which a new time begins.
    let boundaries = sorted.indices.dropFirst().filter { sorted[$0] != sorted[$0 - 1] }
    guard boundaries.count >= shares.count else {
      throw AssayError(
        .data,
        "the time column has \(boundaries.count + 1) distinct value\(boundaries.isEmpty ? "" : "s"), "
          + "\(shares.count + 1) are needed", at: "--time", remedy: "choose another time column or fewer folds")
    }
    var starts: [Double] = []
    var next = 0
    for (index, share) in shares.enumerated() {
      let wanted = share * Double(sorted.count)
      // Later blocks need a boundary each.
      let last = boundaries.count - (shares.count - index)
      var best = next
      while best < last, abs(Double(boundaries[best + 1]) - wanted) <= abs(Double(boundaries[best]) - wanted) {
        best += 1
      }
      starts.append(sorted[boundaries[best]])
      next = best + 1
    }
    return starts
  }

  private static func noTraining(gap: Double) -> AssayError {
    AssayError(.data, "the gap of \(gap) before the test leaves no rows to learn from", remedy: "make the gap smaller")
  }

  private static func words(gap: Double) -> String { gap > 0 ? ", with a gap before it" : "" }
}
