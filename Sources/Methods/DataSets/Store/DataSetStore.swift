import Basics
import Foundation

/// Gets public data sets into a folder, and checks every file's SHA-256 on the way.
///
/// A set lies in a folder of its name below `cache`. What is there is verified and used as it is. What is not is copied
/// from `source`, a folder of folders with the same layout, or else fetched from the publisher. Files appear under their
/// names complete and verified, or not at all.
public struct DataSetStore: Sendable {
  /// The folder that sets are put into.
  public var cache: String
  /// A folder that holds sets already; nil if there is none.
  public var source: String?
  /// Whether files may be fetched from publishers.
  public var fetches: Bool
  /// The seconds that fetching one file may take.
  public var timeLimit: Double

  /// Creates a store.
  ///
  /// - Parameters:
  ///   - cache: the folder to put sets into.
  ///   - source: a folder with sets; the default is what the environment variable `ASSAY_DATA` names, if it is set.
  ///   - fetches: whether files may be fetched from publishers.
  ///   - timeLimit: the seconds that fetching one file may take.
  public init(
    cache: String = DataSetStore.defaultCache(), source: String? = DataSetStore.namedSource(), fetches: Bool = true,
    timeLimit: Double = 600
  ) {
    self.cache = cache
    self.source = source
    self.fetches = fetches
    self.timeLimit = timeLimit
  }

  /// `assay/data` in the user's folder for caches (`XDG_CACHE_HOME`, or `.cache` at home).
  public static func defaultCache() -> String {
    let environment = ProcessInfo.processInfo.environment
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/assay/data" }
    return FileManager.default.homeDirectoryForCurrentUser.path + "/.cache/assay/data"
  }

  /// What the environment variable `ASSAY_DATA` names; nil if it is not set or empty.
  public static func namedSource() -> String? {
    ProcessInfo.processInfo.environment["ASSAY_DATA"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// How a file came to be in the cache.
  public enum Origin: String, Sendable, Hashable, Codable {
    /// It was there; only its checksum was computed.
    case verified
    /// It was copied from the source.
    case copied
    /// It was fetched from the publisher.
    case fetched
  }

  /// What `get` did.
  public struct Receipt: Sendable, Hashable, Codable {
    /// A file in the cache.
    public struct File: Sendable, Hashable, Codable {
      /// Its path.
      public let path: String
      /// Its size in bytes.
      public let bytes: Int
      /// How it came there.
      public let origin: Origin
    }

    /// The set.
    public let name: String
    /// Its folder.
    public let folder: String
    /// Its files.
    public let files: [File]

    /// The files for a loader.
    public var dataSet: LocalDataSet { LocalDataSet(name: name, folder: folder) }
  }

  /// The set where it lies already, in the cache or in the source, verified; nil if neither has all its files.
  ///
  /// - Throws: a `format` error if a file is not the published one, a `file` error if it cannot be read.
  public func find(_ card: DataSetCard) throws -> LocalDataSet? {
    for root in [cache] + (source.map { [$0] } ?? []) {
      let folder = root + "/" + card.name
      let found = card.files.map { present($0, in: folder) }
      if found.contains(where: { $0 == nil }) { continue }
      for form in found.compactMap({ $0 }) { try verify(form, of: card, in: folder) }
      return LocalDataSet(name: card.name, folder: folder)
    }
    return nil
  }

  /// Puts a set into the cache, unless it is there.
  ///
  /// - Throws: a `format` error for a file that is not the published one (a changed, damaged or shortened one), a `file`
  ///   error where folders and files cannot be read or written, or where a file can be had nowhere: it says where it is
  ///   published, and under which name to put it.
  public func get(_ card: DataSetCard) throws -> Receipt {
    if let source, !FileAccess.isFolder(source) {
      throw AssayError(
        .file, "there is no folder \"\(source)\" to take data sets from", at: card.name,
        remedy: "name the folder that holds \(card.name) with --from or ASSAY_DATA")
    }
    let folder = cache + "/" + card.name
    try FileAccess.createFolder(folder)
    let files = try card.files.map { try get($0, of: card, into: folder) }
    return Receipt(name: card.name, folder: folder, files: files)
  }

  private typealias Form = (name: String, fingerprint: DataFile.Fingerprint)

  private func present(_ file: DataFile, in folder: String) -> Form? {
    file.forms.first { FileAccess.exists(folder + "/" + $0.name) }
  }

  private func verify(_ form: Form, of card: DataSetCard, in folder: String) throws {
    let path = folder + "/" + form.name
    try FileCheck.demand(
      form.fingerprint, found: FileCheck.fingerprint(of: path), at: path,
      remedy: "remove it and run assay data get \(card.name), or take it from \(card.publisher)")
  }

  private func get(_ file: DataFile, of card: DataSetCard, into folder: String) throws -> Receipt.File {
    if let form = present(file, in: folder) {
      try verify(form, of: card, in: folder)
      return .init(path: folder + "/" + form.name, bytes: form.fingerprint.bytes, origin: .verified)
    }
    if let source, let form = present(file, in: source + "/" + card.name) {
      try copy(form, from: source + "/" + card.name, to: folder)
      return .init(path: folder + "/" + form.name, bytes: form.fingerprint.bytes, origin: .copied)
    }
    if let address = file.address, fetches {
      let name = try Download(address: address, seconds: timeLimit).fetch(file, of: card, into: folder)
      let bytes = file.forms.first { $0.name == name }?.fingerprint.bytes ?? 0
      return .init(path: folder + "/" + name, bytes: bytes, origin: .fetched)
    }
    let looked = source.map { " in \($0)/\(card.name)" } ?? ""
    throw AssayError(
      .file,
      "the file \(file.name) of \(card.name) is not there\(looked), and the publisher has no address for it alone",
      at: folder,
      remedy: "take it from \(card.publisher) and put it there as \(file.forms.map(\.name).joined(separator: " or ")), "
        + "or name a folder that holds \(card.name)/\(file.name) with --from or ASSAY_DATA")
  }

  private func copy(_ form: Form, from origin: String, to folder: String) throws {
    let path = origin + "/" + form.name
    var copy = try AtomicFile(path: folder + "/" + form.name)
    let found = try FileCheck.fingerprint(of: path) { try copy.write($0) }
    try FileCheck.demand(
      form.fingerprint, found: found, at: path, remedy: "replace it; a copy that fits can be had with assay data get")
    try copy.commit()
  }
}
