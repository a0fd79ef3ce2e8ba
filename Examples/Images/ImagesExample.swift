// Learns to tell noisy drawings apart with a small convolutional network: training with validation and early stopping,
// weights as safetensors, the network as ONNX, predictions.
//
//   swift run -c release example-images [FOLDER]
//
// The files go to FOLDER; "example-images-output" unless given.
import Basics
import Formats
import Foundation
import Networks
import Tensors

/// Images [batch, 16, 16, 1] to one logit for each shape.
struct ShapeNetwork: Layer {
  let layers: Sequential

  init(key: RandomKey) {
    layers = Sequential {
      Conv2D(1, 8, size: 3, padding: .same, hasBias: false, key: key["first"])
      BatchNorm(8, activation: .relu)
      MaxPool2D()
      Conv2D(8, 16, size: 3, padding: .same, hasBias: false, key: key["second"])
      BatchNorm(16, activation: .relu)
      MaxPool2D()
      Flatten()
      Dropout(0.2)
      Dense(16 * 4 * 4, Shape.allCases.count, key: key["head"])
    }
  }

  func forward(_ input: Tensor, _ pass: Pass) -> Tensor { layers(input, pass) }
}

/// What the drawings show.
enum Shape: Int, CaseIterable {
  case horizontalBar, verticalBar, cross, ring

  /// Whether a pixel is part of the shape, by its distance from the middle.
  func isDrawn(right x: Double, down y: Double) -> Bool {
    switch self {
    case .horizontalBar: abs(y) < 0.8 && abs(x) < 5
    case .verticalBar: abs(x) < 0.8 && abs(y) < 5
    case .cross: min(abs(x), abs(y)) < 0.8 && max(abs(x), abs(y)) < 4.5
    case .ring: abs((x * x + y * y).squareRoot() - 3.5) < 0.8
    }
  }
}

/// Drawings in random places with noise beside a brightness of 1, and the numbers of their shapes.
func drawings(_ count: Int, key: RandomKey) throws -> TensorDataset {
  var random = key.stream()
  var pixels: [Float] = []
  var labels: [Int] = []
  for _ in 0..<count {
    let shape = Shape.allCases[random.integer(below: Shape.allCases.count)]
    let (column, row) = (4.5 + 7 * random.uniform(), 4.5 + 7 * random.uniform())
    for y in 0..<16 {
      for x in 0..<16 {
        let isDrawn = shape.isDrawn(right: Double(x) - column, down: Double(y) - row)
        pixels.append(Float((isDrawn ? 1 : 0) + 0.4 * random.normal()))
      }
    }
    labels.append(shape.rawValue)
  }
  return try TensorDataset(Tensor(pixels, shape: [count, 16, 16, 1]), Tensor(labels))
}

@main
enum ImagesExample {
  static func run(folder: String) throws {
    try FileAccess.createFolder(folder)
    let key = RandomKey(seed: 1)
    let training = try drawings(2_000, key: key["training"])
    let validation = try drawings(500, key: key["validation"])
    let test = try drawings(1_000, key: key["test"])

    // Training: at most 30 passes over the drawings; it stops when 5 passes have not lowered the validation loss, and the
    // network keeps the weights of its best pass.
    let network = ShapeNetwork(key: key["network"])
    var trainer = Trainer(epochs: 30, batches: BatchSampler(batchSize: 50))
    trainer.earlyStopping = EarlyStopping(patience: 5)
    let result = try trainer.fit(
      network, optimizer: AdamW(learningRate: 0.003), data: training, validation: validation, key: key["fit"],
      progress: TerminalProgress().show
    ) { network, batch, pass in
      try .classification(network(batch[0], pass), labels: batch[1])
    }
    print("\(network.trainableCount) weights, best epoch \(result.bestEpoch ?? 0) of \(result.history.count)")

    // The weights go to a file, and into another network from there.
    try network.save(to: folder + "/shapes.safetensors")
    let loaded = ShapeNetwork(key: RandomKey(seed: 2))
    try loaded.load(from: folder + "/shapes.safetensors")

    // Predictions for drawings that neither training nor the choice of the best pass has seen.
    let (images, labels) = (test.tensors[0], test.tensors[1])
    let logits = loaded(images)
    let accuracy = (logits.argMax() .== labels).cast(to: .float64).mean().scalar
    print("accuracy on \(test.count) held-out images: \(accuracy)")
    show(images[0], probabilities: softmax(logits[0]))

    // The same network for other programs, and read back as one of them would.
    let model = try ONNXModel(tracing: [images[0..<2]], named: ["images"], outputs: ["logits"], of: loaded) {
      [loaded($0[0])]
    }
    try model.write(to: folder + "/shapes.onnx")
    let imported = try ImportedModel(contentsOf: folder + "/shapes.onnx")
    let difference = abs(try imported(images)[0] - logits).max().scalar
    print("largest difference of the ONNX model's logits: \(difference)")
    print("files: \(folder)/shapes.safetensors, \(folder)/shapes.onnx")
  }

  /// Prints an image as characters, and what the network sees in it.
  static func show(_ image: Tensor, probabilities: Tensor) {
    for row in 0..<image.shape[0] {
      let brightnesses = image[row].doubles
      print(brightnesses.map { $0 < 0.3 ? " " : $0 < 0.7 ? "-" : $0 < 1.1 ? "+" : "#" }.joined())
    }
    for (shape, probability) in zip(Shape.allCases, probabilities.doubles) {
      print("  \(shape): \((probability * 100).rounded()) %")
    }
  }

  static func main() {
    do {
      try run(folder: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "example-images-output")
    } catch {
      FileHandle.standardError.write(Data("example-images: \(error)\n".utf8))
      exit(1)
    }
  }
}
