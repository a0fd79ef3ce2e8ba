import Basics
import CKernels
import Kernels

/// Connectionist temporal classification: the loss of sequences of labels whose places in time are not known.
package struct CTCLoss: Operation {
  package let blank: Int
  package var name: String { "ctcLoss" }

  /// Inputs: logarithms of probabilities [b, t, classes], labels [b, l], frames [b], label counts [b]. Output: [b].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let scores = inputs[0]
    let sizes = AlignmentSizes(self, inputs)
    require(scores.type == .float32, name, "there is no \(name) of \(scores.type) (shape \(scores.shape))")
    let losses = Tensor(uninitialized: [sizes.batch], .float32, for: name)
    // The derivatives cost little beside the loss, and nothing else is needed for them.
    let slopes = run.isRecorded ? Tensor(repeating: 0, shape: scores.shape) : nil
    let labels = inputs[1].cast(to: .int64)
    let size = sizes.frames * sizes.classes
    withExtendedLifetime((labels, slopes)) {
      forEachTask(sizes.batch) { row in
        let (frames, count) = (sizes.frameCounts[row], sizes.labelCounts[row])
        withScratch(2 * assay_alignment_scratch(frames, count)) { scratch in
          let wide = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Double.self)
          losses.floats[row] = Float(
            assay_alignment_loss(
              frames, sizes.classes, scores.floats + row * size, labels.pointer(Int64.self) + row * sizes.labels, count,
              blank, slopes.map { $0.floats + row * size }, wide))
        }
      }
    }
    if let slopes { run.keep(slopes) }
    return [losses]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil, nil, nil] }
    return [g.reshaped(to: [g.count, 1, 1]) * call.kept[0], nil, nil, nil]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let sizes = AlignmentSizes(self, inputs)
    let (scores, batch) = (inputs[0], sizes.batch)
    let impossible = scores.constant(.infinity)
    func row(_ values: [Double]) -> Tensor { Tensor(values).cast(to: scores.type) }
    func truths(_ values: [Bool], _ shape: [Int]) -> Tensor { Tensor(values, shape: shape) }
    let isEmpty = truths((0..<batch).map { sizes.frameCounts[$0] == 0 && sizes.labelCounts[$0] == 0 }, [batch])
    let nothing = scores.reshaped(to: [batch, sizes.frames * sizes.classes]).sum(axes: [1]).detached() * 0
    guard batch > 0, sizes.frames > 0 else { return [select(isEmpty, nothing, impossible)] }

    // Numbers that stand for the logarithm of 0 are finite, so that differences of them are numbers.
    let lowest = -1e30
    let states = 2 * sizes.labels + 1
    let (classes, skips) = sizes.states(inputs[1], lowest: lowest)
    let places = classes.reshaped(to: [batch, 1, states]).broadcast(to: [batch, sizes.frames, states])
    let emissions = maximum(scores.taken(along: -1, at: places), lowest)
    func emission(_ frame: Int) -> Tensor { emissions.sliced(axis: 1, frame..<frame + 1).squeezed(axes: [1]) }
    func delayed(_ x: Tensor, by states: Int) -> Tensor {
      x.padded([(0, 0), (states, 0)], with: lowest).sliced(axis: 1, 0..<x.shape[1])
    }
    let starts = row((0..<states).map { $0 < 2 ? 0 : lowest })
    var forward = emission(0) + starts
    for frame in 1..<sizes.frames {
      var ways = [forward, delayed(forward, by: 1)]
      if states > 2 { ways.append(delayed(forward, by: 2) + skips.cast(to: scores.type)) }
      let next = stacked(ways, axis: 2).logSumExp(axes: [2]) + emission(frame)
      forward = select(truths(sizes.frameCounts.map { frame < $0 }, [batch, 1]), next, forward)
    }
    // An alignment ends in the last label or in the blank behind it.
    func ending(_ place: (Int) -> Int) -> Tensor {
      forward.taken(along: 1, at: Tensor(sizes.labelCounts.map { Int64(place($0)) }, shape: [batch, 1]))
    }
    let other =
      ending { Swift.max(0, 2 * $0 - 1) }
      + row(sizes.labelCounts.map { $0 == 0 ? lowest : 0 })
      .reshaped(to: [batch, 1])
    let total = concatenated([ending { 2 * $0 }, other], axis: 1).logSumExp(axes: [1])
    let isPossible = (total .> lowest / 10).and(truths(sizes.frameCounts.map { $0 > 0 }, [batch]))
    return [select(isPossible, -total, select(isEmpty, nothing, impossible))]
  }
}

