import Basics
import Networks
import Tensors

/// Two layers with dropout between them and a running mean, so that everything a run must remember is there.
struct SmallModel: Module {
  let first: Dense
  let second: Dense
  let runningMean: Parameter
  let rate: Double

  init(inputs: Int = 2, hidden: Int = 8, outputs: Int = 3, rate: Double = 0.2, seed: UInt64 = 5) {
    let key = RandomKey(seed: seed)["model"]
    first = Dense(inputs, hidden, activation: .tanh, key: key[0])
    second = Dense(hidden, outputs, key: key[1])
    runningMean = Parameter(.zeros([hidden]), isTrainable: false)
    self.rate = rate
  }

  func logits(_ input: Tensor, _ pass: Pass) -> Tensor {
    var hidden = first(input, pass)
    if pass.isTraining {
      runningMean.value = (runningMean.value * 0.9 + hidden.detached().mean(axes: [0]) * 0.1).detached()
      let isKept = Tensor.uniform(hidden.shape, key: pass.nextKey()) .>= rate
      hidden = select(isKept, hidden * (1 / (1 - rate)), Tensor(Float(0)))
    }
    return second(hidden - runningMean.value * 0.1, pass)
  }

  /// The bits of all weights by path.
  var bits: [String: [UInt64]] { weights.mapValues { $0.doubles.map(\.bitPattern) } }
}

/// Points of three classes around the corners of a triangle.
func trianglePoints(_ count: Int, seed: UInt64, spread: Double = 0.5) throws -> TensorDataset {
  var random = RandomKey(seed: seed)["points"].stream()
  let corners: [(Double, Double)] = [(0, 1), (-1, -1), (1, -1)]
  var (points, labels): ([[Float]], [Int]) = ([], [])
  for _ in 0..<count {
    let label = random.integer(below: 3)
    labels.append(label)
    points.append([
      Float(corners[label].0 + spread * random.normal()), Float(corners[label].1 + spread * random.normal()),
    ])
  }
  return try TensorDataset(points, labels: labels, classes: 3)
}

/// What the tests train for: the class of a point.
@Sendable func classify(_ model: SmallModel, _ batch: [Tensor], _ pass: Pass) throws -> StepResult {
  try .classification(model.logits(batch[0], pass), labels: batch[1])
}

/// An end that no run expects, as if the program had been killed there.
struct Killed: Error {}
