import Basics
import Networks
import Tensors

/// The sets that `assay bench learn` trains on; `Benchmarks/learning_data.py` prepares a file of each.
enum LearningSet: String, CaseIterable {
  case mnist, cifar10, trec, sst2, fsdd, cora

  /// Trains on the set in a file.
  ///
  /// - Throws: `AssayError` where the file cannot be read or lacks a tensor.
  func run(_ path: String, usesBFloat16: Bool, key: RandomKey) throws -> LearningFigures {
    let file = try SafeTensors(opening: path)
    var figures =
      switch self {
      case .mnist, .cifar10, .fsdd:
        try finish(ImageLearning(self).run(file, key: key["network"]), usesBFloat16, key)
      case .trec, .sst2: try finish(textLearning(self, file, key: key["network"]), usesBFloat16, key)
      case .cora: try finish(topicLearning(file, key: key["network"]), usesBFloat16, key)
      }
    figures.set = rawValue
    return figures
  }

  private func finish(
    _ run: LearningRun<some Module>, _ usesBFloat16: Bool, _ key: RandomKey
  ) throws -> LearningFigures {
    var run = run
    run.trainer.usesBFloat16 = usesBFloat16
    return try run.run(key: key["fit"])
  }
}

extension SafeTensors {
  /// The number of classes: one more than the largest label in training.
  func classCount() throws -> Int { Int(try tensor("train.labels").max().scalar) + 1 }
}
