import Foundation

/// One of the two directions of a chart.
public struct Axis: Sendable, Hashable {
  /// How values become positions.
  public enum Kind: Sendable, Hashable {
    /// Equal differences are equally long.
    case linear
    /// Equal ratios are equally long; values of zero and below are not drawn.
    case logarithmic
    /// Seconds since 1970, with ticks on whole days, months or years.
    case date
    /// One place per name; a value is the index of a name. On a vertical axis the first name is at the top.
    case categories([String])
  }

  /// What the axis shows, with its unit where the format does not say it.
  public var label: String
  /// How values become positions.
  public var kind: Kind
  /// How ticks are written.
  public var format: NumberFormat
  /// The range shown; nil for that of the data, grown to the next ticks.
  public var domain: ClosedRange<Double>?
  /// Whether a range found from the data reaches to zero.
  public var includesZero: Bool

  /// Creates an axis.
  public init(
    _ label: String = "", kind: Kind = .linear, format: NumberFormat = .number, domain: ClosedRange<Double>? = nil,
    includesZero: Bool = false
  ) {
    self.label = label
    self.kind = kind
    self.format = format
    self.domain = domain
    self.includesZero = includesZero
  }

  /// An axis with one place per name.
  public static func categories(_ names: [String], label: String = "") -> Axis {
    Axis(label, kind: .categories(names))
  }

  /// A share from 0 to 100 %.
  public static func share(_ label: String) -> Axis { Axis(label, format: .percent, domain: 0...1) }

  /// The names of a categorical axis, nil for the others.
  var names: [String]? {
    if case .categories(let names) = kind { return names }
    return nil
  }

  /// The scale of this axis for the values to be shown.
  func scale(for values: some Sequence<Double>, tickCount: Int) -> Scale {
    if let names { return Scale(kind: kind, domain: -0.5...(Double(max(1, names.count)) - 0.5)) }
    if let domain, domain.lowerBound.isFinite, domain.upperBound.isFinite, domain.lowerBound < domain.upperBound,
      kind != .logarithmic || domain.lowerBound > 0
    {
      return Scale(kind: kind, domain: domain)
    }
    let drawable = values.filter { Scale.isDrawable($0, kind: kind) }
    guard var lower = drawable.min(), var upper = drawable.max() else {
      return Scale(kind: kind, domain: kind == .logarithmic ? 0.1...10 : 0...1)
    }
    if kind == .logarithmic {
      if lower == upper { (lower, upper) = (lower / 2, upper * 2) }
      return Scale(kind: kind, domain: lower...upper)
    }
    if includesZero, kind == .linear { (lower, upper) = (min(0, lower), max(0, upper)) }
    if lower == upper {
      // A constant is drawn in the middle of a range that its size suggests.
      let margin = kind == .date ? 86_400 : lower == 0 ? 1 : abs(lower) * 0.1
      (lower, upper) = (lower - margin, upper + margin)
    }
    return Scale(kind: kind, domain: kind == .date ? lower...upper : Ticks.nice(lower...upper, count: tickCount))
  }
}

/// The map from the values of an axis to the part of its length, and the ticks of the axis.
struct Scale: Sendable, Hashable {
  var kind: Axis.Kind
  var domain: ClosedRange<Double>

  /// Whether a value has a place on an axis of this kind. Numbers beyond 1e200 are left out, so that differences and
  /// ratios stay finite.
  static func isDrawable(_ value: Double, kind: Axis.Kind) -> Bool {
    value.isFinite && abs(value) < 1e200 && (kind != .logarithmic || value > 1e-200)
  }

  /// The part of the axis before a value, 0 at its start and 1 at its end; nil for what cannot be drawn.
  func fraction(_ value: Double) -> Double? {
    guard Scale.isDrawable(value, kind: kind) else { return nil }
    let fraction =
      kind == .logarithmic
      ? (log(value) - log(domain.lowerBound)) / (log(domain.upperBound) - log(domain.lowerBound))
      : (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    // What lies far outside is clipped; keep its coordinate small.
    return fraction.isFinite ? min(max(fraction, -10), 11) : nil
  }

  /// About `count` ticks with their labels.
  func ticks(count: Int, format: NumberFormat) -> [Tick] {
    switch kind {
    case .linear:
      var step = Ticks.step(span: domain.upperBound - domain.lowerBound, count: count)
      if format == .count { step = max(1, step) }
      return Ticks.multiples(of: step, in: domain).map { Tick(value: $0, label: format.tick($0, step: step)) }
    case .logarithmic:
      return Ticks.logarithmic(in: domain, count: count).map { Tick(value: $0, label: format.tick($0, step: $0)) }
    case .date:
      let (ticks, step) = Ticks.dates(in: domain, count: count)
      return ticks.map { Tick(value: $0, label: NumberFormat.date.tick($0, step: step)) }
    case .categories(let names):
      return names.enumerated().map { Tick(value: Double($0.offset), label: $0.element) }
    }
  }

  struct Tick: Sendable, Hashable {
    var value: Double
    var label: String
  }
}
