import Basics
import Estimators
import Kernels
import Networks
import Tensors

/// How rows of features become tensors: windows [rows, steps, channels], lengths [rows], statics [rows, numbers].
struct SequenceEncoding: Sendable, Hashable, Codable {
  let layout: SequenceLayout
  let arrangement: WindowArrangement
  /// By channel, over all steps of the training rows.
  let means: [Float]
  let deviations: [Float]
  let statics: FeatureScaling
  /// Whether training rows had padding: networks that are not told lengths see where it is.
  let hasPadding: Bool

  init(_ features: FeatureMatrix, architecture: SequenceArchitecture, threads: Int) throws {
    layout = try SequenceLayout(features.features)
    arrangement = architecture.arrangement
    let steps = layout.rowsAgo.count
    let windows = layout.windows
    let moments = parallelMap(layout.channels.count, threads: threads) { channel in
      let values = (0..<steps).flatMap { features.dense(windows[channel * steps + $0]) }
      return FeatureScaling.moments(values)
    }
    means = moments.map(\.mean)
    deviations = moments.map(\.deviation)
    statics = FeatureScaling(features, positions: layout.statics)
    hasPadding = Self.lengths(features, layout, threads: threads).contains { $0 < steps }
  }

  /// The channels that the network sees.
  var channels: Int { layout.channels.count + (marksPadding ? 1 : 0) }

  /// Whether a further channel says which steps are there.
  var marksPadding: Bool { hasPadding && arrangement == .paddingFirst }

  /// Whether the network is told lengths.
  var usesLengths: Bool { hasPadding && arrangement != .paddingFirst }

  /// The tensors of all rows: windows, then lengths if they are used, then statics if there are any.
  func tensors(_ features: FeatureMatrix, threads: Int) -> [Tensor] {
    let steps = layout.rowsAgo.count
    let width = channels
    let rows = features.rowCount
    let lengths = hasPadding ? Self.lengths(features, layout, threads: threads) : Array(repeating: steps, count: rows)
    let windows = Tensor.zeros([rows, steps, width])
    withExtendedLifetime(windows) {
      nonisolated(unsafe) let target = windows.floats
      parallel(layout.channels.count, threads: threads) { channel in
        let (mean, scale) = (means[channel], 1 / deviations[channel])
        for step in 0..<steps {
          let values = features.dense(layout.windows[channel * steps + step])
          for row in 0..<rows where step >= steps - lengths[row] && !values[row].isNaN {
            let place = arrangement.place(step, length: steps, known: lengths[row])
            target[(row * steps + place) * width + channel] = (values[row] - mean) * scale
          }
        }
      }
      if marksPadding {
        for row in 0..<rows {
          for step in steps - lengths[row]..<steps { target[(row * steps + step) * width + width - 1] = 1 }
        }
      }
    }
    var result = [windows]
    if usesLengths { result.append(Tensor(lengths.map { Int32($0) })) }
    if statics.width > 0 {
      result.append(Tensor(statics.rows(features, positions: layout.statics), shape: [rows, statics.width]))
    }
    return result
  }

  /// The steps of each row from the first at which some channel is there, at least 1.
  private static func lengths(_ features: FeatureMatrix, _ layout: SequenceLayout, threads: Int) -> [Int] {
    let steps = layout.rowsAgo.count
    var lengths = [Int](repeating: 1, count: features.rowCount)
    for channel in layout.channels.indices {
      for step in 0..<steps - 1 {
        let values = features.dense(layout.windows[channel * steps + step])
        for row in lengths.indices where lengths[row] < steps - step && !values[row].isNaN {
          lengths[row] = steps - step
        }
      }
    }
    return lengths
  }

  /// Runs a network on the tensors of some rows.
  func run(_ module: SequenceModule, _ tensors: [Tensor], _ pass: Pass) -> Tensor {
    let lengths = usesLengths ? tensors[1] : nil
    let statics = statics.width > 0 ? tensors[usesLengths ? 2 : 1] : nil
    return module(tensors[0], lengths: lengths, statics: statics, pass)
  }

  /// How many tensors a row has.
  var tensorCount: Int { 1 + (usesLengths ? 1 : 0) + (statics.width > 0 ? 1 : 0) }
}
