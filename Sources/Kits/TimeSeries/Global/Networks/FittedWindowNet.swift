import Basics
import Foundation
import Kernels
import Networks
import Tensors

/// The weights of one trained network.
struct WindowMember: Sendable, Codable {
  let lookBack: Int
  /// By path.
  let weights: [String: PackedFloats]

  init(lookBack: Int, weights: [String: Tensor]) {
    self.lookBack = lookBack
    self.weights = weights.mapValues { PackedFloats($0.values(Float.self)) }
  }

  /// The network with these weights.
  func model(_ architecture: WindowArchitecture, _ shape: WindowShape) throws -> WindowModel {
    let model = WindowModel(architecture, shape, start: nil, key: RandomKey(seed: 0))
    var tensors: [String: Tensor] = [:]
    for named in model.parameters {
      guard let values = weights[named.path]?.values,
        values.count == named.parameter.shape.reduce(1, *)
      else {
        throw AssayError(.bundle, "the weights do not fit the network", at: named.path)
      }
      tensors[named.path] = Tensor(values, shape: named.parameter.shape)
    }
    try model.load(tensors)
    return model
  }
}

/// Trained networks.
public struct FittedWindowNet: FittedGlobalForecaster, Codable {
  let architecture: WindowArchitecture
  let request: ForecastRequest
  let scaling: WindowScaling
  let heads: WindowHeads
  let members: [WindowMember]

  private func shape(_ member: WindowMember) -> WindowShape {
    WindowShape(
      inputs: member.lookBack, steps: request.horizon, outputs: heads.count, seasons: request.seasons)
  }

  init(
    architecture: WindowArchitecture, request: ForecastRequest, scaling: WindowScaling, heads: WindowHeads,
    members: [WindowMember]
  ) {
    self.architecture = architecture
    self.request = request
    self.scaling = scaling
    self.heads = heads
    self.members = members
  }

  /// Reads a model.
  ///
  /// - Throws: A decoding error, or `bundle` where weights do not fit the network.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    architecture = try container.decode(WindowArchitecture.self, forKey: .architecture)
    request = try container.decode(ForecastRequest.self, forKey: .request)
    scaling = try container.decode(WindowScaling.self, forKey: .scaling)
    heads = try container.decode(WindowHeads.self, forKey: .heads)
    members = try container.decode([WindowMember].self, forKey: .members)
    try architecture.check()
    for member in members { _ = try member.model(architecture, shape(member)) }
  }

  private enum CodingKeys: String, CodingKey { case architecture, request, scaling, heads, members }

  /// Looks ahead from the end of each series; the median over the members, step by step.
  public func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    let all = Compute.$threads.withValue(threads) { members.map { answers($0, panel, threads: threads) } }
    return parallelEntries(Array(panel.indices), threads: threads) { position in
      joined(all.map { $0[position] })
    }
  }

  /// By series: [outputs][steps] in the series' own numbers.
  private func answers(_ member: WindowMember, _ panel: [Series], threads: Int) -> [[[Double]]] {
    let shape = shape(member)
    guard let model = try? member.model(architecture, shape) else {
      stop("forecast", "the weights do not fit the network")
    }
    let reader = WindowReader(
      panel: WindowPanel(
        panel, lookBack: member.lookBack, request: request, usesLogarithm: scaling.usesLogarithm, threads: threads),
      scaling: scaling, seasons: request.seasons, horizon: request.horizon)
    var result: [[[Double]]] = []
    result.reserveCapacity(panel.count)
    for start in stride(from: 0, to: panel.count, by: 256) {
      let part = start..<min(panel.count, start + 256)
      let inputs = Tensor(uninitialized: [part.count, member.lookBack], .float32)
      let scales = withExtendedLifetime(inputs) {
        part.map { series in
          reader.read(
            Window(series: series, origin: reader.panel.entries[series].count),
            input: inputs.floats + (series - start) * member.lookBack
          ).scale
        }
      }
      let numbers = model(inputs).values(Float.self)
      for (row, scale) in scales.enumerated() {
        let entry = reader.panel.entries[start + row]
        result.append(
          (0..<heads.count).map { output in
            (0..<request.horizon).map { step in
              let number = Double(numbers[(row * request.horizon + step) * heads.count + output])
              return entry.restored(scale.restored(number, step: step))
            }
          })
      }
    }
    return result
  }

  private func joined(_ answers: [[[Double]]]) -> Forecast {
    let steps = 0..<request.horizon
    var outputs = (0..<heads.count).map { output in
      steps.map { step in middle(answers.map { $0[output][step] }) }
    }
    for step in steps {
      let ordered = heads.levels.indices.map { outputs[$0][step] }.sorted()
      for (position, value) in ordered.enumerated() { outputs[position][step] = value }
    }
    return Forecast(
      point: outputs[heads.point], levels: heads.asked,
      quantiles: heads.asked.map { level in outputs[heads.levels.firstIndex { $0 == level } ?? 0] })
  }
}

/// The median of some numbers; halfway between the middle two of an even number.
func middle(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
