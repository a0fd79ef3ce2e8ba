/// For each place of a resized axis, the places before that it is made of and their shares.
struct ResizedAxis {
  let oldSize: Int
  let newSize: Int
  /// How many places make one.
  let width: Int
  /// The places, `width` for each new one.
  private(set) var places: [Int] = []
  /// Their shares, which add up to 1.
  private(set) var shares: [Float] = []

  /// - Parameter scale: What coordinates are divided by; the new size over the old unless given.
  init(from oldSize: Int, to newSize: Int, scale: Float?, _ options: ResizeOptions) {
    self.oldSize = oldSize
    self.newSize = newSize
    let scale = scale ?? Float(newSize) / Float(oldSize)
    switch options.method {
    case .nearest: width = 1
    case .linear: width = 2
    case .cubic: width = 4
    }
    places.reserveCapacity(newSize * width)
    shares.reserveCapacity(newSize * width)
    for place in 0..<newSize {
      let old = coordinate(place, scale, options.alignment)
      switch options.method {
      case .nearest: add(rounded(old, options.rounding), 1)
      case .linear:
        let inside = min(max(old, 0), Float(oldSize - 1))
        let (lower, rest) = (Int(inside), inside - inside.rounded(.down))
        add(lower, 1 - rest)
        add(lower + 1, rest)
      case .cubic: addCubic(old, Float(options.cubicCoefficient), excludesOutside: options.excludesOutside)
      }
    }
  }

  private mutating func add(_ place: Int, _ share: Float) {
    places.append(min(max(place, 0), oldSize - 1))
    shares.append(share)
  }

  private mutating func addCubic(_ old: Float, _ a: Float, excludesOutside: Bool) {
    let first = old.rounded(.down)
    let (near, far) = (old - first, 1 - (old - first))
    func inner(_ x: Float) -> Float { ((a + 2) * x - (a + 3)) * x * x + 1 }
    func outer(_ x: Float) -> Float { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    var four = [outer(near + 1), inner(near), inner(far), outer(far + 1)]
    let lower = Int(first) - 1
    if excludesOutside {
      for tap in 0..<4 where lower + tap < 0 || lower + tap >= oldSize { four[tap] = 0 }
      let sum = four.reduce(0, +)
      four = four.map { $0 / sum }
    }
    for tap in 0..<4 { add(lower + tap, four[tap]) }
  }

  /// Where a place lies on the old axis. In float32, as other programs compute it, so that places half-way between two
  /// are rounded as there.
  private func coordinate(_ place: Int, _ scale: Float, _ alignment: ResizeOptions.Alignment) -> Float {
    let x = Float(place)
    switch alignment {
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .symmetricHalfPixel:
      let adjustment = Float(newSize) / (scale * Float(oldSize))
      return Float(oldSize) / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
    case .halfPixelUnlessOne: return newSize > 1 ? (x + 0.5) / scale - 0.5 : 0
    case .halfPixelUnshifted: return (x + 0.5) / scale
    case .corners: return newSize == 1 ? 0 : x * Float(oldSize - 1) / Float(newSize - 1)
    case .origin: return x / scale
    }
  }

  private func rounded(_ x: Float, _ rounding: ResizeOptions.Rounding) -> Int {
    // Far outside is the edge, and no number that is too large for an Int.
    let x = min(max(x, -1), Float(oldSize))
    switch rounding {
    case .halfDown: return Int((x - 0.5).rounded(.up))
    case .halfUp: return Int(x.rounded(.toNearestOrAwayFromZero))
    case .down: return Int(x.rounded(.down))
    case .up: return Int(x.rounded(.up))
    }
  }
}
