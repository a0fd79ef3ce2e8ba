import Basics

/// Any key, to find those that nobody asked for.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The container of these keys, which are all there may be.
  ///
  /// - Throws: a `configuration` error for a key that is not among them: a setting that is misspelt would be ignored.
  func strictContainer<Key: CodingKey & CaseIterable>(_ keys: Key.Type, of what: String) throws
    -> KeyedDecodingContainer<Key>
  {
    let known = Set(Key.allCases.map(\.stringValue))
    if let key = try container(keyedBy: AnyKey.self).allKeys.first(where: { !known.contains($0.stringValue) }) {
      throw AssayError(
        .configuration, "\(what) has no setting \"\(key.stringValue)\"",
        remedy: "the settings are \(known.sorted().joined(separator: ", "))")
    }
    return try container(keyedBy: keys)
  }

  /// The text, where there is just a text.
  var plainText: String? { try? singleValueContainer().decode(String.self) }
}

extension KeyedDecodingContainer {
  /// The value of a key, or a default where the key is absent.
  func value<Value: Decodable>(_ key: Key, or standard: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? standard
  }
}

extension HistoryPlan: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case time, timeUnit, entities, windows, amounts, label, links, graphs, parts, clock, limits
  }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(CodingKeys.self, of: "a history plan")
    self.init(
      time: try container.decode(String.self, forKey: .time),
      timeUnit: try container.decodeIfPresent(HistorySpan.self, forKey: .timeUnit),
      entities: try container.decode([Entity].self, forKey: .entities))
    windows = try container.value(.windows, or: windows)
    amounts = try container.value(.amounts, or: [])
    label = try container.decodeIfPresent(Label.self, forKey: .label)
    links = try container.value(.links, or: [])
    graphs = try container.value(.graphs, or: [])
    parts = try container.value(.parts, or: [])
    if container.contains(.clock) { clock = try container.decodeIfPresent(Clock.self, forKey: .clock) }
    limits = try container.value(.limits, or: limits)
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(time, forKey: .time)
    try container.encodeIfPresent(timeUnit, forKey: .timeUnit)
    try container.encode(entities, forKey: .entities)
    try container.encode(windows, forKey: .windows)
    try container.encode(amounts, forKey: .amounts)
    try container.encodeIfPresent(label, forKey: .label)
    try container.encode(links, forKey: .links)
    try container.encode(graphs, forKey: .graphs)
    try container.encode(parts, forKey: .parts)
    // A clock that is left out is the default one, so that there is none must be written.
    try container.encode(clock, forKey: .clock)
    try container.encode(limits, forKey: .limits)
  }
}

extension HistoryPlan.Entity: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case name, columns, features, missing }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    if let column = decoder.plainText {
      self.init(columns: [column])
      return
    }
    let container = try decoder.strictContainer(Keys.self, of: "an entity")
    let name = try container.decodeIfPresent(String.self, forKey: .name)
    self.init(name, columns: try container.value(.columns, or: name.map { [$0] } ?? []))
    features = try container.value(.features, or: features)
    missing = try container.value(.missing, or: missing)
  }
}

extension HistoryPlan.Amount: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case column, resolution, allowsNegative }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    if let column = decoder.plainText {
      self.init(column)
      return
    }
    let container = try decoder.strictContainer(Keys.self, of: "an amount")
    self.init(try container.decode(String.self, forKey: .column))
    resolution = try container.value(.resolution, or: resolution)
    allowsNegative = try container.value(.allowsNegative, or: allowsNegative)
  }
}

extension HistoryPlan.Label: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case column, delay, positive, reported, smoothing, prior }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(Keys.self, of: "a label")
    self.init(
      try container.decode(String.self, forKey: .column),
      delay: try container.decode(HistorySpan.self, forKey: .delay))
    positive = try container.decodeIfPresent(String.self, forKey: .positive)
    reported = try container.decodeIfPresent(String.self, forKey: .reported)
    smoothing = try container.value(.smoothing, or: smoothing)
    prior = try container.value(.prior, or: prior)
  }
}

extension HistoryPlan.Link: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case between }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    between = try decoder.strictContainer(Keys.self, of: "a link").decode([String].self, forKey: .between)
  }
}

extension HistoryPlan.Graph: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case between, hubDegree }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(Keys.self, of: "a graph")
    between = try container.decode([String].self, forKey: .between)
    hubDegree = try container.decodeIfPresent(Int.self, forKey: .hubDegree)
  }
}

extension HistoryPlan.Clock: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case offsetHours, nightFrom, nightUntil }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(Keys.self, of: "a clock")
    self.init()
    offsetHours = try container.value(.offsetHours, or: offsetHours)
    nightFrom = try container.value(.nightFrom, or: nightFrom)
    nightUntil = try container.value(.nightUntil, or: nightUntil)
  }
}

extension HistoryPlan.Limits: Decodable {
  private enum Keys: String, CodingKey, CaseIterable { case entities, pairs, events }

  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(Keys.self, of: "limits")
    self.init()
    entities = try container.value(.entities, or: entities)
    pairs = try container.value(.pairs, or: pairs)
    events = try container.value(.events, or: events)
  }
}
