import ArgumentParser
import Basics
import Kernels
import Tensors

/// `assay bench operation`
struct BenchOperation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operation",
    abstract: "One operation of the bench models on random data: forward, and forward with all gradients.",
    discussion: """
      Example:
        assay bench operation --name convolution-32-64 --threads 1 --json
      """)

  @Option(help: "The operation: \(TimedOperation.allCases.map(\.rawValue).joined(separator: ", ")).")
  var name: TimedOperation
  @Option(help: "The threads to use.")
  var threads = 1
  @Option(help: "How often it is timed, after some times that are not.")
  var repeats = 30
  @Flag(help: "Print JSON in one line, and nothing else on standard output.")
  var json = false

  func validate() throws {
    if repeats < 1 || threads < 1 { throw ValidationError("repeats and threads must be 1 or more") }
  }

  func run() throws {
    let inputs = name.inputs(key: RandomKey(seed: 1))
    let upstream = Tensor.normal(name(inputs).shape, key: RandomKey(seed: 2))
    let values = Compute.$threads.withValue(threads) {
      [
        "forward_ms": median { _ = name(inputs) },
        "training_ms": median {
          let leaves = inputs.map { $0.tracked() }
          _ = gradients(of: [name(leaves)], seeds: [upstream], at: leaves, isDifferentiable: false)
        },
      ]
    }
    standardOutput(String(decoding: try CanonicalJSON.encode(values, pretty: !json), as: UTF8.self))
  }

  /// The median of the milliseconds that a call takes.
  private func median(_ body: () -> Void) -> Double {
    for _ in 0..<5 { body() }
    let times = (0..<repeats).map { _ in
      let start = ContinuousClock.now
      body()
      return seconds(start.duration(to: .now)) * 1_000
    }
    return times.sorted()[repeats / 2]
  }
}

extension TimedOperation: ExpressibleByArgument {}
