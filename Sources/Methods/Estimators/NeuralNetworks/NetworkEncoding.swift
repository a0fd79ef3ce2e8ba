import Basics
import Foundation
import Kernels

/// How features become the inputs of a network.
///
/// - A number becomes itself, standardised by its quartiles and bent so that far values stay below 3, and a
///   piecewise-linear code over its quantiles (Gorishniy, Rubachev and Babenko, "On embeddings for numerical features
///   in tabular deep learning", 2022): one input per bin that rises from 0 to 1 across it. Missing is the median, with
///   an indicator.
/// - A number of which single values mean something of their own (see `SpecialValues`) has a learned vector per value too.
/// - A category of up to 8 levels becomes indicators; one of more levels a vector that is learned. Missing is a level;
///   a level not seen has zeros.
/// - With more than 400 numeric features, their first 128 principal components take their place.
struct NetworkEncoding: Sendable, Codable {
  struct Number: Sendable, Codable {
    let feature: Int
    let centre: Float
    let scale: Float
    /// Ends of the bins, ascending; empty for a number of one or two values.
    let edges: [Float]
    let hasIndicator: Bool

    var width: Int { 1 + max(0, edges.count - 1) + (hasIndicator ? 1 : 0) }
  }

  struct Category: Sendable, Codable {
    let feature: Int
    /// The position of each level among those seen, -1 if not seen; the last entry is that of missing.
    let positions: [Int32]
    let count: Int
  }

  private let components: PrincipalComponentsModel?
  private let numericFeatures: [Int]
  let numbers: [Number]
  /// Categories with an indicator per level.
  let indicators: [Category]
  /// Categories with a learned vector per level.
  let embedded: [Category]
  /// Numbers with a learned vector per value.
  let special: [SpecialValues]
  let denseWidth: Int

  private static let mostNumbers = 400
  private static let mostIndicators = 8
  /// Inputs that the piecewise-linear codes may take together, and bins of one of them.
  private static let codeWidth = 256
  private static let mostBins = 16

  /// The length of the learned vector of a category.
  static func vectorWidth(_ count: Int) -> Int { min(16, Int((1.6 * pow(Double(count), 0.5)).rounded(.up))) }

  /// The number of levels or values of each feature with learned vectors.
  var tableSizes: [Int] { embedded.map(\.count) + special.map(\.count) }

  init(_ data: TrainingData, context: FitContext) throws {
    let matrix = data.features
    numericFeatures = matrix.features.indices.filter { matrix.features[$0].kind == .numeric }
    var numeric = NetworkEncoding.columns(matrix, numericFeatures)
    if numericFeatures.count > NetworkEncoding.mostNumbers {
      components = try PrincipalComponents(components: 128).fit(numeric, context: context) as? PrincipalComponentsModel
      numeric = components?.transform(numeric, threads: context.threads) ?? numeric
    } else {
      components = nil
    }
    let bins = min(NetworkEncoding.mostBins, NetworkEncoding.codeWidth / max(1, numeric.featureCount))
    numbers = parallelMap(numeric.featureCount, threads: context.threads) { [numeric] feature in
      NetworkEncoding.number(feature, numeric.dense(feature), bins: bins)
    }.compactMap { $0 }
    if components == nil {
      let response = SpecialValues.Response(data, key: context.key["special values"])
      special = parallelMap(numeric.featureCount, threads: context.threads) { [numeric, numbers] feature in
        guard let number = numbers.first(where: { $0.feature == feature }) else { return nil }
        return SpecialValues(feature, numeric.dense(feature), edges: number.edges, response: response)
      }.compactMap { $0 }
    } else {
      special = []
    }
    var indicators: [Category] = []
    var embedded: [Category] = []
    for feature in matrix.features.indices {
      guard case .categorical(let levels) = matrix.features[feature].kind else { continue }
      let category = NetworkEncoding.category(feature, matrix.dense(feature), levels: levels)
      if category.count < 2 { continue }
      if category.count <= NetworkEncoding.mostIndicators {
        indicators.append(category)
      } else {
        embedded.append(category)
      }
    }
    self.indicators = indicators
    self.embedded = embedded
    denseWidth = numbers.reduce(0) { $0 + $1.width } + indicators.reduce(0) { $0 + $1.count }
  }

  private static func columns(_ matrix: FeatureMatrix, _ features: [Int]) -> FeatureMatrix {
    FeatureMatrix(
      features: features.map { matrix.features[$0] }, columns: features.map { matrix.columns[$0] },
      rowCount: matrix.rowCount)
  }

  private static func number(_ feature: Int, _ values: [Float], bins: Int) -> Number? {
    let sorted = values.filter(\.isFinite).sorted()
    guard let lowest = sorted.first, let highest = sorted.last, lowest < highest else { return nil }
    func quantile(_ share: Double) -> Float { sorted[Int(share * Double(sorted.count - 1))] }
    var spread = (quantile(0.75) - quantile(0.25)) / 1.35
    if !(spread > 0) { spread = (highest - lowest) / 2 }
    guard spread.isFinite, spread > 0 else { return nil }
    let edges = bins >= 2 ? NetworkEncoding.edges(sorted, bins: bins) : []
    return Number(
      feature: feature, centre: quantile(0.5), scale: spread, edges: edges.count > 2 ? edges : [],
      hasIndicator: sorted.count < values.count)
  }