/// The sizes of sequences and their labels.
private struct AlignmentSizes {
  let batch: Int
  let frames: Int
  let classes: Int
  let labels: Int
  let blank: Int
  let frameCounts: [Int]
  let labelCounts: [Int]

  /// Stops where inputs do not fit.
  init(_ operation: CTCLoss, _ inputs: [Tensor]) {
    let (scores, labels, name) = (inputs[0], inputs[1], operation.name)
    require(
      scores.rank == 3 && labels.rank == 2 && labels.shape[0] == scores.shape[0]
        && inputs[2].shape == [scores.shape[0]] && inputs[3].shape == [scores.shape[0]],
      name,
      "log-probabilities \(scores.shape), labels \(labels.shape), input lengths \(inputs[2].shape) and label lengths "
        + "\(inputs[3].shape) do not fit")
    for index in 1...3 {
      require(
        inputs[index].type == .int32 || inputs[index].type == .int64, name,
        "labels and lengths are int32 or int64, not \(inputs[index].type)")
    }
    (batch, frames, classes) = (scores.shape[0], scores.shape[1], scores.shape[2])
    self.labels = labels.shape[1]
    blank = operation.blank
    require(
      blank >= 0 && (blank < classes || batch * frames == 0), name, "there is no class \(blank) in \(scores.shape)")
    frameCounts = inputs[2].wholeNumbers
    labelCounts = inputs[3].wholeNumbers
    let values = labels.wholeNumbers
    for row in 0..<batch {
      require(
        frameCounts[row] >= 0 && frameCounts[row] <= frames && labelCounts[row] >= 0 && labelCounts[row] <= self.labels,
        name,
        "row \(row) has \(frameCounts[row]) frames and \(labelCounts[row]) labels; there are \(frames) and \(self.labels)"
      )
      for place in 0..<labelCounts[row] {
        let label = values[row * self.labels + place]
        require(
          label >= 0 && label < classes && label != blank, name,
          "row \(row) has label \(label) at place \(place), which is the blank \(blank) or not in 0 ..< \(classes)")
      }
    }
  }

  /// The class of each state, blanks around labels, [b, states], and what is added where a state is reached from the one
  /// before the last: 0, or `lowest` where it cannot be.
  func states(_ labels: Tensor, lowest: Double) -> (classes: Tensor, skips: Tensor) {
    let (states, values) = (2 * self.labels + 1, labels.wholeNumbers)
    var stateClasses = Array(repeating: Int64(blank), count: batch * states)
    var skips = Array(repeating: lowest, count: batch * states)
    for row in 0..<batch {
      for place in 0..<labelCounts[row] {
        let (state, label) = (row * states + 2 * place + 1, values[row * self.labels + place])
        stateClasses[state] = Int64(label)
        if place > 0, values[row * self.labels + place - 1] != label { skips[state] = 0 }
      }
    }
    return (Tensor(stateClasses, shape: [batch, states]), Tensor(skips, shape: [batch, states]))
  }
}

/// The loss of connectionist temporal classification (Graves, Fernández, Gomez and Schmidhuber 2006), for sequences of
/// labels whose places in time are not known: minus the logarithm of the probability that a sequence of frames says its
/// labels, summed over all alignments, in which labels repeat and blanks stand between them.
///
/// The gradient is that with respect to the log-probabilities as they are; behind `logSoftmax` the chain rule does the
/// rest.
///
/// - Parameters:
///   - logProbabilities: [batch, t, classes], such as `logSoftmax` gives.
///   - labels: [batch, l], int32 or int64, none of them the blank; what is behind a row's length is not read.
///   - inputLengths: [batch], int32 or int64 in 0 ... t: the frames of each sequence.
///   - labelLengths: [batch], int32 or int64 in 0 ... l.
///   - blank: The class that stands for no label; 0 unless given.
/// - Returns: [batch]; infinity, with a gradient of 0, where there are too few frames for the labels or every alignment
///   has probability 0.
public func ctcLoss(
  _ logProbabilities: Tensor, labels: Tensor, inputLengths: Tensor, labelLengths: Tensor, blank: Int = 0
) -> Tensor {
  apply(CTCLoss(blank: blank), [logProbabilities, labels, inputLengths, labelLengths])[0]
}
