import Basics
import Estimators
import Evaluation
import Tables

/// How much each input column moved each prediction, summed over the features made from it.
///
/// The numbers are on the scale on which the members add up effects: log-odds for classes, the label's scale for numbers.
/// Members that cannot say (neighbours, networks) are left out; `explainedShare` is the weight of the others.
public struct ColumnContributions: Sendable {
  /// The columns, in the order of the bundle's schema.
  public let columns: [String]
  /// The outputs per row: 1 for numbers and two classes (the positive one), else one per class.
  public let width: Int
  /// `values[(row * width + output) * columns.count + column]`.
  public let values: [Double]
  /// The share of the ensemble's weight that the numbers speak for; 0 if no member can say.
  public let explainedShare: Double

  /// The contributions to one output of one row, by column.
  public func row(_ row: Int, output: Int = 0) -> [ColumnContribution] {
    let start = (row * width + output) * columns.count
    return columns.indices.map { ColumnContribution(column: columns[$0], amount: values[start + $0]) }
  }
}

extension ModelBundle {
  /// The contributions of all columns to all rows of a table.
  ///
  /// Exact Shapley values for trees, exact products for linear members, averaged over fits and members by weight.
  public func contributions(_ table: Table, threads: Int) throws -> ColumnContributions {
    let table = try table.conforming(to: schema)
    let width = task.isBinary ? 1 : task.width
    let columns = schema.fields.map(\.name)
    let index = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    var values = Array(repeating: 0.0, count: table.rowCount * width * columns.count)
    let explaining = members.filter { $0.fits.allSatisfy { $0.model.model is any ContributingModel } }
    let share = explaining.reduce(0) { $0 + $1.weight }
    for member in explaining {
      let scale = member.weight / share / Double(member.fits.count)
      for fit in member.fits {
        guard let model = fit.model.model as? any ContributingModel else { continue }
        let pipeline = pipelines[fit.pipeline]
        let features = try pipeline.transform(table, threads: threads)
        let found = model.contributions(features, threads: threads)
        let sources = features.features.map { index[$0.source] ?? 0 }
        let stride = sources.count + 1
        for block in 0..<table.rowCount * width {
          for (feature, source) in sources.enumerated() {
            values[block * columns.count + source] += scale * found.values[block * stride + feature]
          }
        }
      }
    }
    return ColumnContributions(columns: columns, width: width, values: values, explainedShare: share)
  }
}