  /// The ends of up to so many bins with about as many rows each. A value that alone fills a bin counts for no more than
  /// that, so that the many zeros of an amount leave the other bins to the rest.
  private static func edges(_ sorted: [Float], bins: Int) -> [Float] {
    var distinct: [(value: Float, weight: Double)] = []
    let most = Double(sorted.count) / Double(bins)
    var start = 0
    for index in sorted.indices where index + 1 == sorted.count || sorted[index + 1] != sorted[index] {
      distinct.append((sorted[index], min(Double(index + 1 - start), most)))
      start = index + 1
    }
    let total = distinct.reduce(0) { $0 + $1.weight }
    var edges = [sorted[0]]
    var passed = 0.0
    for (position, entry) in distinct.enumerated().dropFirst() {
      passed += distinct[position - 1].weight
      if passed >= total * Double(edges.count) / Double(bins) || position == distinct.count - 1 {
        edges.append(entry.value)
      }
    }
    return edges
  }

  private static func category(_ feature: Int, _ values: [Float], levels: Int) -> Category {
    var positions = [Int32](repeating: -1, count: levels + 1)
    for value in values {
      if let level = levelCode(value, levels: levels) {
        positions[level] = 0
      } else if value.isNaN {
        positions[levels] = 0
      }
    }
    var count: Int32 = 0
    for index in positions.indices where positions[index] == 0 {
      positions[index] = count
      count += 1
    }
    return Category(feature: feature, positions: positions, count: Int(count))
  }

  /// Inputs of rows: `denseWidth` numbers per row, and one position per row and embedded category (-1 for none).
  func encode(_ matrix: FeatureMatrix, threads: Int) -> (dense: [Float], positions: [Int32]) {
    var numeric = NetworkEncoding.columns(matrix, numericFeatures)
    if let components { numeric = components.transform(numeric, threads: threads) }
    let numberColumns = numbers.map { numeric.columns[$0.feature].densified(rowCount: matrix.rowCount) }
    let indicatorColumns = indicators.map { matrix.columns[$0.feature].densified(rowCount: matrix.rowCount) }
    let specialColumns = special.map { numeric.columns[$0.feature].densified(rowCount: matrix.rowCount) }
    let tables = embedded.count + special.count
    let embeddedColumns = embedded.map { matrix.columns[$0.feature].densified(rowCount: matrix.rowCount) }
    let shard = 512
    let parts = parallelMap((matrix.rowCount + shard - 1) / shard, threads: threads) { part in
      let rows = part * shard..<min(matrix.rowCount, (part + 1) * shard)
      var dense = [Float](repeating: 0, count: rows.count * denseWidth)
      var positions = [Int32](repeating: -1, count: rows.count * tables)
      dense.withUnsafeMutableBufferPointer { dense in
        var offset = 0
        for (number, column) in zip(numbers, numberColumns) {
          for row in 0..<rows.count {
            number.write(column[rows.lowerBound + row], to: dense.baseAddress! + row * denseWidth + offset)
          }
          offset += number.width
        }
        for (category, column) in zip(indicators, indicatorColumns) {
          for row in 0..<rows.count {
            let position = category.position(column[rows.lowerBound + row])
            if position >= 0 { dense[row * denseWidth + offset + Int(position)] = 1 }
          }
          offset += category.count
        }
      }
      for (index, (category, column)) in zip(embedded, embeddedColumns).enumerated() {
        for row in 0..<rows.count {
          positions[row * tables + index] = category.position(column[rows.lowerBound + row])
        }
      }
      for (index, (values, column)) in zip(special, specialColumns).enumerated() {
        for row in 0..<rows.count {
          positions[row * tables + embedded.count + index] = values.position(column[rows.lowerBound + row])
        }
      }
      return (dense, positions)
    }
    return (parts.flatMap(\.0), parts.flatMap(\.1))
  }
}

extension NetworkEncoding.Number {
  /// Writes the inputs of a value.
  @inline(__always)
  func write(_ raw: Float, to inputs: UnsafeMutablePointer<Float>) {
    let value = raw.isFinite ? raw : centre
    let z = min(max((value - centre) / scale, -1e6), 1e6)
    inputs[0] = z / (1 + z * z / 9).squareRoot()
    for bin in 0..<max(0, edges.count - 1) {
      let share = (value - edges[bin]) / (edges[bin + 1] - edges[bin])
      // About the share of rows beyond the bin is taken off, so that inputs are centred.
      inputs[1 + bin] = min(max(share, 0), 1) - 1 + (Float(bin) + 0.5) / Float(edges.count - 1)
    }
    if hasIndicator { inputs[width - 1] = raw.isFinite ? 0 : 1 }
  }
}

extension NetworkEncoding.Category {
  @inline(__always)
  func position(_ value: Float) -> Int32 {
    if let level = levelCode(value, levels: positions.count - 1) { return positions[level] }
    return value.isFinite ? -1 : positions[positions.count - 1]
  }
}
