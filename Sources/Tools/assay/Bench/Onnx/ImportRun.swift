import Basics
import Formats
import Tensors

/// A model of another program's file, run on given inputs.
struct ImportRun {
  /// The ONNX file.
  let model: String
  /// A safetensors file with a tensor for each of the model's inputs, by name.
  let inputs: String

  /// Writes the outputs by their names.
  func write(to path: String) throws {
    let model = try ImportedModel(contentsOf: model)
    let tensors = try SafeTensors(opening: inputs).tensors()
    try SafeTensors.write(try model(tensors), to: path)
  }
}
