import Basics
import Estimators
import Sequences

/// A model of any kind, coded with the name of its kind.
public struct StoredModel: Sendable, Codable {
  /// The model.
  public let model: any Model

  /// The kinds a bundle may hold. A kind, once released, stays in this list.
  public static let kinds: [any Model.Type] = [
    PriorModel.self, StumpModel.self, ElasticNetModel.self, TreeEnsemble.self, NearestNeighboursModel.self,
    NaiveBayesModel.self, NeuralNetworkModel.self, GaussianProcessModel.self, SequenceNetworkModel.self,
    AnomalyClassifierModel<IsolationForestModel>.self, AnomalyClassifierModel<AutoencoderModel>.self,
  ]

  /// Wraps a model.
  public init(_ model: any Model) { self.model = model }

  private enum Key: String, CodingKey { case kind, model }

  /// Reads a model of the kind that is named beside it.
  ///
  /// - Throws: a `bundle` error for a kind that this version does not know.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .kind)
    guard let kind = Self.kinds.first(where: { $0.kind == name }) else {
      throw AssayError(
        .bundle, "the bundle holds a model of the kind \"\(name)\", which this version does not know",
        remedy: "use a newer version of assay")
    }
    func decode<M: Model>(_ type: M.Type) throws -> any Model { try container.decode(type, forKey: .model) }
    model = try decode(kind)
  }

  /// Writes the name of the kind, then the model.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: model).kind, forKey: .kind)
    func encode<M: Model>(_ model: M) throws { try container.encode(model, forKey: .model) }
    try encode(model)
  }
}
