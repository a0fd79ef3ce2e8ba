import Basics
import Tables

extension PreparedData {
  /// Reads the rows of a request: all of them, or a sample where the table is larger than the memory it may take.
  ///
  /// Which of the two is known before anything large is held: from the sizes of the files, and where these leave it
  /// open from a pass over the values.
  static func read(_ request: TrainingRequest, progress: (String) -> Void) throws -> PreparedData {
    try request.check()
    let memory = MemoryShares(request)
    let sources = [request.data] + (request.test.map { [$0] } ?? [])
    let most = try sources.reduce(0) { sum, source in
      try sum
        + TableReader.largestSize(
          of: source, options: request.reading, threads: request.threads, memoryLimit: memory.database)
    }
    guard most > memory.table else { return try PreparedData(request: request) }
    progress("looking at \(request.data), which may be larger than memory")
    var surveys: [SourceSurvey] = []
    for source in sources {
      let options = surveys.first?.schema.readOptions(request.reading) ?? request.reading
      surveys.append(
        try TableReader.survey(
          source, options: options, threads: request.threads, memoryLimit: memory.database))
    }
    guard surveys.reduce(0, { $0 + $1.byteCount }) > memory.table else { return try PreparedData(request: request) }
    return try LargeTable(surveys[0], request: request, memory: memory, progress: progress)
      .prepared(request: request, test: surveys.dropFirst().first, progress: progress)
  }
}
