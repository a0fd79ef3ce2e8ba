import Basics
import Estimators
import Evaluation
import Foundation
import Kernels
import Networks
import Tensors

/// Trained networks that read windows; their predictions are averaged.
public struct SequenceNetworkModel: Model {
  /// The name in bundles.
  public static let kind = "sequence-network"

  /// What the model predicts. With a quantile loss predictions have one number per level, rising.
  public var task: LearningTask { objective.task }
  /// Which features are steps of the window.
  public var layout: SequenceLayout { encoding.layout }
  /// How windows are read.
  public var architecture: SequenceArchitecture { shape.architecture }

  private let encoding: SequenceEncoding
  private let objective: SequenceObjective
  private let shape: SequenceShape
  private let members: [SequenceModule]

  init(encoding: SequenceEncoding, objective: SequenceObjective, shape: SequenceShape, members: [SequenceModule]) {
    self.encoding = encoding
    self.objective = objective
    self.shape = shape
    self.members = members
  }

  /// Rows that are computed at a time.
  private static let block = 512

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let tensors = encoding.tensors(features, threads: threads)
    let width = objective.width
    let parts = parallelMap((features.rowCount + Self.block - 1) / Self.block, threads: threads) { part -> [Double] in
      let rows = part * Self.block..<min(features.rowCount, (part + 1) * Self.block)
      var sums = [Double](repeating: 0, count: rows.count * width)
      let inputs = tensors.map { $0[rows] }
      Compute.$threads.withValue(1) {
        for member in members { objective.add(encoding.run(member, inputs, .inference).values(Float.self), to: &sums) }
      }
      for place in sums.indices { sums[place] /= Double(members.count) }
      objective.finish(&sums)
      return sums
    }
    return Predictions(parts.flatMap { $0 }, width: width)
  }
}

extension SequenceNetworkModel: Codable {
  private enum Key: String, CodingKey {
    case encoding, objective, shape, members
  }

  /// Reads a model; the weights are the bytes of safetensors files.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    encoding = try container.decode(SequenceEncoding.self, forKey: .encoding)
    objective = try container.decode(SequenceObjective.self, forKey: .objective)
    let shape = try container.decode(SequenceShape.self, forKey: .shape)
    let start = objective.start
    self.shape = shape
    try shape.architecture.check()
    members = try container.decode([Data].self, forKey: .members).enumerated().map { member, bytes in
      let module = SequenceModule(shape, start: start, key: RandomKey(seed: 0))
      try module.load(SafeTensors([UInt8](bytes), source: "member \(member) of the sequence network").tensors())
      return module
    }
  }

  /// Writes the model.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(encoding, forKey: .encoding)
    try container.encode(objective, forKey: .objective)
    try container.encode(shape, forKey: .shape)
    try container.encode(members.map { Data(try SafeTensors.bytes(of: $0.weights)) }, forKey: .members)
  }
}
