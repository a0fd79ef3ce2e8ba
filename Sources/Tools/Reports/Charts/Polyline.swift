/// Paths through points in pixels.
enum Polyline {
  struct Point: Sendable, Hashable {
    var x: Double
    var y: Double
  }

  /// The stretches between gaps.
  static func runs(_ points: [Point?]) -> [[Point]] {
    points.split(separator: nil).map { $0.compactMap { $0 } }
  }

  /// The path through each run, thinned to what the eye can tell apart.
  static func path(_ runs: [[Point]], isStepped: Bool) -> Markup {
    Markup(runs.filter { $0.count > 1 }.map { path(thinned($0), isStepped: isStepped, opening: "M") })
  }

  /// The outline of the area between two edges, run by run.
  static func areaPath(_ pairs: [(Point, Point)?], isStepped: Bool) -> Markup {
    var result: Markup = ""
    for run in pairs.split(whereSeparator: { $0 == nil }) {
      let low = run.compactMap { $0?.0 }
      let high = run.compactMap { $0?.1 }
      guard low.count > 1 else { continue }
      // A stepped edge run backwards must turn its corners the other way.
      let back = isStepped ? stepped(thinned(low)) : thinned(low)
      let front = isStepped ? stepped(thinned(high)) : thinned(high)
      result +=
        path(front, isStepped: false, opening: "M") + path(back.reversed(), isStepped: false, opening: "L") + "Z"
    }
    return result
  }

  private static func path(_ points: [Point], isStepped: Bool, opening: Markup) -> Markup {
    guard let first = points.first else { return "" }
    var result: Markup = "\(opening)\(first.x) \(first.y)"
    var previous = first
    for point in points.dropFirst() {
      if isStepped, point.y != previous.y {
        result += "H\(point.x)V\(point.y)"
      } else {
        result +=
          point.y == previous.y ? "H\(point.x)" : point.x == previous.x ? "V\(point.y)" : "L\(point.x) \(point.y)"
      }
      previous = point
    }
    return result
  }

  private static func stepped(_ points: [Point]) -> [Point] {
    guard let first = points.first else { return [] }
    var result = [first]
    for (previous, point) in zip(points, points.dropFirst()) {
      result.append(Point(x: point.x, y: previous.y))
      result.append(point)
    }
    return result
  }

  /// Points along a line, at most five pixels apart.
  static func samples(_ points: [Point]) -> [Point] {
    guard let first = points.first else { return [] }
    var result = [first]
    for (a, b) in zip(points, points.dropFirst()) {
      let steps = max(1, Int(min(1000, max(abs(b.x - a.x), abs(b.y - a.y)) / 5)))
      for step in 1...steps {
        let part = Double(step) / Double(steps)
        result.append(Point(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part))
      }
    }
    return result
  }

  /// Of all points in the same half pixel column, the first, the lowest, the highest and the last: the same picture
  /// from few points. Points that do not run from left to right are kept.
  static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 200, zip(points, points.dropFirst()).allSatisfy({ $0.x <= $1.x }) else { return points }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x * 2).rounded(.down)
      var end = start
      var (low, high) = (start, start)
      while end < points.count, (points[end].x * 2).rounded(.down) == column {
        if points[end].y < points[low].y { low = end }
        if points[end].y > points[high].y { high = end }
        end += 1
      }
      var previous = -1
      for index in [start, min(low, high), max(low, high), end - 1] where index > previous {
        result.append(points[index])
        previous = index
      }
      start = end
    }
    return result
  }
}
