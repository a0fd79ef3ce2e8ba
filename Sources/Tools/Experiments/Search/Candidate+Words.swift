import Estimators

extension Candidate {
  /// The settings in words, for the leaderboard.
  public var words: String {
    var parts: [String] = []
    switch learner {
    case .baseline: parts.append("the same for every row")
    case .stump: parts.append("one split")
    case .linear(let settings): parts.append("elastic net, l1 share \(ShortNumber.text(settings.l1Ratio))")
    case .boosting(let settings):
      parts.append("\(settings.leaves) leaves, rate \(ShortNumber.text(settings.learningRate))")
      if settings.minimumChildRows != 20 { parts.append("\(settings.minimumChildRows) rows per leaf") }
      if settings.columnShare < 1 { parts.append("\(percent(settings.columnShare)) of columns") }
      if settings.columnShareByNode < 1 { parts.append("\(percent(settings.columnShareByNode)) of columns per split") }
      if settings.rowShare < 1 { parts.append("\(percent(settings.rowShare)) of rows") }
      if settings.l2 > 0 { parts.append("l2 \(ShortNumber.text(settings.l2))") }
    case .forest(let settings):
      parts.append("\(settings.trees) trees, \(settings.minimumChildRows) rows per leaf")
    case .neighbours(let settings):
      parts.append(settings.neighbours.map { "\($0) neighbours" } ?? "number of neighbours chosen")
    case .bayes: parts.append("independent features")
    case .network(let settings):
      let widths = settings.hiddenWidths.map(String.init).joined(separator: "-")
      let members = settings.members == 1 ? "" : ", \(settings.members) members"
      parts.append("layers \(widths), dropout \(ShortNumber.text(settings.dropout))\(members)")
    case .process: parts.append("a length scale per column")
    case .isolation(let settings):
      parts.append("\(settings.trees) trees of \(settings.sampleSize) rows, without labels")
    case .autoencoder: parts.append("what cannot be rebuilt, without labels")
    case .sequence(let settings):
      switch settings.architecture {
      case .lstm(let units, let layers), .gru(let units, let layers):
        parts.append("\(units) units" + (layers > 1 ? " in \(layers) layers" : ""))
      case .convolution(let channels, _): parts.append("channels \(channels.map(String.init).joined(separator: "-"))")
      case .temporal(let channels, _, let blocks): parts.append("\(blocks) blocks of \(channels) channels")
      case .transformer(let width, _, let blocks): parts.append("\(blocks) blocks of width \(width)")
      }
    }
    if labelScale == .logarithm { parts.append("log scale") }
    return parts.joined(separator: ", ")
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
