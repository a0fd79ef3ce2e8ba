import Basics
import Kernels
import Networks
import Tensors

/// Times whole training steps, or predictions, of a bench model.
struct StepTiming {
  var model: StepModel
  var steps = 30
  var warmUp = 5
  var precision = Precision.float32
  /// Rows of a batch; the model's own unless given.
  var batch: Int?

  /// What was measured.
  struct Figures {
    /// Milliseconds of each step.
    var milliseconds: [Double] = []
    /// The loss of the last step, or the mean of what was predicted.
    var loss = 0.0

    var median: Double { milliseconds.sorted()[milliseconds.count / 2] }
    var least: Double { milliseconds.min() ?? 0 }
  }

  /// Forward, backward and Adam, again and again on one batch.
  func training() throws -> Figures {
    let key = RandomKey(seed: 1)
    let network = try model.make(key: key["weights"])
    let rows = batch ?? model.batch
    let inputs = model.inputs(batch: rows, key: key["inputs"])
    let labels = model.labels(batch: rows, key: key["labels"])
    let parameters = network.parameters
    var optimizer = Adam(learningRate: 0.001)
    var figures = Figures()
    Precision.$current.withValue(precision) {
      for step in 0..<steps + warmUp {
        let start = ContinuousClock.now
        let pass = Pass.training(key["pass"][step])
        let (loss, gradients) = valueWithGradients(of: parameters) {
          crossEntropy(network.forward(inputs, pass), labels: labels)
        }
        optimizer.update(parameters, with: gradients)
        let duration = seconds(start.duration(to: .now))
        if step >= warmUp { figures.milliseconds.append(duration * 1_000) }
        figures.loss = loss.scalar
      }
    }
    return figures
  }

  /// The forward pass alone.
  func inference() throws -> Figures {
    let key = RandomKey(seed: 1)
    let network = try model.make(key: key["weights"])
    let rows = batch ?? model.batch
    try checkMemory(for: rows, network)
    let inputs = model.inputs(batch: rows, key: key["inputs"])
    var figures = Figures()
    Precision.$current.withValue(precision) {
      for step in 0..<steps + warmUp {
        let start = ContinuousClock.now
        let result = network.forward(inputs, .inference)
        let duration = seconds(start.duration(to: .now))
        if step >= warmUp { figures.milliseconds.append(duration * 1_000) }
        if step == steps + warmUp - 1 { figures.loss = result.mean().scalar }
      }
    }
    return figures
  }

  /// Refuses a number of rows for which there is no memory, by what some rows take.
  private func checkMemory(for rows: Int, _ network: any Layer) throws {
    let some = 64
    guard rows > some * 16 else { return }
    MemoryPool.shared.resetPeak()
    let before = MemoryPool.shared.usage.inUse
    _ = network.forward(model.inputs(batch: some, key: RandomKey(seed: 1)), .inference)
    let bytes = Double(MemoryPool.shared.usage.peak - before) / Double(some) * Double(rows)
    guard bytes > Double(MachineMemory.limit) * 0.8 else { return }
    throw AssayError(
      .resource, "\(rows) rows would take about \(Int(bytes / 1e9)) GB, of \(MachineMemory.limit / 1_000_000_000) GB",
      at: "--inference", remedy: "give fewer rows")
  }
}
