import ArgumentParser
import Basics
import DataSets

/// `assay bench forecast`
struct BenchForecast: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast", abstract: "Forecasts of public sets by their own protocols, and their time.",
    discussion: """
      Examples:
        assay bench forecast --set m4-hourly --from ../shared/data --threads 2 --json
        assay bench forecast --set etth1 --horizon 96 --from ../shared/data --json
        assay bench forecast --set months --count 10000 --threads 2 --json
      """)

  /// What is forecast.
  enum Name: String, CaseIterable, ExpressibleByArgument {
    case hourly = "m4-hourly"
    case weekly = "m4-weekly"
    case temperature = "etth1"
    case months

    /// The public set that it takes; nil where series are simulated.
    var dataSet: String? {
      switch self {
      case .hourly, .weekly: "m4-hourly-weekly"
      case .temperature: "etth1"
      case .months: nil
      }
    }
  }

  @Option(help: "The set: \(Name.allCases.map(\.rawValue).joined(separator: ", ")) (simulated).")
  var set: Name
  @Option(help: "The steps ahead, for etth1.")
  var horizon = 96
  @Option(help: "The steps looked back on, for etth1.")
  var lookBack = 336
  @Option(help: "How many series are simulated, for months.")
  var count = 1_000
  @Option(help: "The threads to use.")
  var threads = 1
  @OptionGroup var folders: DataFolders
  @Flag(help: "Print JSON in one line, and nothing else on standard output.")
  var json = false

  func validate() throws {
    guard (1...720).contains(horizon), (2...2_000).contains(lookBack), count >= 1, threads >= 1 else {
      throw ValidationError("horizon must be 1 to 720, look-back 2 to 2000, count and threads 1 or more")
    }
  }

  func run() throws {
    let trial = ForecastTrial(threads: threads)
    let figures: [String: Double]
    switch set {
    case .hourly: figures = try trial.competition(.hourly, files("m4-hourly-weekly"))
    case .weekly: figures = try trial.competition(.weekly, files("m4-hourly-weekly"))
    case .temperature: figures = try trial.temperature(horizon: horizon, lookBack: lookBack, files("etth1"))
    case .months: figures = try trial.months(count)
    }
    standardOutput(String(decoding: try CanonicalJSON.encode(figures, pretty: !json), as: UTF8.self))
  }

  private func files(_ name: String) throws -> LocalDataSet {
    let card = try DataSetRegistry.set(named: name).card
    return LocalDataSet(name: card.name, folder: try folders.store.get(card).folder)
  }
}
