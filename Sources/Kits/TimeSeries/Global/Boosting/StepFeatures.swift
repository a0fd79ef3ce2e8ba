import Estimators

/// What boosting sees of a scaled window and a step ahead.
///
/// All numbers are in the window's unit, so that series of any size share the trees.
struct StepFeatures: Sendable {
  private let lookBack: Int
  /// The seasons of which the window holds one or more, ascending.
  private let seasons: [Int]
  /// The descriptions, in the order of the numbers.
  let features: [Feature]

  /// Lags of the last values.
  private static let last = 4
  /// Values a season or more before the step, per season.
  private static let cycles = 3

  init(lookBack: Int, seasons: [Int]) {
    self.lookBack = lookBack
    self.seasons = seasons.filter { $0 > 1 && $0 <= lookBack }
    var names = ["step", "linear forecast"]
    names += (1...Self.last).map { "value \($0) before" }
    names += ["mean of the last steps", "deviation of the last steps", "trend", "deviation", "relative size"]
    for season in self.seasons {
      names += (1...Self.cycles).map { "season \(season), cycle \($0) before" }
      names += ["between neighbours", "mean of the position", "mean of the last cycle", "change of the cycle"]
        .map { "season \(season), \($0)" }
      names += ["season \(season), similarity"]
    }
    features = names.map { Feature($0) }
  }

  /// Appends the numbers of some steps, row by row.
  ///
  /// - Parameters:
  ///   - window: The scaled window.
  ///   - linear: The linear map's answer, one number per step.
  ///   - relativeSize: The unit over the size of the series there.
  func append(
    _ window: UnsafePointer<Float>, linear: UnsafePointer<Float>, relativeSize: Float, steps: [Int],
    to rows: inout [Float]
  ) {
    let summary = WindowSummary(window, count: lookBack, seasons: seasons)
    for step in steps {
      rows.append(Float(step + 1))
      rows.append(linear[step])
      for lag in 1...Self.last { rows.append(lag <= lookBack ? window[lookBack - lag] : .nan) }
      rows += [summary.recentMean, summary.recentDeviation, summary.trend, summary.deviation, relativeSize]
      for (position, season) in seasons.enumerated() {
        // The latest known step at the same position of the season.
        let latest = lookBack + step - (step / season + 1) * season
        for cycle in 0..<Self.cycles {
          let at = latest - cycle * season
          rows.append(at >= 0 ? window[at] : .nan)
        }
        let (before, after) = (max(latest - 1, 0), min(latest + 1, lookBack - 1))
        rows.append((window[before] + window[after]) / 2)
        var (sum, count) = (Float(0), Float(0))
        for at in stride(from: latest, through: 0, by: -season) {
          sum += window[at]
          count += 1
        }
        rows.append(count > 0 ? sum / count : .nan)
        rows += [summary.cycleMeans[position], summary.cycleChanges[position], summary.similarities[position]]
      }
    }
  }
}

/// What is the same for all steps of a window.
struct WindowSummary {
  private(set) var recentMean: Float = 0
  private(set) var recentDeviation: Float = 0
  private(set) var trend: Float = 0
  private(set) var deviation: Float = 0
  private(set) var cycleMeans: [Float] = []
  private(set) var cycleChanges: [Float] = []
  private(set) var similarities: [Float] = []

  init(_ window: UnsafePointer<Float>, count: Int, seasons: [Int]) {
    let recent = max(2, min(count, seasons.first ?? 8))
    (recentMean, recentDeviation) = Self.moments(window + count - recent, recent)
    let half = count / 2
    trend = Self.moments(window + count - half, half).mean - Self.moments(window, half).mean
    deviation = Self.moments(window, count).deviation
    for season in seasons {
      let last = Self.moments(window + count - season, season).mean
      cycleMeans.append(last)
      let before = count - 2 * season
      cycleChanges.append(before >= 0 ? last - Self.moments(window + before, season).mean : .nan)
      var (same, all) = (Float(0), Float(0))
      let mean = Self.moments(window, count).mean
      for at in season..<max(count, season) {
        same += (window[at] - mean) * (window[at - season] - mean)
        all += (window[at] - mean) * (window[at] - mean)
      }
      similarities.append(all > 0 ? same / all : .nan)
    }
  }

  private static func moments(_ x: UnsafePointer<Float>, _ count: Int) -> (mean: Float, deviation: Float) {
    guard count > 0 else { return (0, 0) }
    var sum: Float = 0
    for i in 0..<count { sum += x[i] }
    let mean = sum / Float(count)
    var squares: Float = 0
    for i in 0..<count { squares += (x[i] - mean) * (x[i] - mean) }
    return (mean, (squares / Float(count)).squareRoot())
  }
}
