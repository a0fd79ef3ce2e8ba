import Projects
import TimeSeries

/// Which methods that learn from all series are used, and why.
struct SharedLearning {
  /// How much is used.
  enum Extent: String, Codable {
    /// None.
    case none
    /// Linear maps, which take seconds.
    case linear
    /// Boosting and networks beside them.
    case all
  }

  /// How much is used.
  let extent: Extent
  /// What a report says of it.
  let words: String

  /// As much as a run has used.
  init(_ extent: Extent) {
    self.extent = extent
    words = ""
  }

  /// Decides by the setting, the number of series and the time: the same on every machine.
  init(_ project: Project, _ panel: DemandPanel, fits: Int, context: ProjectContext) {
    let setting = project.settings.text("networks") ?? "auto"
    let series = panel.nodes.count
    // Seconds of one fit on one processor, as measured on panels of 1 and of 29 series.
    let seconds = 40 + 0.0007 * Double(min(series * panel.count, 500_000))
    let needed = seconds * Double(fits) / Double(max(1, context.threads))
    switch setting {
    case "no":
      extent = .none
      words = "Methods that learn from all series were not asked for."
    case "yes":
      extent = .all
      words = "Linear maps, boosted trees and networks that learn from all series together are among the methods."
    default:
      if series < 8 {
        extent = .none
        words =
          "Methods that learn from all series were left out: \(Words.count(series, "series", plural: "series and sums")) give them too little to learn from."
      } else if needed > 0.6 * context.budget {
        extent = .linear
        words =
          "Linear maps that learn from all series are among the methods; boosted trees and networks were left out, because "
          + "they need about \(Words.count(Int(needed / 60) + 1, "minute")) of the budget: give \(Words.count(Int(needed / 36) + 1, "minute")), or set networks to yes."
      } else {
        extent = .all
        words = "Linear maps, boosted trees and networks that learn from all series together are among the methods."
      }
    }
  }

  /// The methods for series with what is known in advance.
  func methods(_ nodes: [Series], request: ForecastRequest, covariates: [Covariates?]?) -> [any GlobalForecaster] {
    guard extent != .none else { return [] }
    let mixture = AveragedGlobal.standard(for: nodes, request: request, hasNetworks: extent == .all)
    guard let covariates else { return [mixture] }
    let named = zip(nodes, covariates).compactMap { node, own in own.map { (node.name, $0) } }
    return [AdjustedGlobal(mixture, covariates: Dictionary(named) { first, _ in first })]
  }
}
