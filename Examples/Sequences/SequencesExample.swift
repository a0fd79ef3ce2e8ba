// Learns what becomes of the pitch of a noisy tone, from sequences of different lengths, with an LSTM and a training loop
// of one's own: gradients, clipping, a schedule, Adam, and a state in a file from which the same training goes on.
//
//   swift run -c release example-sequences [FOLDER]
//
// The file goes to FOLDER; "example-sequences-output" unless given.
import Basics
import Foundation
import Networks
import Tensors

/// Sequences [batch, time, 1] to one logit for each course of the pitch.
struct PitchNetwork: Module {
  let recurrent: LSTM
  let head: Dense

  init(key: RandomKey) {
    recurrent = LSTM(1, 32, key: key["recurrent"])
    head = Dense(32, Pitch.allCases.count, key: key["head"])
  }

  func callAsFunction(_ tones: Tensor, lengths: Tensor) -> Tensor {
    // The state after each sequence's own last step.
    head(recurrent.run(tones, lengths: lengths).last)
  }
}

/// What becomes of a pitch from the beginning of a sequence to its end.
enum Pitch: Int, CaseIterable {
  case falls, stays, rises
}

/// Tones of 20 to 60 steps, with noise, and what becomes of their pitches.
func tones(_ count: Int, key: RandomKey) throws -> SequenceDataset {
  var random = key.stream()
  var sequences: [Tensor] = []
  var labels: [Int] = []
  for _ in 0..<count {
    let pitch = Pitch.allCases[random.integer(below: Pitch.allCases.count)]
    let steps = 20 + random.integer(below: 41)
    let change = Double(pitch.rawValue - 1) * 0.6
    var angle = 2 * Double.pi * random.uniform()
    let wave = (0..<steps).map { step in
      angle += 0.8 + change * (Double(step) / Double(steps - 1) - 0.5)
      return Float(sin(angle) + 0.5 * random.normal())
    }
    sequences.append(Tensor(wave, shape: [steps, 1]))
    labels.append(pitch.rawValue)
  }
  return try SequenceDataset(sequences, companions: [Tensor(labels)])
}

/// A network in training with everything that the next epoch depends on.
struct Training {
  static let epochs = 8
  static let learningRate = 0.01

  let network: PitchNetwork
  var optimizer = Adam()
  var epoch = 0
  let data: SequenceDataset
  let key: RandomKey
  /// Batches of 32 sequences of like lengths, so that little is filled up.
  let sampler = BatchSampler(batchSize: 32, order: .bucketed(pool: 20))

  /// Goes on to the end of an epoch.
  mutating func run(until last: Int) throws {
    let stepsPerEpoch = sampler.batchCount(rows: data.count)
    let schedule = Schedule.cosine(steps: Self.epochs * stepsPerEpoch).warmedUp(over: stepsPerEpoch / 2)
    let parameters = network.parameters
    while epoch < last {
      var losses = 0.0
      for (batch, rows) in try sampler.batches(of: data, key: key[epoch]).enumerated() {
        let tensors = data.batch(at: rows, key: key)
        let (tones, lengths, labels) = (tensors[0], tensors[1], tensors[2])
        let (loss, gradients) = valueWithGradients(of: parameters) {
          crossEntropy(network(tones, lengths: lengths), labels: labels)
        }
        optimizer.learningRate = Self.learningRate * schedule.factor(at: epoch * stepsPerEpoch + batch)
        optimizer.update(parameters, with: gradients.clipped(norm: 1))
        losses += loss.scalar
      }
      epoch += 1
      print("epoch \(epoch): loss " + String(format: "%.4f", losses / Double(stepsPerEpoch)))
    }
  }

  /// Keeps weights and optimiser in one file; the names of the optimiser's tensors have a slash, those of weights have not.
  func save(to path: String) throws {
    let tensors = network.weights.merging(optimizer.state) { weight, _ in weight }
    try SafeTensors.write(tensors, metadata: ["epoch": String(epoch)], to: path)
  }

  /// Takes up what a file keeps.
  mutating func restore(from path: String) throws {
    let file = try SafeTensors(opening: path)
    let tensors = try file.tensors()
    try network.load(tensors.filter { !$0.key.contains("/") })
    try optimizer.restore(tensors.filter { $0.key.contains("/") }, for: network.parameters)
    epoch = file.metadata["epoch"].flatMap { Int($0) } ?? 0
  }
}

@main
enum SequencesExample {
  static func run(folder: String) throws {
    try FileAccess.createFolder(folder)
    let key = RandomKey(seed: 1)
    let data = try tones(2_000, key: key["training"])
    let test = try tones(1_000, key: key["test"])

    var training = Training(network: PitchNetwork(key: key["network"]), data: data, key: key["order"])
    let path = folder + "/pitch.safetensors"
    try training.run(until: Training.epochs / 2)
    try training.save(to: path)
    try training.run(until: Training.epochs)

    // Another network, as in another process, takes up the file and arrives at the same weights.
    var resumed = Training(network: PitchNetwork(key: RandomKey(seed: 2)), data: data, key: key["order"])
    try resumed.restore(from: path)
    print("again from the file:")
    try resumed.run(until: Training.epochs)
    let isSame = training.network.weights.allSatisfy { path, weight in
      weight.doubles == resumed.network.weights[path]?.doubles
    }
    print("the same weights after a resumption: \(isSame ? "yes" : "no")")

    let tensors = test.batch(at: Array(0..<test.count), key: key)
    let predicted = resumed.network(tensors[0], lengths: tensors[1]).argMax()
    let accuracy = (predicted .== tensors[2]).cast(to: .float64).mean().scalar
    print("accuracy on \(test.count) held-out sequences: \(accuracy)")
  }

  static func main() {
    do {
      try run(folder: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "example-sequences-output")
    } catch {
      FileHandle.standardError.write(Data("example-sequences: \(error)\n".utf8))
      exit(1)
    }
  }
}
