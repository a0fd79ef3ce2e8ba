import Basics

/// Which windows of a panel are learned from, and which judge.
struct WindowPlan: Sendable {
  /// The origins of one series: `range` in the distance of one step.
  struct Origins: Sendable {
    let series: Int
    let range: ClosedRange<Int>
  }

  /// The origins to learn from, by series; series with none are left out.
  let training: [Origins]
  /// The windows that judge, of the last steps, whose targets no window for training sees.
  let validation: [Window]

  /// Plans windows.
  ///
  /// - Parameters:
  ///   - reach: Only so many of the latest origins of a series are learned from; nil for all.
  ///   - validationShare: The share of each series, from its end, that judges, at least the horizon; 0 for none.
  ///   - judged: About how many windows judge in all.
  /// - Throws: `data` where no series is long enough.
  init(_ panel: WindowPanel, horizon: Int, reach: Int?, validationShare: Double, judged: Int) throws {
    func held(_ count: Int) -> Int { max(horizon, Int(validationShare * Double(count))) }
    let candidates = panel.entries.reduce(0) { $0 + held($1.count) - horizon + 1 }
    let spacing = max(1, candidates / max(judged, 1))
    var training: [Origins] = []
    var validation: [Window] = []
    for (position, entry) in panel.entries.enumerated() {
      guard entry.count >= 2 else { continue }
      // Short series are learned from with a padded beginning, the shortest with a target that is known in part.
      func first(_ count: Int) -> Int {
        count >= panel.lookBack + horizon ? panel.lookBack : max(1, count > horizon ? count - horizon : count / 2)
      }
      var end = entry.count
      let held = held(entry.count)
      if validationShare > 0, entry.count >= held + horizon + 2 {
        end = entry.count - held
        validation += stride(from: entry.count - horizon, through: end, by: -spacing).reversed().map {
          Window(series: position, origin: $0)
        }
      }
      let start = first(end)
      let last = max(start, end - horizon)
      training.append(Origins(series: position, range: max(start, last - (reach ?? last) + 1)...last))
    }
    guard !training.isEmpty else {
      throw AssayError(
        .data, "no series has two values or more", remedy: "give series with a past to learn from")
    }
    self.training = training
    self.validation = validation
  }

  /// How many windows there are to learn from.
  var trainingCount: Int { training.reduce(0) { $0 + $1.range.count } }

  /// The windows to learn from, thinned evenly to about a number of them, the latest of each series kept.
  func windows(limit: Int) -> [Window] {
    let step = max(1, (trainingCount + limit - 1) / max(limit, 1))
    return training.flatMap { origins in
      stride(from: origins.range.upperBound, through: origins.range.lowerBound, by: -step).map {
        Window(series: origins.series, origin: $0)
      }
    }
  }

  /// Windows drawn with replacement: a series, each equally likely, then one of its origins.
  func draw(_ count: Int, key: RandomKey) -> [Window] {
    var stream = key.stream()
    return (0..<count).map { _ in
      let origins = training[stream.integer(below: training.count)]
      return Window(
        series: origins.series, origin: origins.range.lowerBound + stream.integer(below: origins.range.count))
    }
  }
}
