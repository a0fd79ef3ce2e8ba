import Basics
import Foundation
import Kernels

/// Bends a linear map that was learned from all series towards one series: the series' own windows are fitted by ridge
/// regression whose penalty pulls to the common map instead of to zero.
///
/// For a window q of the series, with its past windows Z, what the common map leaves there R, and penalty p, the answer
/// is changed by R' Z (Z' Z + p I)^-1 q, found from the smaller of Z' Z and Z Z'.
struct SeriesAdaptation: Sendable {
  let reader: WindowReader
  let map: LinearMap

  /// The most windows of a series; more are thinned evenly, the latest kept.
  private static let limit = 600

  /// The changes of the map's answers.
  ///
  /// - Parameters:
  ///   - series: The position in the panel.
  ///   - end: Only targets before this step are known.
  ///   - queries: Scaled windows, [count, look-back].
  ///   - penalties: In mean squares of an input per window.
  /// - Returns: By penalty, by query: [count, horizon]; empty where the series has no two windows of its own.
  func changes(
    series: Int, end: Int, queries: UnsafePointer<Float>, count: Int, penalties: [Double]
  ) -> [[Float]] {
    let (width, steps) = (reader.lookBack, reader.horizon)
    let last = end - steps
    guard last - width >= 1 else { return [] }
    let step = max(1, (last - width + Self.limit) / Self.limit)
    let origins = Array(stride(from: last, through: width, by: -step))
    return withScratch(origins.count * width) { inputs in
      withScratch(origins.count * steps) { left in
        rest(series, origins, inputs, left)
        return penalties.map { penalty in
          let shares = shares(inputs, origins.count, queries, count, penalty: penalty)
          return product(shares, left, rows: count, inner: origins.count, columns: steps)
        }
      }
    }
  }

  /// Reads windows, and what the map leaves of their targets, zero where they are not known.
  private func rest(
    _ series: Int, _ origins: [Int], _ inputs: UnsafeMutablePointer<Float>, _ left: UnsafeMutablePointer<Float>
  ) {
    let (width, steps) = (reader.lookBack, reader.horizon)
    withScratch(2 * origins.count * steps) { room in
      let (answers, known) = (room, room + origins.count * steps)
      for (row, origin) in origins.enumerated() {
        reader.read(
          Window(series: series, origin: origin), input: inputs + row * width, target: left + row * steps,
          weight: known + row * steps)
      }
      map.apply(inputs, count: origins.count, into: answers)
      for i in 0..<origins.count * steps { left[i] = known[i] > 0 ? left[i] - answers[i] : 0 }
    }
  }

  /// How much each window counts for each query: [queries, windows].
  private func shares(
    _ inputs: UnsafePointer<Float>, _ windows: Int, _ queries: UnsafePointer<Float>, _ count: Int, penalty: Double
  ) -> [Float] {
    let width = reader.lookBack
    let (z, q) = (MatrixView(inputs, width: width), MatrixView(queries, width: width))
    let isDual = windows < width
    let size = isDual ? windows : width
    var gram =
      isDual
      ? product(z, z.transposed, rows: windows, inner: width, columns: windows)
      : product(z.transposed, z, rows: width, inner: windows, columns: width)
    var trace = 0.0
    for i in 0..<size { trace += Double(gram[i * size + i]) }
    let ridge = Float(max(penalty * trace / Double(width), 1e-9))
    for i in 0..<size { gram[i * size + i] += ridge }
    let right =
      isDual
      ? product(z, q.transposed, rows: windows, inner: width, columns: count)
      : (0..<width * count).map { queries[($0 % count) * width + $0 / count] }
    guard let solved = solvePositive(gram.map(Double.init), size: size, right.map(Double.init), columns: count)
    else { return [Float](repeating: 0, count: count * windows) }
    if isDual { return (0..<count * windows).map { Float(solved[($0 % windows) * count + $0 / windows]) } }
    return solved.map { Float($0) }.withUnsafeBufferPointer { solved in
      guard let base = solved.baseAddress else { return [] }
      return product(
        MatrixView(base, width: count).transposed, z.transposed, rows: count, inner: width, columns: windows)
    }
  }

