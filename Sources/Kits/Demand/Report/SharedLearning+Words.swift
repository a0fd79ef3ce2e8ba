import Projects

extension SharedLearning {
  /// What a report says of it.
  var words: String {
    switch (reason, extent) {
    case (.fewSeries(let series), _):
      return
        "Methods that learn from all series were left out: \(Words.count(series, "series", plural: "series and sums")) give them too little to learn from."
    case (.time(let needed), _):
      return
        "Linear maps that learn from all series are among the methods; boosted trees and networks were left out, because "
        + "they need about \(Words.count(Int(needed / 60) + 1, "minute")) of the budget: give \(Words.count(Int(needed / 36) + 1, "minute")), or set networks to yes."
    case (_, .none): return "Methods that learn from all series were not asked for."
    default: return "Linear maps, boosted trees and networks that learn from all series together are among the methods."
    }
  }
}
