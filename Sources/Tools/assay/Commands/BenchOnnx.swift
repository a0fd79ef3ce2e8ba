import ArgumentParser
import Basics

/// `assay bench onnx`
struct BenchONNX: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onnx",
    abstract: "Write networks and operations as ONNX with what they compute, or run an ONNX file.",
    discussion: """
      Examples:
        assay bench onnx --output models
        assay bench onnx --import model.onnx --inputs inputs.safetensors --output outputs.safetensors
      """)

  @Option(help: "The folder to write models to; with --import, the file for the outputs.")
  var output: String
  @Option(name: .customLong("import"), help: "An ONNX file to run.")
  var model: String?
  @Option(help: "A safetensors file with the inputs of the file to run.")
  var inputs: String?

  func validate() throws {
    if (model == nil) != (inputs == nil) { throw ValidationError("--import and --inputs need each other") }
  }

  func run() throws {
    if let model, let inputs { return try ImportRun(model: model, inputs: inputs).write(to: output) }
    try FileAccess.createFolder(output)
    let failures = try ExportCase.all().compactMap { one -> String? in
      do {
        try one.write(to: output)
        return nil
      } catch let error as AssayError where error.kind == .configuration {
        return "\(one.name): \(error.problem)"
      }
    }
    guard failures.isEmpty else {
      throw AssayError(.configuration, "not exported:\n" + failures.joined(separator: "\n"))
    }
  }
}
