import Basics
import Tables

/// A public data set: its card, and the loader that turns its files into tables.
///
/// Sets with more structure than tables have typed loaders beside this one, such as `BankCalls.load(from:)`.
public struct DataSet: Sendable {
  /// A table with its name within the set, such as "train".
  public struct NamedTable: Sendable {
    /// The name.
    public let name: String
    /// The rows.
    public let table: Table

    /// Creates a named table.
    public init(_ name: String, _ table: Table) {
      self.name = name
      self.table = table
    }
  }

  /// What the set is.
  public let card: DataSetCard
  private let loader: @Sendable (LocalDataSet, Int) throws -> [NamedTable]

  /// Creates a set.
  ///
  /// - Parameter loader: reads the files on at most so many threads.
  public init(_ card: DataSetCard, loader: @escaping @Sendable (LocalDataSet, Int) throws -> [NamedTable]) {
    self.card = card
    self.loader = loader
  }

  /// Reads the set's tables.
  ///
  /// - Throws: a `file` or `format` error that names the file.
  public func tables(from files: LocalDataSet, threads: Int = 1) throws -> [NamedTable] {
    try loader(files, threads)
  }
}

/// The files of a data set in a folder.
public struct LocalDataSet: Sendable, Hashable {
  /// The name of the set, for messages.
  public let name: String
  /// The folder that holds the files.
  public let folder: String

  /// Creates a reference to a folder; nothing is checked, see `DataSetStore` for that.
  public init(name: String, folder: String) {
    self.name = name
    self.folder = folder
  }

  /// Where a file lies: under its name, or without `.gz` behind it.
  ///
  /// - Throws: a `file` error if it is not there.
  public func path(_ file: String) throws -> String {
    let path = folder + "/" + file
    if FileAccess.exists(path) { return path }
    if file.hasSuffix(".gz"), FileAccess.exists(String(path.dropLast(3))) { return String(path.dropLast(3)) }
    throw AssayError(
      .file, "the data set \(name) lacks its file \(file)", at: folder, remedy: "get it with: assay data get \(name)")
  }
}
