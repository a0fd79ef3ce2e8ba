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
  ///
  /// - Throws: a `data` error where labels are no numbers of classes.
  func classCount() throws -> Int { try largest("train.labels", atMost: 100_000) + 1 }

  /// The labels of a part: [rows], whole numbers, at least one.
  ///
  /// - Throws: a `data` error where they are not.
  func labels(of part: String) throws -> Tensor {
    let labels = try tensor("\(part).labels")
    guard labels.rank == 1, labels.type.isInteger, labels.count > 0 else {
      throw unfit(
        "\(part).labels", "labels are whole numbers in a row, not of shape \(labels.shape) and type \(labels.type)")
    }
    return labels
  }

  /// The largest of a tensor's whole numbers.
  ///
  /// - Throws: a `data` error where there is none from 0 to a limit.
  func largest(_ name: String, atMost limit: Int) throws -> Int {
    let tensor = try tensor(name)
    guard tensor.type.isInteger, tensor.count > 0, 0...Double(limit) ~= tensor.max().scalar else {
      throw unfit(name, "\(tensor.count) numbers of type \(tensor.type) are not whole numbers up to \(limit)")
    }
    return Int(tensor.max().scalar)
  }

  /// What is wrong with a tensor of a prepared file.
  func unfit(_ name: String, _ problem: String) -> AssayError {
    AssayError(.data, problem, at: name, remedy: "prepare the file anew with Benchmarks/learning_data.py")
  }
}
