import Basics
import Tables

/// A column of free text: weighted or hashed terms, components, statistics.
struct TextEncoder: Sendable, Codable {
  let column: String
  let features: [Feature]
  private let terms: TermWeights?
  private let hashing: TermHashing?
  private let components: TextComponents?
  private let statistics: [TextStatistic]
  /// For components, then statistics.
  private let scalers: [NumberScaler]
  private let sparse: Bool

  /// Learns from the training rows.
  static func fit(
    _ texts: TextValues, column: String, plan: FeaturePlan, context: TargetContext, key: RandomKey, threads: Int
  ) -> (encoder: TextEncoder, training: [FeatureValues]) {
    let settings = plan.texts
    var names: [String] = []
    var training: [FeatureValues] = []
    var scalers: [NumberScaler] = []
    var terms: TermWeights?
    var hashing: TermHashing?
    var components: TextComponents?

    func addAmount(_ name: String, _ values: [Double]) {
      let scaler = NumberScaler.fit(values, settings: plan.numbers, key: key[name])
      names.append("\(column).\(name)")
      training.append(.dense(scaler.apply(values)))
      scalers.append(scaler)
    }

    if settings.terms == .weighted || settings.components > 0 {
      let choosesTerms = settings.terms == .weighted && settings.informativeTerms != nil
      let counter = TermCounter(texts, settings: settings, context: choosesTerms ? context : nil, threads: threads)
      if settings.terms == .weighted {
        let (vocabulary, termTexts, documents) = counter.vocabulary(
          limit: settings.vocabularyLimit, informative: settings.informativeTerms)
        let weights = TermWeights(
          vocabulary, documents: documents, rowCount: texts.count, sublinear: settings.sublinear,
          normalised: settings.normalised)
        terms = weights
        names += termTexts.map { "\(column): \($0)" }
        training += TermRows.columns(
          weights.rows(texts, threads: threads), termCount: vocabulary.termCount, sparse: plan.sparse)
      }
      if settings.components > 0 {
        let (vocabulary, _, documents) = counter.vocabulary(
          limit: min(settings.vocabularyLimit, TextComponents.vocabularyLimit), informative: nil)
        let weights = TermWeights(
          vocabulary, documents: documents, rowCount: texts.count, sublinear: settings.sublinear, normalised: true)
        let fitted = TextComponents.fit(
          texts, weights: weights, components: settings.components, key: key["components"], threads: threads)
        components = fitted?.components
        for (index, values) in (fitted?.training ?? []).enumerated() { addAmount("topic\(index + 1)", values) }
      }
    }
    if settings.terms == .hashed {
      let (fitted, rows) = TermHashing.fit(texts, settings: settings, threads: threads)
      hashing = fitted
      names += fitted.buckets.map { "\(column)#\($0)" }
      training += TermRows.columns(rows, termCount: fitted.buckets.count, sparse: plan.sparse)
    }
    var statistics: [TextStatistic] = []
    if settings.statistics {
      for (statistic, values) in zip(TextStatistic.allCases, TextStatistic.measure(texts, threads: threads)) {
        guard let first = values.first(where: { !$0.isNaN }), values.contains(where: { $0 != first }) else { continue }
        statistics.append(statistic)
        addAmount(statistic.rawValue, values)
      }
    }
    let encoder = TextEncoder(
      column: column, features: names.map { Feature($0, source: column) }, terms: terms, hashing: hashing,
      components: components, statistics: statistics, scalers: scalers, sparse: plan.sparse)
    return (encoder, training)
  }

  func encode(_ column: Column, threads: Int) throws -> [FeatureValues] {
    let texts = try ColumnReading.texts(column)
    var result =
      terms.map {
        TermRows.columns($0.rows(texts, threads: threads), termCount: $0.vocabulary.termCount, sparse: sparse)
      } ?? []
    var amounts = components?.encode(texts, threads: threads) ?? []
    if !statistics.isEmpty {
      let measured = TextStatistic.measure(texts, threads: threads)
      amounts += TextStatistic.allCases.indices.filter { statistics.contains(TextStatistic.allCases[$0]) }.map {
        measured[$0]
      }
    }
    let componentCount = components?.componentCount ?? 0
    func scaled(_ range: Range<Int>) -> [FeatureValues] { range.map { .dense(scalers[$0].apply(amounts[$0])) } }
    result += scaled(0..<componentCount)
    if let hashing {
      result += TermRows.columns(
        hashing.rows(texts, threads: threads), termCount: hashing.buckets.count, sparse: sparse)
    }
    return result + scaled(componentCount..<amounts.count)
  }
}