  private func product(
    _ shares: [Float], _ left: UnsafePointer<Float>, rows: Int, inner: Int, columns: Int
  ) -> [Float] {
    shares.withUnsafeBufferPointer { shares in
      guard let base = shares.baseAddress else { return [] }
      return product(
        MatrixView(base, width: inner), MatrixView(left, width: columns), rows: rows, inner: inner, columns: columns)
    }
  }

  private func product(_ a: MatrixView, _ b: MatrixView, rows: Int, inner: Int, columns: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      if let base = buffer.baseAddress {
        MatrixProduct(rows: rows, inner: inner, columns: columns).run(a, b, into: base, stride: columns)
      }
      count = rows * columns
    }
  }
}

/// How a map does with one penalty of the series' own part, on windows that it has not seen.
struct AdaptationTrial: Sendable {
  /// The mean loss; see `squared`.
  var loss = 0.0
  /// The errors of each step in the windows' units, sorted.
  var errors: [[Float]] = []
}

extension SeriesAdaptation {
  /// Tries penalties, and last no adaptation, on the last windows of the series, each adapted to by what lies before it,
  /// as it will be when it counts.
  ///
  /// - Parameters:
  ///   - windows: Windows that the map has not seen, those of a series next to each other, the latest last.
  ///   - limit: About how many windows are taken.
  func trials(_ windows: [Window], penalties: [Double], weighsByUnit: Bool, limit: Int, threads: Int)
    -> [AdaptationTrial]
  {
    let judges = Self.latest(windows, limit: limit)
    let parts = Compute.$threads.withValue(1) {
      parallelMap(judges.count, threads: threads) { position in
        errors([judges[position]], penalties: penalties, weighsByUnit: weighsByUnit)
      }
    }
    return (0...penalties.count).map { position in
      var trial = AdaptationTrial(errors: Array(repeating: [], count: reader.horizon))
      for part in parts {
        trial.loss += part[position].loss
        for step in 0..<reader.horizon { trial.errors[step] += part[position].errors[step] }
      }
      let count = trial.errors.reduce(0) { $0 + $1.count }
      trial.loss /= Double(max(count, 1))
      for step in 0..<reader.horizon { trial.errors[step].sort() }
      return trial
    }
  }

  /// The latest windows of each series, as many of each as make about `limit` in all, at least one; of more series than
  /// that, evenly chosen ones.
  private static func latest(_ windows: [Window], limit: Int) -> [Window] {
    let lasts = windows.indices.filter { $0 + 1 == windows.count || windows[$0].series != windows[$0 + 1].series }
    let thinning = max(1, lasts.count / max(limit, 1))
    let perSeries = max(1, min(16, limit / max(lasts.count, 1)))
    return stride(from: 0, to: lasts.count, by: thinning).flatMap { position -> ArraySlice<Window> in
      let first = position == 0 ? 0 : lasts[position - 1] + 1
      return windows[max(first, lasts[position] - perSeries + 1)...lasts[position]]
    }
  }

  /// The sums of losses and the errors over windows of one series.
  private func errors(_ windows: [Window], penalties: [Double], weighsByUnit: Bool) -> [AdaptationTrial] {
    let (width, steps, count) = (reader.lookBack, reader.horizon, windows.count)
    return withScratch(count * width) { inputs in
      withScratch(3 * count * steps) { room in
        let (targets, known, answers) = (room, room + count * steps, room + 2 * count * steps)
        let units = windows.enumerated().map { row, window in
          reader.read(
            window, input: inputs + row * width, target: targets + row * steps, weight: known + row * steps
          ).scale.unit
        }
        map.apply(inputs, count: count, into: answers)
        let changes = changes(
          series: windows[0].series, end: windows.map(\.origin).min() ?? 0, queries: inputs, count: count,
          penalties: penalties)
        return (0...penalties.count).map { position in
          let change = position < changes.count ? changes[position] : []
          var trial = AdaptationTrial(errors: Array(repeating: [], count: steps))
          for i in 0..<count * steps where known[i] > 0 {
            let error = targets[i] - answers[i] - (change.isEmpty ? 0 : change[i])
            trial.errors[i % steps].append(error)
            trial.loss += squared(
              Double(error), unit: weighsByUnit ? units[i / steps] : 1, isRobust: reader.isScaled && !weighsByUnit)
          }
          return trial
        }
      }
    }
  }
}
