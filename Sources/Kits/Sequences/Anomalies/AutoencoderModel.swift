import Basics
import Estimators
import Foundation
import Kernels
import Networks
import Tensors

/// Networks that rebuild usual rows.
public struct AutoencoderModel: AnomalyModel {
  /// The name in bundles.
  public static let kind = "autoencoder"

  private let scaling: FeatureScaling
  private let shape: AutoencoderShape
  private let members: [AutoencoderModule]

  init(scaling: FeatureScaling, shape: AutoencoderShape, members: [AutoencoderModule]) {
    self.scaling = scaling
    self.shape = shape
    self.members = members
  }

  private static let block = 1024

  /// The mean squared difference between a row's standardised numbers and what the networks make of them: about 1 for
  /// rows of which nothing is understood, near 0 for usual ones.
  public func scores(_ features: FeatureMatrix, threads: Int) -> [Double] {
    errors(features, threads: threads).map { $0.reduce(0, +) / Double(shape.width) }
  }

  /// The share of each feature in a row's score: which features make it unusual. One list per row, in the order of the
  /// features; their sum is the score.
  public func parts(_ features: FeatureMatrix, threads: Int) -> [[Double]] {
    errors(features, threads: threads).map { errors in
      var start = 0
      return scaling.columns.map { column in
        defer { start += column.width }
        return errors[start..<start + column.width].reduce(0, +) / Double(shape.width)
      }
    }
  }

  /// The squared differences of each row, averaged over members.
  private func errors(_ features: FeatureMatrix, threads: Int) -> [[Double]] {
    let positions = Array(features.features.indices)
    require(
      positions.count == scaling.columns.count, "AutoencoderModel",
      "\(positions.count) features, learned from \(scaling.columns.count)")
    let rows = scaling.rows(features, positions: positions)
    let width = shape.width
    let parts = parallelMap((features.rowCount + Self.block - 1) / Self.block, threads: threads) { part -> [[Double]] in
      let range = part * Self.block..<min(features.rowCount, (part + 1) * Self.block)
      let input = Tensor(Array(rows[range.lowerBound * width..<range.upperBound * width]), shape: [range.count, width])
      var sums = [Double](repeating: 0, count: range.count * width)
      Compute.$threads.withValue(1) {
        for member in members {
          for (place, error) in square(member(input) - input).values(Float.self).enumerated() {
            sums[place] += Double(error) / Double(members.count)
          }
        }
      }
      return range.indices.map { Array(sums[($0 - range.lowerBound) * width..<($0 - range.lowerBound + 1) * width]) }
    }
    return parts.flatMap { $0 }
  }
}

extension AutoencoderModel: Codable {
  private enum Key: String, CodingKey {
    case scaling, shape, members
  }

  /// Reads a model; the weights are the bytes of safetensors files.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    scaling = try container.decode(FeatureScaling.self, forKey: .scaling)
    let shape = try container.decode(AutoencoderShape.self, forKey: .shape)
    self.shape = shape
    guard min(shape.width, shape.hidden, shape.code) > 0, shape.width == scaling.width else {
      throw AssayError(.bundle, "the sizes of the autoencoder do not fit", remedy: "save the model again")
    }
    members = try container.decode([Data].self, forKey: .members).enumerated().map { member, bytes in
      let module = AutoencoderModule(shape, key: RandomKey(seed: 0))
      try module.load(SafeTensors([UInt8](bytes), source: "member \(member) of the autoencoder").tensors())
      return module
    }
  }

  /// Writes the model.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(scaling, forKey: .scaling)
    try container.encode(shape, forKey: .shape)
    try container.encode(members.map { Data(try SafeTensors.bytes(of: $0.weights)) }, forKey: .members)
  }
}
