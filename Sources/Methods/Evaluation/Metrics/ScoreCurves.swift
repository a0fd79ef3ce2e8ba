import Basics

/// The ROC curve of scores for labels 0 and 1: x the share of the negative rows flagged, y that of the positive rows.
///
/// At most `points` points, chosen so that the line differs least from the full one; empty with one class.
public func rocCurve(
  labels: [Double], scores: [Double], weights: [Double]? = nil, points: Int = 300, name: String = "model"
) -> Curve {
  var x = [0.0]
  var y = [0.0]
  var positives = 0.0
  var negatives = 0.0
  RankedRows(scores: scores, isPositive: { labels[$0] == 1 }, weights: weights).forEachTie(nil) { positive, negative in
    positives += positive
    negatives += negative
    x.append(negatives)
    y.append(positives)
  }
  guard positives > 0, negatives > 0 else { return Curve(name, x: [], y: []) }
  return Curve(name, x: x.map { $0 / negatives }, y: y.map { $0 / positives }).thinned(to: points)
}

/// The precision-recall curve of scores for labels 0 and 1: x recall, y precision, from the highest score down.
///
/// At most `points` points, chosen so that the line differs least from the full one; empty without positive rows.
public func precisionRecallCurve(
  labels: [Double], scores: [Double], weights: [Double]? = nil, points: Int = 300, name: String = "model"
) -> Curve {
  var x: [Double] = []
  var y: [Double] = []
  var positives = 0.0
  var total = 0.0
  RankedRows(scores: scores, isPositive: { labels[$0] == 1 }, weights: weights).forEachTie(nil) { positive, negative in
    positives += positive
    total += positive + negative
    if total > 0 {
      x.append(positives)
      y.append(positives / total)
    }
  }
  guard positives > 0 else { return Curve(name, x: [], y: []) }
  // The curve starts at recall 0 with the precision of the first score.
  return Curve(name, x: [0] + x.map { $0 / positives }, y: [y[0]] + y).thinned(to: points)
}

extension Curve {
  /// The curve with at most `limit` of its points (at least 2), the first and the last among them.
  ///
  /// Starting from the two ends, the point that lies farthest from the line drawn so far, with both axes scaled to the
  /// curve's extent, is added again and again (Ramer 1972; Douglas and Peucker 1973). O(n log limit) on ordinary
  /// curves.
  public func thinned(to limit: Int) -> Curve {
    guard x.count > max(2, limit), let low = y.min(), let high = y.max(), let left = x.first, let right = x.last else {
      return self
    }
    let height = high > low ? high - low : 1
    let width = right > left ? right - left : 1
    var kept = [0, x.count - 1]
    var open = [span(0, x.count - 1, width, height)]
    while kept.count < max(2, limit), let widest = open.indices.max(by: { open[$0].distance < open[$1].distance }) {
      let next = open.remove(at: widest)
      if next.distance <= 0 { break }
      kept.append(next.middle)
      open.append(span(next.start, next.middle, width, height))
      open.append(span(next.middle, next.end, width, height))
    }
    kept.sort()
    func pick(_ values: [Double]) -> [Double] { values.isEmpty ? [] : kept.map { values[$0] } }
    return Curve(name, x: pick(x), y: pick(y), lower: pick(lower), upper: pick(upper))
  }

  /// A stretch between two kept points and its point farthest from the line between them.
  private struct Span {
    let start: Int
    let end: Int
    var middle: Int
    var distance: Double
  }

  private func span(_ start: Int, _ end: Int, _ width: Double, _ height: Double) -> Span {
    let dx = (x[end] - x[start]) / width
    let dy = (y[end] - y[start]) / height
    let length = (dx * dx + dy * dy).squareRoot()
    var result = Span(start: start, end: end, middle: start, distance: 0)
    for i in start..<end where i > start {
      let px = (x[i] - x[start]) / width
      let py = (y[i] - y[start]) / height
      let distance = length > 0 ? abs(px * dy - py * dx) / length : (px * px + py * py).squareRoot()
      if distance > result.distance {
        result.middle = i
        result.distance = distance
      }
    }
    return result
  }
}
