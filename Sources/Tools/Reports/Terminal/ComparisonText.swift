import Evaluation

/// Two runs side by side, for the terminal.
public enum ComparisonText {
  /// A measure of both runs on the same rows or folds.
  public struct Measurement: Sendable, Hashable {
    /// The metric's name.
    public var name: String
    /// The first run's value.
    public var first: Estimate
    /// The second run's value.
    public var second: Estimate
    /// The first run against the second; nil where they were not measured on the same rows.
    public var difference: Difference?

    /// Creates a measurement.
    public init(name: String, first: Estimate, second: Estimate, difference: Difference?) {
      self.name = name
      self.first = first
      self.second = second
      self.difference = difference
    }
  }

  /// The comparison as lines of text, the answer first, with a line break at the end.
  ///
  /// - Parameters:
  ///   - first: the identifier of the first run.
  ///   - second: the identifier of the second run.
  ///   - measurements: the measures, the primary one first.
  ///   - notes: what differs otherwise, for example "the runs used different data".
  ///   - width: the columns of the terminal; at least 40.
  ///   - usesColors: whether escape sequences are written.
  public static func text(
    first: String, second: String, measurements: [Measurement], notes: [String] = [], width: Int = 100,
    usesColors: Bool = false
  ) -> String {
    let terminal = TerminalText(width: max(40, width), usesColors: usesColors)
    let (a, b) = (TerminalText.safe(first), TerminalText.safe(second))
    var blocks = [terminal.styled(terminal.wrapped(answer(a, b, measurements)), .bold)]
    if !measurements.isEmpty {
      let rows = measurements.map { measurement -> [String] in
        let measure = Measure(measurement.name)
        let format = measure.format
        let difference = measurement.difference
        return [
          TerminalText.safe(measure.title), format.text(measurement.first), format.text(measurement.second),
          difference.map { format.text($0.estimate) } ?? NumberFormat.absent,
          difference.map { format.interval($0.estimate) } ?? "", difference.map(Verdicts.pValue) ?? "",
          difference.map { words($0) } ?? "not compared",
        ]
      }
      blocks.append(
        terminal.table(
          [
            .init(title: "measure"), .init(title: a, isNumber: true, limit: 24),
            .init(title: b, isNumber: true, limit: 24),
            .init(title: "first better by", isNumber: true), .init(title: "interval"),
            .init(title: "p", isNumber: true),
            .init(title: "in words"),
          ], rows))
    }
    let tests = Set(measurements.compactMap { $0.difference?.test }).sorted()
    if !tests.isEmpty { blocks.append("Test: " + TerminalText.safe(tests.joined(separator: ", "))) }
    blocks += notes.map { terminal.wrapped(TerminalText.safe($0)) }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func answer(_ a: String, _ b: String, _ measurements: [Measurement]) -> String {
    guard let primary = measurements.first else { return "There is nothing to compare \(a) and \(b) by." }
    let measure = TerminalText.safe(Measure(primary.name).inSentence)
    guard let difference = primary.difference else {
      return "\(a) and \(b) were not measured on the same rows, so no test can tell them apart."
    }
    // The difference is turned so that positive means better; the values say which way that is.
    let rise = primary.first.value - primary.second.value
    let share = Verdicts.savedShare(
      primary.first.value, primary.second.value, higherIsBetter: rise * difference.estimate.value >= 0)
    let size = share.map { ", \(Verdicts.effect($0)) effect" } ?? ""
    let evidence = "p \(difference.pValue < 0.001 ? "" : "= ")\(Verdicts.pValue(difference))"
    switch difference.verdict {
    case .better: return "\(a) is better than \(b) in \(measure) (\(evidence)\(size))."
    case .worse: return "\(b) is better than \(a) in \(measure) (\(evidence)\(size))."
    case .noDifference: return "No difference between \(a) and \(b) in \(measure) could be shown (\(evidence))."
    }
  }

  private static func words(_ difference: Difference) -> String {
    switch difference.verdict {
    case .better: "first is better"
    case .worse: "second is better"
    case .noDifference: "no difference"
    }
  }
}
