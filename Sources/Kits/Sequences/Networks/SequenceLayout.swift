import Basics
import Estimators
import Foundation

/// Which features of a matrix are steps of a window, and which belong to no step.
///
/// A feature named "channel @-29" or "channel @0" is a step, that many rows ago; every channel must have the same
/// steps. All other features belong to the row as a whole.
public struct SequenceLayout: Sendable, Hashable, Codable {
  /// The channels, in the order of their first feature.
  public let channels: [String]
  /// How many rows ago each step is, the oldest first.
  public let rowsAgo: [Int]
  /// The features with the steps: `windows[channel * rowsAgo.count + step]`.
  public let windows: [Int]
  /// The features that belong to no step.
  public let statics: [Int]

  /// Reads the names of features.
  ///
  /// - Throws: a `data` error if no feature is a step, or if a channel lacks a step that another has.
  public init(_ features: [Feature]) throws {
    var channels: [String] = []
    var steps: [String: [Int: Int]] = [:]
    var statics: [Int] = []
    for (position, feature) in features.enumerated() {
      guard let (channel, ago) = Self.step(feature.name), feature.kind == .numeric else {
        statics.append(position)
        continue
      }
      if steps[channel] == nil { channels.append(channel) }
      steps[channel, default: [:]][ago] = position
    }
    guard let first = channels.first, let ages = steps[first]?.keys.sorted(by: >) else {
      throw AssayError(
        .data, "no feature is a step of a window", at: "features",
        remedy: "give features named such as \"\(RawWindows.name("sensor", rowsAgo: 29))\"; RawWindows makes them")
    }
    var windows: [Int] = []
    for channel in channels {
      let found = steps[channel] ?? [:]
      if let missing = Set(found.keys).symmetricDifference(ages).max() {
        throw AssayError(
          .data, "the step \(missing) rows ago is not there for every channel", at: "channel \"\(channel)\"",
          remedy: "give all channels the same steps")
      }
      windows += ages.compactMap { found[$0] }
    }
    self.channels = channels
    rowsAgo = ages
    self.windows = windows
    self.statics = statics
  }

  /// The channel and the age that a name says; nil for another name.
  static func step(_ name: String) -> (channel: String, rowsAgo: Int)? {
    guard let mark = name.range(of: " @", options: .backwards) else { return nil }
    let text = name[mark.upperBound...]
    if text == "0" { return (String(name[..<mark.lowerBound]), 0) }
    guard text.first == "-", let age = Int(text.dropFirst()), age > 0 else { return nil }
    return (String(name[..<mark.lowerBound]), age)
  }
}
