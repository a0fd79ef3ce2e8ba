import Basics
import Networks
import Tensors

/// Convolutional networks for the sets of images, spectra of spoken digits among them.
struct ImageLearning {
  /// The widths of the convolutions of each block; a block ends with pooling.
  var blocks: [[Int]]
  var dropout: Double
  var epochs: Int
  var batchSize: Int
  var learningRate: Double
  var weightDecay: Double
  var changes = ImageRows.Changes()
  /// Whether the last block ends with the mean over all places.
  var averages = false

  init(_ set: LearningSet) {
    switch set {
    case .mnist:
      blocks = [[16], [32], [64]]
      (dropout, epochs, batchSize, learningRate, weightDecay) = (0.3, 8, 100, 0.006, 0.01)
      changes.shift = (1, 1)
    case .cifar10:
      blocks = [[32], [64, 64], [128, 128]]
      (dropout, epochs, batchSize, learningRate, weightDecay) = (0.3, 36, 64, 0.004, 0.05)
      changes.shift = (4, 4)
      changes.mirrors = true
      changes.cover = (12, 12)
      averages = true
    default:
      blocks = [[16], [32], [64], [64]]
      (dropout, epochs, batchSize, learningRate, weightDecay) = (0.3, 40, 32, 0.003, 0.02)
      changes.shift = (8, 1)
      changes.cover = (24, 10)
      averages = true
    }
  }

  /// A run on the set in a file.
  func run(_ file: SafeTensors, key: RandomKey) throws -> LearningRun<Sequential> {
    let parts = LearningParts(
      training: try ImageRows(file, part: "train", changes: changes),
      validation: try ImageRows(file, part: "validation"), test: try ImageRows(file, part: "test"))
    let shape = try file.tensor("test.inputs").shape
    guard min(shape[1], shape[2]) >= 1 << blocks.count else {
      throw file.unfit("test.inputs", "images of shape \(shape) are too small for \(blocks.count) poolings")
    }
    let network = network(
      rows: shape[1], columns: shape[2], channels: shape[3], classes: try file.classCount(), key: key)
    var trainer = Trainer(epochs: epochs, batches: BatchSampler(batchSize: batchSize, dropsLast: true))
    trainer.schedule = .oneCycle(steps: trainer.stepCount(rows: parts.training.count))
    trainer.earlyStopping = EarlyStopping(patience: epochs, metric: "accuracy", isHigherBetter: true)
    return LearningRun(
      network: network, trainer: trainer,
      optimizer: AdamW(learningRate: learningRate, weightDecay: weightDecay, decayed: .matrices), parts: parts
    ) { network, batch, pass in network(batch[0], pass) }
  }

  private func network(rows: Int, columns: Int, channels: Int, classes: Int, key: RandomKey) -> Sequential {
    var layers: [any Layer] = []
    var (rows, columns, channels) = (rows, columns, channels)
    for (block, widths) in blocks.enumerated() {
      for (number, width) in widths.enumerated() {
        layers.append(
          Conv2D(channels, width, size: 3, padding: .same, hasBias: false, key: key[block][number]))
        layers.append(BatchNorm(width, activation: .relu))
        channels = width
      }
      if averages && block == blocks.count - 1 {
        layers.append(GlobalAveragePool())
        (rows, columns) = (1, 1)
      } else {
        layers.append(MaxPool2D())
        (rows, columns) = (rows / 2, columns / 2)
      }
    }
    if !averages { layers.append(Flatten()) }
    layers += [Dropout(dropout), Dense(rows * columns * channels, classes, key: key["head"])]
    return Sequential(layers)
  }
}
