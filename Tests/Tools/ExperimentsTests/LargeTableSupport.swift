import Basics
import Experiments
import Foundation
import Tables

/// A simulated table of purchases: a row number, an entity of about ten rows, a day, a mark, and a target that more rows
/// explain better.
func purchases(rows: Int, seed: UInt64, isNumber: Bool = false) throws -> Table {
  var random = RandomKey(seed: seed).stream()
  let effects = (0..<40).map { _ in random.normal() }
  var (a, b, labels): ([Double], [Double], [Double]) = ([], [], [])
  var (shop, marks, classes): ([String?], [String?], [String?]) = ([], [], [])
  for row in 0..<rows {
    a.append(random.normal())
    b.append(random.uniform() < 0.1 ? .nan : random.normal())
    let level = random.integer(below: 40)
    shop.append("shop \(level)")
    marks.append(row % 10 == 3 ? "test" : row % 10 == 6 ? "valid" : "train")
    let signal = 1.5 * a[row] * (b[row].isNaN ? 0.3 : b[row]) + effects[level] + (a[row] > 0.7 ? 1 : 0)
    labels.append(signal + 0.5 * random.normal())
    classes.append(row % 500 == 7 ? nil : random.uniform() < 1 / (1 + exp(-2 * signal)) ? "yes" : "no")
  }
  return try Table([
    Column("row", .integer((0..<rows).map(Int64.init))),
    Column("buyer", .integer((0..<rows).map { Int64($0 * 7919 % (rows / 10)) })),
    Column("day", .integer((0..<rows).map { Int64($0 * 31 % 400) })),
    Column("mark", .category(CategoryValues(marks))), Column("shop", .category(CategoryValues(shop))),
    Column("a", .float(a)), Column("b", .float(b)),
    isNumber ? Column("y", .float(labels)) : Column("y", .category(CategoryValues(classes))),
  ])
}

/// A request for the simulated purchases.
func purchasesRequest(_ path: String, memory: Int, candidates: Int = 3) -> TrainingRequest {
  var request = TrainingRequest(data: path, target: "y")
  request.excluded = ["row", "buyer", "day", "mark"]
  request.memory = memory
  request.candidateLimit = candidates
  request.budget = 600
  return request
}

/// Runs the body with a folder that is removed afterwards.
func withLargeTableFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-large-\(UUID().uuidString)").path
  try FileAccess.createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
