import Basics

/// The public data sets that can be loaded, the solutions' first.
public enum DataSetRegistry {
  /// All sets.
  public static let all: [DataSet] = [
    CardFraud.dataSet, CarClaims.dataSet, TurbofanEngines.dataSet, MillingMachine.dataSet, M4.dataSet,
    TransformerTemperature.dataSet, BankCalls.dataSet, CustomerSets.telcoChurn, CustomerSets.cdnow,
    MarketSets.orangeJuice, MarketSets.gowalla, IntentSets.banking, IntentSets.complaints, IntentSets.clinc,
    IntentSets.snips, TextSets.sst2, TextSets.trec, TextSets.reuters, ScienceSets.davis, ScienceSets.cora,
    Digits.dataSet, TabularSuite.dataSet, Molecules.dataSet, MessageSets.crises, MessageSets.dialogues,
    MessageSets.answers, OpenBandit.dataSet,
  ]

  /// The sets of a problem.
  public static func sets(for problem: DataProblem) -> [DataSet] { all.filter { $0.card.problem == problem } }

  /// The set of a name, in any case.
  ///
  /// - Throws: a `configuration` error that offers a name that is close.
  public static func set(named name: String) throws -> DataSet {
    if let found = all.first(where: { $0.card.name == name.lowercased() }) { return found }
    let nearest = all.map(\.card.name).min { distance($0, name) < distance($1, name) }
      .flatMap { distance($0, name) <= max(1, name.count / 3) ? $0 : nil }
    throw AssayError(
      .configuration, "there is no data set \"\(name)\"",
      remedy: (nearest.map { "did you mean \($0)? " } ?? "") + "assay data list shows all")
  }

  /// The problem of a name.
  ///
  /// - Throws: a `configuration` error that offers the names there are.
  public static func problem(named name: String) throws -> DataProblem {
    if let problem = DataProblem(rawValue: name.lowercased()) { return problem }
    let listed = DataProblem.allCases.filter { problem in all.contains { $0.card.problem == problem } }
    throw AssayError(
      .configuration, "there is no problem \"\(name)\"",
      remedy: "problems with data sets are " + listed.map(\.rawValue).joined(separator: ", "))
  }

  /// How far a name is from what was asked for: edits, fewer where one begins like or contains the other.
  private static func distance(_ name: String, _ asked: String) -> Int {
    let (a, b) = (Array(name.utf8), Array(asked.lowercased().utf8))
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1)))
      }
      previous = current
    }
    // "card" should offer fdh-card-fraud and "m4" m4-hourly-weekly, although most of their letters must be added.
    let asked = asked.lowercased()
    let isPart = !asked.isEmpty && (name.hasPrefix(asked) || (b.count >= 3 && name.contains(asked)))
    return isPart ? 0 : previous[b.count]
  }
}
