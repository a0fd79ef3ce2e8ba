import Basics
import Tensors

/// The state of a run of training in a file: weights, the optimiser's memory, averaged and best weights, and where the run
/// stands.
///
/// The file is in the safetensors format, so other programs can read its weights, named "weights/path". A digest over its
/// content tells damage from a state.
public struct Checkpoint: Sendable {
  /// The number of complete epochs.
  public var epoch: Int { state.epoch }
  /// The number of updates of the weights.
  public var step: Int { state.step }
  /// What each complete epoch gave.
  public var history: [EpochRecord] { state.history }
  /// The weights after the last step, by path: for `model.load`.
  public var weights: [String: Tensor] { groups["weights"] ?? [:] }
  /// The weights of the best epoch by the validation data; nil without such data.
  public var bestWeights: [String: Tensor]? { groups["best"] }

  let state: TrainingState
  let settings: [String: String]
  /// "weights", "optimizer", "average", "best".
  let groups: [String: [String: Tensor]]

  private static let field = "assay.checkpoint"
  private static let version = 1

  /// What stands in the file besides tensors.
  private struct Description: Codable {
    let version: Int
    let state: TrainingState
    let settings: [String: String]
    let groups: [String]
  }

  init(state: TrainingState, settings: [String: String], groups: [String: [String: Tensor]]) {
    self.state = state
    self.settings = settings
    self.groups = groups
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: a `file` or `format` error where it cannot be read or is no safetensors file, a `bundle` error where it is
  ///   no checkpoint, damaged, or of a newer version.
  public init(opening path: String) throws {
    let file = try SafeTensors(opening: path)
    guard let text = file.metadata[Self.field], let digest = file.metadata[Self.field + ".digest"] else {
      throw AssayError(.bundle, "the file is no checkpoint of a run of training", at: path, remedy: "name another file")
    }
    struct Version: Decodable { let version: Int }
    let version = try CanonicalJSON.decode(Version.self, from: Array(text.utf8), source: path).version
    guard version == Self.version else {
      throw AssayError(
        .bundle, "the checkpoint has version \(version), known is \(Self.version)", at: path,
        remedy: "use the program that wrote it, or a newer one")
    }
    let tensors = try file.tensors()
    guard Self.digest(of: tensors, text) == digest else {
      throw AssayError(
        .bundle, "the checkpoint is damaged: its content does not have the digest that it states", at: path,
        remedy: "restore it from a copy, or begin anew without it")
    }
    let description = try CanonicalJSON.decode(Description.self, from: Array(text.utf8), source: path)
    var groups: [String: [String: Tensor]] = [:]
    for group in description.groups { groups[group] = [:] }
    for (name, tensor) in tensors {
      guard let slash = name.firstIndex(of: "/") else { continue }
      groups[String(name[..<slash]), default: [:]][String(name[name.index(after: slash)...])] = tensor
    }
    self.init(state: description.state, settings: description.settings, groups: groups)
  }

  /// Writes the file as a whole.
  func write(to path: String) throws {
    var tensors: [String: Tensor] = [:]
    for (group, members) in groups {
      for (name, tensor) in members { tensors[group + "/" + name] = tensor }
    }
    let description = Description(version: Self.version, state: state, settings: settings, groups: groups.keys.sorted())
    let text = String(decoding: try CanonicalJSON.encode(description), as: UTF8.self)
    let metadata = [Self.field: text, Self.field + ".digest": Self.digest(of: tensors, text)]
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  /// The SHA-256 digest of the description and of all tensors with their names.
  private static func digest(of tensors: [String: Tensor], _ text: String) -> String {
    var digest = SHA256()
    digest.update(Array(text.utf8))
    for name in tensors.keys.sorted() {
      guard let tensor = tensors[name] else { continue }
      digest.update(Array("\(name)\u{0}\(tensor.shape)\(tensor.type)".utf8))
      tensor.withBytes { digest.update($0) }
    }
    return digest.hexadecimal()
  }
}

extension TrainingRun {
  /// Writes the checkpoint, if one is kept: the state after the last step.
  func save() throws {
    guard let path = trainer.checkpoints?.path else { return }
    var groups = ["weights": weights, "optimizer": optimizer.state]
    groups["average"] = average?.state
    groups["best"] = best
    try Checkpoint(state: state, settings: settings, groups: groups).write(to: path)
    savedStep = state.step
  }

  /// Goes on from the checkpoint, if there is one and it is wanted.
  func resume() throws {
    guard let checkpoints = trainer.checkpoints, checkpoints.resumes, FileAccess.exists(checkpoints.path) else {
      return
    }
    let checkpoint = try Checkpoint(opening: checkpoints.path)
    func refuse(_ problem: String) -> AssayError {
      AssayError(
        .bundle, "the checkpoint is of another run: \(problem)", at: checkpoints.path,
        remedy: "train under the settings of the checkpoint, name another file, or remove it to begin anew")
    }
    if let difference = firstDifference(settings, stored: checkpoint.settings) { throw refuse(difference) }
    if let difference = modelDifference(checkpoint.weights) { throw refuse(difference) }
    if let best = checkpoint.bestWeights, let difference = modelDifference(best) { throw refuse(difference) }
    // All parts are checked before the first is taken, so that a refusal leaves the model as it was.
    var (optimizer, average) = (optimizer, average)
    do {
      try optimizer.restore(checkpoint.groups["optimizer"] ?? [:], for: parameters)
      try average?.restore(checkpoint.groups["average"] ?? [:])
    } catch let error as AssayError {
      throw refuse(error.problem)
    }
    try model.load(checkpoint.weights)
    (self.optimizer, self.average) = (optimizer, average)
    best = checkpoint.bestWeights
    state = checkpoint.state
    savedStep = state.step
  }

  /// In what the stored weights differ from the model's parameters; nil where they fit.
  private func modelDifference(_ stored: [String: Tensor]) -> String? {
    for named in parameters {
      guard let tensor = stored[named.path] else { return "the model's \(named.path) is not in it" }
      let (shape, type) = (named.parameter.shape, named.parameter.type)
      guard tensor.shape == shape, tensor.type == type else {
        return "the model's \(named.path) is \(type) of shape \(shape) here and \(tensor.type) of shape \(tensor.shape)"
          + " in the checkpoint"
      }
    }
    let known = Set(parameters.map(\.path))
    return stored.keys.filter { !known.contains($0) }.min().map { "its \($0) is not in the model" }
  }
}
