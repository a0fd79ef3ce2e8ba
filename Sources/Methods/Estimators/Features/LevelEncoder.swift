import Basics
import Evaluation

/// Turns the slots of a `LevelIndex` into features: indicators, codes, target statistics, frequency.
struct LevelEncoder: Sendable, Codable {
  let features: [Feature]
  private let slotCount: Int
  /// The slots with an indicator, and the indicator of each slot (-1 for none).
  private let indicatorSlots: [Int32]
  /// The code of each slot, -1 for missing; empty for no codes.
  private let codes: [Int32]
  private let statistics: TargetStatistics?
  /// The share of training rows per slot; empty for no frequency.
  private let frequencies: [Double]
  private let scalers: [NumberScaler]
  private let sparse: Bool

  /// Learns from the training rows; returns their features too.
  static func fit(
    slots: [Int32], index: LevelIndex, name: String, source: String, plan: FeaturePlan, context: TargetContext,
    key: RandomKey
  ) -> (encoder: LevelEncoder, training: [FeatureValues]) {
    let settings = plan.categories
    let levelCount = index.levels.count + (index.hasOther ? 1 : 0)
    let states = (0..<index.slotCount).map(Int32.init).filter {
      $0 < index.other || ($0 == index.other ? index.hasOther : index.hasMissing)
    }
    var features: [Feature] = []
    var training: [FeatureValues] = []
    var scalers: [NumberScaler] = []

    // Of two states, the indicator of the rarer one says everything.
    let indicatorSlots = levelCount <= settings.oneHotUpTo ? (states.count == 2 ? [states[1]] : states) : []
    for slot in indicatorSlots { features.append(Feature("\(name)=\(index.name(of: slot))", source: source)) }
    training += indicators(slots, indicatorSlots, index.slotCount, sparse: plan.sparse)

    let codes = codes(index, settings)
    if let last = codes.max(), last >= 0 {
      features.append(Feature(name, kind: .categorical(levels: Int(last) + 1), source: source))
      training.append(.dense(coded(slots, codes)))
    }

    func addAmount(_ feature: String, _ values: [Double]) {
      let scaler = NumberScaler.fit(values, settings: plan.numbers, key: key[feature])
      features.append(Feature(feature, source: source))
      training.append(.dense(scaler.apply(values)))
      scalers.append(scaler)
    }

    var statistics: TargetStatistics?
    if let above = settings.statisticsAbove, levelCount > above {
      statistics = TargetStatistics(
        slots: slots, slotCount: index.slotCount, context: context, smoothing: settings.smoothing)
      let values = TargetStatistics.training(
        slots: slots, slotCount: index.slotCount, context: context, method: settings.statistics,
        smoothing: settings.smoothing)
      for (output, values) in zip(context.outputs, values) { addAmount(name + output.suffix, values) }
    }

    var frequencies: [Double] = []
    if settings.frequencyAbove.map({ levelCount > $0 }) ?? false || features.isEmpty {
      frequencies = shares(slots, index)
      addAmount("\(name).frequency", slots.map { frequencies[Int($0)] })
    }
    let encoder = LevelEncoder(
      features: features, slotCount: index.slotCount, indicatorSlots: indicatorSlots, codes: codes,
      statistics: statistics, frequencies: frequencies, scalers: scalers, sparse: plan.sparse)
    return (encoder, training)
  }

  /// The features of rows by their slots.
  func encode(slots: [Int32]) -> [FeatureValues] {
    var result = LevelEncoder.indicators(slots, indicatorSlots, slotCount, sparse: sparse)
    if codes.contains(where: { $0 >= 0 }) { result.append(.dense(LevelEncoder.coded(slots, codes))) }
    var amounts = statistics?.values(slots: slots) ?? []
    if !frequencies.isEmpty { amounts.append(slots.map { frequencies[Int($0)] }) }
    for (scaler, values) in zip(scalers, amounts) { result.append(.dense(scaler.apply(values))) }
    return result
  }

  /// The texts of the codes of the categorical feature, by code.
  func codeNames(_ index: LevelIndex) -> [String] {
    guard let last = codes.max(), last >= 0 else { return [] }
    let rest = codes[Int(index.other)]
    return (0...last).map { $0 == rest ? "(other)" : index.levels[Int($0)] }
  }

  private static func codes(_ index: LevelIndex, _ settings: FeaturePlan.Categories) -> [Int32] {
    let levels = index.levels.count
    let all = levels + (index.hasOther ? 1 : 0)
    guard settings.codesUpTo > 0, all <= settings.codesUpTo || settings.codesBeyond else { return [] }
    let own = all <= settings.codesUpTo ? levels : settings.codesUpTo - 1
    let rest: Int32 = own < levels || index.hasOther ? Int32(own) : -1
    return (0..<levels).map { $0 < own ? Int32($0) : rest } + [rest, -1]
  }

  private static func coded(_ slots: [Int32], _ codes: [Int32]) -> [Float] {
    let numbers = codes.map { $0 < 0 ? Float.nan : Float($0) }
    return slots.map { numbers[Int($0)] }
  }

  /// The share of rows per slot. Rare levels were counted together: each, and a new one, has an equal part of them.
  private static func shares(_ slots: [Int32], _ index: LevelIndex) -> [Double] {
    var counts = [Double](repeating: 0, count: index.slotCount)
    for slot in slots { counts[Int(slot)] += 1 }
    counts[Int(index.other)] /= Double(max(1, index.otherLevelCount))
    return counts.map { $0 / Double(slots.count) }
  }

  private static func indicators(
    _ slots: [Int32], _ indicatorSlots: [Int32], _ slotCount: Int, sparse: Bool
  ) -> [FeatureValues] {
    if indicatorSlots.isEmpty { return [] }
    if !sparse {
      return indicatorSlots.map { indicated in .dense(slots.map { $0 == indicated ? 1 : 0 }) }
    }
    var position = [Int](repeating: -1, count: slotCount)
    for (indicator, slot) in indicatorSlots.enumerated() { position[Int(slot)] = indicator }
    var rows = [[Int32]](repeating: [], count: indicatorSlots.count)
    for (row, slot) in slots.enumerated() {
      let indicator = position[Int(slot)]
      if indicator >= 0 { rows[indicator].append(Int32(row)) }
    }
    return rows.map { .sparse(rows: $0, values: [Float](repeating: 1, count: $0.count)) }
  }
}

/// A column with levels, encoded.
struct CategoryEncoder: Sendable, Codable {
  let column: String
  let index: LevelIndex
  let encoder: LevelEncoder
}
