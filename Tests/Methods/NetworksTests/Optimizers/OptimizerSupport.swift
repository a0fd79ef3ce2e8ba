import Basics
import Networks
import Tensors

/// Every optimiser with settings under which each of its terms matters.
func optimizers(learningRate: Double? = nil) -> [(name: String, optimizer: any Optimizer)] {
  var list: [(String, any Optimizer)] = [
    ("SGD", SGD(learningRate: 0.1, weightDecay: 0.01)),
    ("momentum", SGD(learningRate: 0.1, momentum: 0.9)),
    ("Nesterov", SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.01)),
    ("Adam", Adam(learningRate: 0.1, weightDecay: 0.01)),
    ("AdamW", AdamW(learningRate: 0.1, weightDecay: 0.1)),
    ("RMSProp", RMSProp(learningRate: 0.1, weightDecay: 0.01)),
    ("RMSProp with momentum", RMSProp(learningRate: 0.1, momentum: 0.5)),
    ("Adagrad", Adagrad(learningRate: 0.1, weightDecay: 0.01)),
    ("Lion", Lion(learningRate: 0.1, weightDecay: 0.1)),
    ("LAMB", LAMB(learningRate: 0.1, weightDecay: 0.1)),
  ]
  if let learningRate {
    for index in list.indices { list[index].1.learningRate = learningRate }
  }
  return list
}

/// Two parameters, a matrix and a vector, and gradients of any values for them.
struct Weights: Module {
  let matrix: Parameter
  let vector: Parameter

  init(_ type: ElementType = .float64) {
    matrix = Parameter(Tensor([0.5, -1, 2, 0.25]).reshaped(to: [2, 2]).cast(to: type))
    vector = Parameter(Tensor([1, -0.5, 3.0]).cast(to: type))
  }

  func gradients(_ step: Int) -> Gradients {
    let key = RandomKey(seed: 12)[step]
    let a = normal([2, 2], key[0]).cast(to: matrix.type)
    let b = normal([3], key[1]).cast(to: vector.type)
    return valueWithGradients(of: self) { (matrix.value * a).sum() + (vector.value * b).sum() }.gradients
  }

  var values: [Double] { matrix.value.doubles + vector.value.doubles }
}
