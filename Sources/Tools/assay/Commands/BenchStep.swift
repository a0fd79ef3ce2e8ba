import ArgumentParser
import Basics
import Kernels
import Tensors

/// `assay bench step`
struct BenchStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "A training step of a network (forward, backward, Adam) on random data, or its prediction.",
    discussion: """
      Examples:
        assay bench step --model cnn --threads 2 --json
        assay bench step --model transformer --inference 1 --json
      """)

  @Option(help: "The network: \(StepModel.allCases.map(\.rawValue).joined(separator: ", ")).")
  var model: StepModel
  @Option(help: "The threads to use.")
  var threads = 1
  @Option(help: "The steps that are timed, after some that are not.")
  var steps = 30
  @Option(help: "The steps before those that are timed.")
  var warmUp = 5
  @Flag(name: .customLong("bfloat16"), help: "Round the operands of products to bfloat16.")
  var roundsToBFloat16 = false
  @Option(help: "Time the prediction of so many rows instead of a training step.")
  var inference: Int?
  @Flag(help: "Print JSON in one line, and nothing else on standard output.")
  var json = false

  func validate() throws {
    if steps < 1 || warmUp < 0 || threads < 1 || inference.map({ $0 < 1 }) ?? false {
      throw ValidationError("steps, threads and rows must be 1 or more")
    }
  }

  func run() throws {
    var timing = StepTiming(model: model, steps: steps, warmUp: warmUp)
    timing.precision = roundsToBFloat16 ? .bfloat16 : .float32
    timing.batch = inference
    let figures = try Compute.$threads.withValue(threads) {
      inference == nil ? try timing.training() : try timing.inference()
    }
    let values = [
      "median_ms": figures.median, "min_ms": figures.least, "peak_mb": ResourceUse.peakMemory, "loss": figures.loss,
    ]
    standardOutput(String(decoding: try CanonicalJSON.encode(values, pretty: !json), as: UTF8.self))
  }
}

extension StepModel: ExpressibleByArgument {}
