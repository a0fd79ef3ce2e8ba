import Basics
import Decisions
import Foundation
import Yams

/// The settings of a project: what its file gives, else the defaults.
public struct SettingValues: Sendable, Equatable {
  /// The texts by name.
  private(set) var texts: [String: String] = [:]
  /// Where each was given, for messages.
  private var places: [String: String] = [:]

  /// The defaults.
  public init(_ settings: [SolutionCard.Setting]) {
    for setting in settings { texts[setting.name] = setting.standard }
  }

  /// The defaults, with what a mapping of a file gives in their place.
  ///
  /// - Throws: a `configuration` error for a name that is not there or a value that does not fit.
  init(_ settings: [SolutionCard.Setting], node: Node?, file: String, what: String) throws {
    self.init(settings)
    guard let node, node.null == nil else { return }
    let entries = try YamlEntries(node, file: file, what: what, keys: settings.map(\.name))
    for (name, value) in entries.pairs where value.null == nil {
      places[name] = entries.place(value, name)
      texts[name] = try entries.text(value, name)
    }
    for setting in settings { try check(setting) }
  }

  /// Where a setting was given, for messages: "shop/solution.yaml, line 30, service"; its name where it was not.
  public func place(_ name: String) -> String { places[name] ?? name }

  /// Whether the project file gives a setting, so that it is no default.
  public func isGiven(_ name: String) -> Bool { places[name] != nil }

  /// The settings with one replaced.
  public func setting(_ name: String, to text: String) -> SettingValues {
    var changed = self
    changed.texts[name] = text
    return changed
  }

  private func check(_ setting: SolutionCard.Setting) throws {
    let given = texts[setting.name] ?? ""
    if given.isEmpty { return }
    func misfit(_ expected: String) -> AssayError {
      AssayError(
        .configuration, "\"\(given)\" is not \(expected)", at: places[setting.name] ?? setting.name,
        remedy: setting.standard.isEmpty ? setting.meaning : "give for example \(setting.standard)")
    }
    switch setting.kind {
    case .number(let range):
      guard let value = Double(given), range.contains(value) else {
        throw misfit("a number \(Self.words(range, Double(given)))")
      }
    case .whole(let range):
      guard let value = Int(given), range.contains(value) else {
        throw misfit(
          "a whole number \(Self.words(Double(range.lowerBound)...Double(range.upperBound), Double(given)))")
      }
    case .numbers(let range):
      let items = list(setting.name)
      guard !items.isEmpty, items.allSatisfy({ Double($0).map(range.contains) ?? false }) else {
        throw misfit("numbers \(Self.words(range, nil)) with commas between them")
      }
    case .durations:
      let items = list(setting.name)
      guard !items.isEmpty, items.allSatisfy({ Self.seconds($0) ?? 0 > 0 }) else {
        throw misfit("lengths of time with commas between them, such as 12 hours, 7 days")
      }
    case .duration:
      guard Self.seconds(given) != nil else { throw misfit("a length of time") }
    case .choice(let words):
      guard words.contains(given) else { throw misfit("one of \(words.joined(separator: ", "))") }
    case .columns, .text: break
    }
  }

  /// A range as it is said of a value outside of it: bounds that only keep nonsense out are named where they matter.
  private static func words(_ range: ClosedRange<Double>, _ given: Double?) -> String {
    let (low, high) = (range.lowerBound, range.upperBound)
    let isTiny = low > 0 && low < 0.001
    if !isTiny, high < 1e9 { return "from \(Words.number(low, digits: 10)) to \(Words.number(high, digits: 10))" }
    if let given, given > high { return "of at most \(Words.number(high, digits: 10))" }
    return isTiny ? "above 0" : "of \(Words.number(low, digits: 10)) or more"
  }

  /// The text of a setting; nil where it is empty.
  public func text(_ name: String) -> String? { texts[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The items of a setting that are separated by commas; empty where there are none.
  public func list(_ name: String) -> [String] {
    (text(name) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// The numbers of a setting that are separated by commas; what is no number is left out.
  public func numbers(_ name: String) -> [Double] { list(name).compactMap { Double($0) } }

  /// A setting that is a number; not-a-number where there is none.
  public func number(_ name: String) -> Double { texts[name].flatMap(Double.init) ?? .nan }

  /// A setting that is a whole number; 0 where there is none.
  public func whole(_ name: String) -> Int { texts[name].flatMap(Int.init) ?? 0 }

  /// A setting that is a length of time, in seconds; 0 where there is none.
  public func seconds(_ name: String) -> Double { texts[name].flatMap(Self.seconds) ?? 0 }

  /// The seconds of "7 days", "12 hours", "90 minutes", "30 s"; nil for any other text.
  public static func seconds(_ text: String) -> Double? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard let amount = Double(digits), amount >= 0, amount.isFinite else { return nil }
    let unit = text.dropFirst(digits.count).trimmingCharacters(in: .whitespaces).lowercased()
    let scale: Double? =
      switch unit {
      case "s", "second", "seconds": 1
      case "min", "minute", "minutes": 60
      case "h", "hour", "hours": 3_600
      case "d", "day", "days": 86_400
      case "w", "week", "weeks": 604_800
      default: nil
      }
    return scale.map { $0 * amount }
  }
}
