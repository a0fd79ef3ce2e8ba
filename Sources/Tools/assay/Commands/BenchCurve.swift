import ArgumentParser
import Basics
import Kernels
import Networks
import Tensors

/// `assay bench curve`
struct BenchCurve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curve",
    abstract: "The losses of training steps, with weights and batches for another library to repeat them.",
    discussion: """
      Writes a safetensors file: "weights/PATH" are the weights before the first step, "inputs" [batches, rows, ...] and
      "labels" [batches, rows] the random batches, which are taken in turn, and "losses" [steps] those of Adam.

      Example:
        assay bench curve --model cnn --output curve.safetensors
      """)

  @Option(help: "The network: \(StepModel.allCases.map(\.rawValue).joined(separator: ", ")).")
  var model: StepModel
  @Option(help: "The file to write.")
  var output: String
  @Option(help: "The steps of training.")
  var steps = 100
  @Option(help: "The batches that are taken in turn; a fresh one for each step unless given.")
  var batches: Int?
  @Option(help: "The learning rate.")
  var rate = 0.001
  @Option(help: "The threads to use.")
  var threads = 1

  func validate() throws {
    if steps < 1 || batches.map({ $0 < 1 }) ?? false || threads < 1 {
      throw ValidationError("steps, batches and threads must be 1 or more")
    }
    if !(rate > 0 && rate.isFinite) { throw ValidationError("the rate must be above 0") }
  }

  func run() throws {
    try Compute.$threads.withValue(threads) {
      let key = RandomKey(seed: 1)
      let network = try model.make(key: key["weights"])
      var tensors = Dictionary(uniqueKeysWithValues: network.weights.map { ("weights/\($0)", $1) })
      let rows = model.batch
      let batches = batches ?? steps
      let inputs = (0..<batches).map { model.inputs(batch: rows, key: key["inputs"][$0]) }
      let labels = (0..<batches).map { model.labels(batch: rows, key: key["labels"][$0]) }
      tensors["inputs"] = stacked(inputs)
      tensors["labels"] = stacked(labels)
      let parameters = network.parameters
      var optimizer = Adam(learningRate: rate)
      let losses = (0..<steps).map { step in
        let (loss, gradients) = valueWithGradients(of: parameters) {
          crossEntropy(
            network.forward(inputs[step % batches], .training(key["pass"][step])), labels: labels[step % batches])
        }
        optimizer.update(parameters, with: gradients)
        return loss.scalar
      }
      tensors["losses"] = Tensor(losses)
      try SafeTensors.write(tensors, to: output)
    }
  }
}
