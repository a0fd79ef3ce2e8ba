import Basics
import Tables

/// How a run divides the memory that it may use.
public struct MemoryShares: Sendable {
  /// The bytes that the run should get along with.
  public let limit: Int

  /// The limit of the request, or half of what the machine has.
  public init(_ request: TrainingRequest) { limit = request.memory ?? MachineMemory.limit / 2 }

  /// A larger table is worked on by pieces: a run holds its division, its features and their bins besides it.
  public var table: Int { limit / 4 }
  /// The sample of a large table on which candidates are compared.
  var sample: Int { limit / 16 }
  /// One piece of a large table.
  var piece: Int { limit / 64 }
  /// What DuckDB may use while it reads.
  var database: Int { max(limit / 4, 256 << 20) }
  /// More bins than that lie in a file.
  var bins: Int { limit / 8 }
  /// What boosting on all rows may hold besides the bins.
  var boosting: Int { limit / 8 * 5 }

  /// The rows to draw from a large table: to learn from, to judge by, to test on.
  ///
  /// More than 200,000 rows to learn from would leave the search time for few candidates.
  func sampleRows(_ survey: SourceSurvey) -> SampleSizes {
    let all = sample / survey.bytesPerRow
    let learned = min(max(all * 4 / 7, 2_000), 200_000)
    return SampleSizes(learned: learned, judged: learned / 4, test: learned / 2)
  }

  /// The rows of one piece.
  func pieceRows(bytesPerRow: Int) -> Int { min(max(piece / max(1, bytesPerRow), 1_000), 100_000) }

  /// The rows that boosting can hold: labels, scores (a copy in both forms where there are several), gradients, hessians,
  /// both packed, and three lists of rows.
  func boostingRows(outputs: Int) -> Int {
    boosting / (4 + (outputs > 1 ? 12 * outputs : 4) + 4 + 4 + 8 + 12)
  }
}

/// How many rows are drawn for each purpose.
struct SampleSizes: Sendable {
  let learned: Int
  let judged: Int
  let test: Int
}
