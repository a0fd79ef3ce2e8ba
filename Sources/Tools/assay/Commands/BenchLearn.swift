import ArgumentParser
import Basics
import Kernels

/// `assay bench learn`
struct BenchLearn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", abstract: "A network trained on a set of real data, and how well it does on the test part.",
    discussion: """
      Benchmarks/learning_data.py prepares the files.

      Examples:
        assay bench learn --set mnist --data mnist.safetensors --threads 2 --json
        assay bench learn --set cora --data cora.safetensors --seed 3
      """)

  @Option(help: "The set: \(LearningSet.allCases.map(\.rawValue).joined(separator: ", ")).")
  var set: LearningSet
  @Option(help: "The file of the set.")
  var data: String
  @Option(help: "The threads to use.")
  var threads = 1
  @Option(help: "Determines first weights, the order of rows and all that is random.")
  var seed: UInt64 = 1
  @Flag(name: .customLong("bfloat16"), help: "Round the operands of products to bfloat16.")
  var roundsToBFloat16 = false
  @Flag(help: "Print JSON in one line, and nothing else on standard output.")
  var json = false

  func validate() throws {
    if threads < 1 { throw ValidationError("threads must be 1 or more") }
  }

  func run() throws {
    let figures = try Compute.$threads.withValue(threads) {
      try set.run(data, usesBFloat16: roundsToBFloat16, key: RandomKey(seed: seed))
    }
    standardOutput(String(decoding: try CanonicalJSON.encode(figures, pretty: !json), as: UTF8.self))
  }
}

extension LearningSet: ExpressibleByArgument {}
