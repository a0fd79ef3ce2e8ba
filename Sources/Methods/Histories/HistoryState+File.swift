import Basics

/// A state is saved with its plan, so that a server can go on where it was.
///
/// | bytes | content |
/// |---|---|
/// | 0 ..< 8 | `ASSAYHST` |
/// | 8 ..< 12 | format version, little-endian |
/// | 12 ..< 20 | length of the payload, little-endian |
/// | 20 ..< 52 | SHA-256 of the payload |
/// | 52 ... | the payload: the state as CBOR |
extension HistoryState {
  /// The version of files that this program writes.
  public static let fileVersion: UInt32 = 1

  private static let magic = Array("ASSAYHST".utf8)
  private static let headerSize = 52

  /// Writes the state, complete or not at all.
  ///
  /// - Throws: a `file` error.
  public func save(to path: String) throws {
    let payload = try CBOREncoder().encode(self)
    var file = try AtomicFile(path: path)
    var header = HistoryState.magic
    withUnsafeBytes(of: HistoryState.fileVersion.littleEndian) { header.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt64(payload.count).littleEndian) { header.append(contentsOf: $0) }
    try file.write(header + SHA256.digest(of: payload))
    try file.write(payload)
    try file.commit()
  }

  /// Reads a state.
  ///
  /// - Throws: `file` if it cannot be read; `bundle` if it is no state, damaged, cut short or of a newer version.
  public init(contentsOf path: String) throws {
    func refused(_ problem: String, _ remedy: String = "take an earlier copy, or build the state anew") -> AssayError {
      AssayError(.bundle, problem, at: path, remedy: remedy)
    }
    let bytes = try FileAccess.read(path)
    guard bytes.count >= HistoryState.headerSize, Array(bytes[0..<8]) == HistoryState.magic else {
      throw refused("this is not a saved history", "give a file that was written as one")
    }
    let version = bytes[8..<12].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard version <= HistoryState.fileVersion else {
      throw refused(
        "the history has format version \(version), this program reads up to \(HistoryState.fileVersion)",
        "use a newer version of assay")
    }
    let length = bytes[12..<20].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length == UInt64(bytes.count - HistoryState.headerSize) else {
      throw refused("the history is cut short or has bytes added")
    }
    let payload = Array(bytes[HistoryState.headerSize...])
    guard SHA256.digest(of: payload).elementsEqual(bytes[20..<52]) else {
      throw refused("the history is damaged: its checksum does not fit")
    }
    do {
      self = try CBORDecoder().decode(HistoryState.self, from: payload)
    } catch {
      throw refused("the content of the history cannot be read (\(error))")
    }
  }
}

extension HistoryState: Codable {
  private enum CodingKeys: String, CodingKey {
    case plan, now, counters, log, entities, pairs, graphs, exits, labelEntry, labelExits, pending
  }

  /// Reads a state that was encoded; what does not fit its plan is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(try container.decode(HistoryPlan.self, forKey: .plan))
    let empty = self
    now = try container.decode(Int64.self, forKey: .now)
    counters = try container.decode(HistoryReport.self, forKey: .counters)
    log = try container.decode(EventLog.self, forKey: .log)
    entities = try container.decode([EntityTotals].self, forKey: .entities)
    pairs = try container.decode([PairTotals].self, forKey: .pairs)
    graphs = try container.decode([SharedGraph].self, forKey: .graphs)
    exits = try container.decode([Int64].self, forKey: .exits)
    labelEntry = try container.decode(Int64.self, forKey: .labelEntry)
    labelExits = try container.decode([Int64].self, forKey: .labelExits)
    pending = try container.decode(PendingEvents.self, forKey: .pending)
    guard
      log.shape == empty.log.shape && entities.count == empty.entities.count && pairs.count == empty.pairs.count
        && graphs.count == empty.graphs.count && exits.count == empty.exits.count
        && labelExits.count == empty.labelExits.count
    else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "The totals are of another plan."))
    }
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plan, forKey: .plan)
    try container.encode(now, forKey: .now)
    try container.encode(counters, forKey: .counters)
    try container.encode(log, forKey: .log)
    try container.encode(entities, forKey: .entities)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(graphs, forKey: .graphs)
    try container.encode(exits, forKey: .exits)
    try container.encode(labelEntry, forKey: .labelEntry)
    try container.encode(labelExits, forKey: .labelExits)
    try container.encode(pending, forKey: .pending)
  }
}
