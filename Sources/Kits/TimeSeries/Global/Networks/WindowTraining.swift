import Basics
import Foundation
import Networks
import Tensors

/// The training of one network.
struct WindowTraining {
  let settings: WindowNet
  let source: WindowSource
  let heads: WindowHeads
  let key: RandomKey
  let deadline: Deadline
  let interruption: Interruption

  /// Trains from first weights to the end of the course, the deadline, or the end of patience.
  func run() throws -> WindowMember {
    let model = WindowModel(settings.architecture, source.shape, start: source.start, key: key["weights"])
    let parameters = model.parameters
    var optimizer = AdamW(learningRate: settings.learningRate, weightDecay: settings.weightDecay)
    let judges = judging()
    var best = (loss: Double.infinity, weights: [String: Tensor](), looks: 0)
    if !judges.isEmpty { best = (judged(model, judges), model.weights, 0) }
    let look = max(1, settings.steps / 20)
    var course = WindowCourse(steps: settings.steps, deadline: deadline)
    while let factor = course.next() {
      try interruption.check()
      let step = course.step
      let batch = WindowBatch(
        source.reader, source.plan.draw(settings.batchSize, key: key["windows"][step]),
        errorUnit: settings.errorUnit)
      let pass = Pass.training(key["pass"][step])
      let (_, gradients) = valueWithGradients(of: parameters) { loss(model(batch.inputs, pass), batch) }
      // A batch of windows that fit no scale can make a step of no number: it is left out.
      guard gradients.isFinite else { continue }
      optimizer.learningRate = settings.learningRate * factor
      optimizer.update(parameters, with: gradients.clipped(norm: 1))
      if !judges.isEmpty, step % look == 0 || course.isLast {
        let loss = judged(model, judges)
        best.looks += 1
        if loss < best.loss { best = (loss, model.weights, 0) }
        if best.looks >= settings.patience { break }
      }
    }
    let weights = best.weights.isEmpty ? model.weights : best.weights
    return WindowMember(lookBack: source.shape.inputs, weights: weights)
  }

  private func loss(_ answers: Tensor, _ batch: WindowBatch) -> Tensor {
    let known = batch.targets.count
    var sum: Tensor?
    if !heads.levels.isEmpty {
      let quantiles = heads.hasMean ? answers.sliced(axis: 2, 0..<heads.levels.count) : answers
      let losses = pinballLoss(quantiles, targets: batch.targets, quantiles: heads.levels, reduction: .none)
      sum = (losses * batch.weights).sum() * (1 / Double(known * heads.levels.count))
    }
    if heads.hasMean {
      let mean = answers.sliced(axis: 2, heads.levels.count..<heads.count)
      // Huber's loss: a window whose scale fits ill does not outweigh all others.
      let losses = huberLoss(
        mean, targets: batch.targets.expanded(axis: 2), delta: 5, reduction: .none)
      let loss = (losses * batch.weights).sum() * (1 / Double(known))
      sum = sum.map { $0 + loss } ?? loss
    }
    return sum ?? Tensor.zeros([])
  }

  private func judging() -> [WindowBatch] {
    let windows = source.plan.validation
    return stride(from: 0, to: windows.count, by: 512).map {
      WindowBatch(
        source.reader, Array(windows[$0..<min(windows.count, $0 + 512)]), errorUnit: settings.errorUnit)
    }
  }

  private func judged(_ model: WindowModel, _ batches: [WindowBatch]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for batch in batches {
      sum += loss(model(batch.inputs), batch).scalar * Double(batch.targets.count)
      count += Double(batch.targets.count)
    }
    return sum / count
  }
}

/// The steps of a course whose learning rate falls as half a cosine wave, and which is shortened to end by a deadline.
struct WindowCourse {
  private(set) var step = -1
  private var total: Int
  private var progress = 0.0
  private let deadline: Deadline
  private let start = ContinuousClock.now

  init(steps: Int, deadline: Deadline) {
    total = steps
    self.deadline = deadline
  }

  var isLast: Bool { step == total - 1 }

  /// Goes on to the next step, the first in any case; gives the factor of the learning rate, nil at the end.
  mutating func next() -> Double? {
    step += 1
    if step > 0, deadline.instant != nil {
      let pace = seconds(start.duration(to: .now)) / Double(step)
      let affordable = Int(deadline.secondsLeft / max(pace, 1e-9))
      // The first steps are slower than the others and say little.
      if step >= 5 || deadline.hasPassed { total = min(total, step + affordable) }
    }
    guard step < total else { return nil }
    let factor = 0.5 * (1 + cos(.pi * progress))
    progress += (1 - progress) / Double(total - step)
    // The first steps are small: Adam's means know little yet.
    return factor * min(1, Double(step + 1) / 20)
  }
}
