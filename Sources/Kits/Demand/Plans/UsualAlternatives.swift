import Planning
import Projects

extension UnitPlan.Alternative {
  /// What is usually asked: other demands, lead times and costs; the first changes nothing.
  static func usual(step: String, _ nouns: DemandNouns) -> [UnitPlan.Alternative] {
    let (demand, unit) = (nouns.demand, nouns.unit)
    return [
      .init("as planned"), .init("\(demand) 10 % higher", growth: 1.1), .init("\(demand) 20 % higher", growth: 1.2),
      .init("\(demand) 10 % lower", growth: 0.9), .init("\(unit)s come at once") { $0.leadTime = 0 },
      .init("\(unit)s come \(Words.count(7, step)) later") { $0.leadTime += 7 },
      .init("having \(Words.one(unit)) costs 20 % more") { $0.holdingCost *= 1.2 },
      .init("a shortage costs twice as much") { $0.shortageCost *= 2 },
    ]
  }
}

extension CallPlan.Alternative {
  /// What is usually asked: more and fewer calls, shorter ones, patient callers; the first changes nothing.
  static let usual: [CallPlan.Alternative] = [
    .init("as planned"), .init("10 % more calls", growth: 1.1), .init("10 % fewer calls", growth: 0.9),
    .init("calls take 10 % less time") { $0.serviceTime *= 0.9 },
    .init("nobody gives up (Erlang C)") { $0.patience = nil },
  ]
}
