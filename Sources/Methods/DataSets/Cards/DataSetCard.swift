/// What a public data set is: everything but the data.
public struct DataSetCard: Sendable, Hashable, Codable {
  /// The name of the set and of its folder: lower case, with hyphens.
  public let name: String
  /// What it is, in a few words.
  public let title: String
  /// The problem that it belongs to.
  public let problem: DataProblem
  /// The publisher's page: a repository or an archive.
  public let publisher: String
  /// The licence, in words where no licence file exists.
  public let licence: String
  /// The work to cite.
  public let citation: String
  /// The files in the set's folder.
  public let files: [DataFile]
  /// Rows and columns, or series and lengths, in words.
  public let shape: String
  /// What is predicted; empty if nothing in particular.
  public let target: String
  /// The split that published results use.
  public let split: String
  /// How results are measured.
  public let metric: String
  /// Results that others published, to be shown beside one's own.
  public let results: [PublishedResult]
  /// What else one must know: columns that must not be features, quirks that were kept.
  public let notes: [String]

  /// Creates a card; the parameters are the properties.
  public init(
    name: String, title: String, problem: DataProblem, publisher: String, licence: String, citation: String,
    files: [DataFile], shape: String, target: String, split: String, metric: String, results: [PublishedResult] = [],
    notes: [String] = []
  ) {
    self.name = name
    self.title = title
    self.problem = problem
    self.publisher = publisher
    self.licence = licence
    self.citation = citation
    self.files = files
    self.shape = shape
    self.target = target
    self.split = split
    self.metric = metric
    self.results = results
    self.notes = notes
  }

  /// The size of all files as they are described, in bytes.
  public var byteCount: Int { files.reduce(0) { $0 + $1.fingerprint.bytes } }
}

/// A business problem that data sets are listed by.
public enum DataProblem: String, Sendable, Hashable, Codable, CaseIterable {
  /// Payments and claims.
  case fraud
  /// Failures and remaining life of machines.
  case maintenance
  /// Forecasts of demand, and what to provide for it.
  case capacity
  /// Intents and topics of calls and messages.
  case callCentre = "call-centre"
  /// Customers and what they will buy.
  case segmentation
  /// Prices and what they do to demand.
  case pricing
  /// What to show to whom.
  case recommendation
  /// Which product answers a query.
  case search
  /// Dialogues.
  case assistant
  /// Events in streams of messages and measurements.
  case events
  /// Molecules and proteins.
  case drugs
  /// Tables of any kind.
  case tables
  /// Texts of any kind.
  case text
  /// Images of any kind.
  case images
  /// Graphs of any kind.
  case graphs
}

/// A result that others published.
public struct PublishedResult: Sendable, Hashable, Codable {
  /// A number with its name.
  public struct Figure: Sendable, Hashable, Codable {
    /// The measure, with what it was measured on where there is a choice: "AUC", "weekly OWA".
    public let measure: String
    /// The number, in the measure's own scale.
    public let value: Double

    /// Creates a figure.
    public init(_ measure: String, _ value: Double) {
      self.measure = measure
      self.value = value
    }
  }

  /// The method.
  public let method: String
  /// What it reached.
  public let figures: [Figure]
  /// Where the numbers are printed.
  public let source: String

  /// Creates a result.
  public init(_ method: String, _ figures: [Figure], source: String) {
    self.method = method
    self.figures = figures
    self.source = source
  }

  /// Rows of a table of results: one array of numbers per method in the order of the measures; not-a-number where a
  /// cell is empty.
  public static func table(
    _ measures: [String], source: String, _ rows: KeyValuePairs<String, [Double]>
  ) -> [PublishedResult] {
    rows.map { method, values in
      PublishedResult(method, zip(measures, values).filter { !$1.isNaN }.map { Figure($0, $1) }, source: source)
    }
  }
}
