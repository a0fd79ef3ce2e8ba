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

  /// Sums over all alignments frame by frame, written out. Labels and lengths stay tensors, so that a graph of these
  /// operations takes any.
  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    // Also checks labels and lengths.
    let sizes = AlignmentSizes(self, inputs)
    let scores = inputs[0]
    let (frameCounts, labelCounts) = (inputs[2].cast(to: .int64), inputs[3].cast(to: .int64))
    let hasFrames = frameCounts .> 0
    let isEmpty = hasFrames.or(labelCounts .> 0).not()
    let nothing = select(isEmpty, scores.constant(0), scores.constant(.infinity))
    guard sizes.batch > 0, sizes.frames > 0 else { return [nothing] }

    let (classes, skips) = states(inputs[1].cast(to: .int64), labelCounts, sizes, like: scores)
    let states = classes.shape[1]
    let places = classes.expanded(axis: 1).broadcast(to: [sizes.batch, sizes.frames, states])
    let emissions = maximum(scores.taken(along: -1, at: places), Self.lowest)
      .split(sizes: Array(repeating: 1, count: sizes.frames), axis: 1).map { $0.squeezed(axes: [1]) }
    func delayed(_ x: Tensor, by count: Int) -> Tensor {
      x.padded([(0, 0), (count, 0)], with: Self.lowest).sliced(axis: 1, 0..<states)
    }
    let starts = Tensor((0..<states).map { $0 < 2 ? 0 : Self.lowest }).cast(to: scores.type)
    let counts = frameCounts.expanded(axis: 1)
    var forward = emissions[0] + starts
    for frame in 1..<sizes.frames {
      var ways = [forward, delayed(forward, by: 1)]
      if let skips { ways.append(delayed(forward, by: 2) + skips) }
      forward = select(counts .> Double(frame), logarithmOfSum(ways) + emissions[frame], forward)
    }
    // An alignment ends in the last label or in the blank behind it.
    let last = labelCounts.expanded(axis: 1) * Tensor(Int64(2))
    let others = forward.taken(along: 1, at: maximum(last - Tensor(Int64(1)), 0))
    let isLabelled = last .> 0
    let total = logarithmOfSum([
      forward.taken(along: 1, at: last), select(isLabelled, others, others.constant(Self.lowest)),
    ]).squeezed(axes: [1])
    return [select((total .> Self.lowest / 10).and(hasFrames), -total, nothing)]
  }

  /// Stands for the logarithm of 0: finite, so that differences are numbers.
  private static var lowest: Double { -1e30 }

  /// The class of each state, blanks around labels, [b, states]; and what is added where a state is reached from the one
  /// before the last: 0, or the least number where it cannot be. No state can without two labels.
  private func states(
    _ labels: Tensor, _ counts: Tensor, _ sizes: AlignmentSizes, like scores: Tensor
  ) -> (classes: Tensor, skips: Tensor?) {
    let count = sizes.labels
    guard count > 0 else { return (Tensor(repeating: Double(blank), shape: [sizes.batch, 1], type: .int64), nil) }
    // What is behind the last label may be anything.
    let given = select(.range(count) .< counts.expanded(axis: 1), labels, labels.constant(Double(blank)))
    func interleaved(_ x: Tensor, with filler: Double) -> Tensor {
      x.expanded(axis: 2).padded([(0, 0), (0, 0), (1, 0)], with: filler).reshaped(to: [sizes.batch, 2 * count])
        .padded([(0, 0), (0, 1)], with: filler)
    }
    let classes = interleaved(given, with: Double(blank))
    guard count > 1 else { return (classes, nil) }
    let differs = given.sliced(axis: 1, 1..<count) .!= given.sliced(axis: 1, 0..<count - 1)
    let steps = select(differs, scores.constant(0), scores.constant(Self.lowest))
    return (classes, interleaved(steps.padded([(0, 0), (1, 0)], with: Self.lowest), with: Self.lowest))
  }
}

/// log(sum(exp(x))) of finite numbers.
private func logarithmOfSum(_ terms: [Tensor]) -> Tensor {
  // The result does not depend on the shift, so none of its gradients does.
  let largest = terms.dropFirst().reduce(terms[0]) { maximum($0, $1) }.detached()
  let sum = terms.dropFirst().reduce(exp(terms[0] - largest)) { $0 + exp($1 - largest) }
  return largest + log(sum)
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
