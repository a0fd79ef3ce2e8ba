import Basics
import Networks
import Tensors

/// Numbers of words [rows, longest] to one logit for each class: an LSTM in both directions over embedded words, and
/// the largest state of each unit over the words of a text.
struct TextNetwork: Module {
  let words: Embedding
  let wordDropout: Networks.Dropout
  let recurrent: Networks.LSTM
  let headDropout: Networks.Dropout
  let head: Dense

  init(_ settings: TextSettings, vocabulary: Int, classes: Int, key: RandomKey) {
    words = Embedding(
      vocabulary, settings.width, padding: 0, initializer: .normal(deviation: settings.deviation), key: key["words"])
    wordDropout = Dropout(settings.wordDropout)
    recurrent = LSTM(settings.width, settings.units, isBidirectional: true, key: key["recurrent"])
    headDropout = Dropout(settings.headDropout)
    head = Dense(2 * settings.units, classes, key: key["head"])
  }

  func callAsFunction(_ texts: Tensor, lengths: Tensor, _ pass: Pass) -> Tensor {
    let states = recurrent.run(wordDropout(words(texts, pass), pass), lengths: lengths, pass).outputs
    // What lies behind the end of a text gets less than any state, which is above -1.
    let places = Tensor.range(texts.shape[1], type: .int32).expanded(axis: 0)
    let isBehind = (lengths.expanded(axis: 1) .<= places).cast(to: .float32).expanded(axis: 2)
    let largest = (states - 2 * isBehind).max(axes: [1])
    return head(headDropout(largest, pass), pass)
  }
}

/// What differs between the sets of texts.
struct TextSettings {
  var width = 100
  var units = 96
  var deviation = 0.1
  var wordDropout = 0.5
  var headDropout = 0.4
  var epochs = 15
  var batchSize = 32
  var learningRate = 0.002
  var weightDecay = 0.01
  /// The share of words that are read as unknown in training, so that unknown words mean something.
  var unknownShare = 0.05

  init(_ set: LearningSet) {
    if set == .sst2 { epochs = 8 }
  }
}

/// A run on a set of texts in a file.
func textLearning(_ set: LearningSet, _ file: SafeTensors, key: RandomKey) throws -> LearningRun<TextNetwork> {
  let settings = TextSettings(set)
  let vocabulary = try file.largest("vocabulary", atMost: 10_000_000)
  func rows(_ part: String) throws -> SequenceDataset {
    let table = try file.tensor("\(part).inputs")
    let (width, numbers) = (table.shape.last ?? 0, table.cast(to: .int64).values(Int64.self))
    let lengths = try file.tensor("\(part).lengths").cast(to: .int64).values(Int64.self).map { Int($0) }
    guard table.rank == 2, table.shape[0] == lengths.count, lengths.allSatisfy({ $0 >= 1 && $0 <= width }) else {
      throw file.unfit("\(part).lengths", "\(lengths.count) lengths do not fit texts of shape \(table.shape)")
    }
    let tokens = lengths.enumerated().map { row, length in
      numbers[row * width..<row * width + length].map { Int($0) }
    }
    return try SequenceDataset(
      tokens: tokens, vocabulary: vocabulary, companions: [try file.labels(of: part).cast(to: .int64)])
  }
  let share = settings.unknownShare
  let training = try rows("train").mapped { batch, key in
    let isUnknown = (Tensor.uniform(batch[0].shape, key: key["unknown"]) .< share).cast(to: .int32)
    // Number 1 stands for unknown words, 0 fills up and stays.
    let hidden = minimum(batch[0], Tensor.ones(batch[0].shape, type: .int32))
    return [batch[0] + isUnknown * (hidden - batch[0])] + batch.dropFirst()
  }
  let parts = LearningParts(training: training, validation: try rows("validation"), test: try rows("test"))
  var trainer = Trainer(
    epochs: settings.epochs, batches: BatchSampler(batchSize: settings.batchSize, order: .bucketed(pool: 50)))
  trainer.schedule = .oneCycle(steps: trainer.stepCount(rows: parts.training.count))
  trainer.clipping = .norm(1)
  trainer.averagingDecay = 0.995
  trainer.earlyStopping = EarlyStopping(patience: 5, metric: "accuracy", isHigherBetter: true)
  let network = TextNetwork(settings, vocabulary: vocabulary, classes: try file.classCount(), key: key)
  return LearningRun(
    network: network, trainer: trainer,
    optimizer: AdamW(learningRate: settings.learningRate, weightDecay: settings.weightDecay, decayed: .matrices),
    parts: parts
  ) { network, batch, pass in network(batch[0], lengths: batch[1], pass) }
}
