import Basics
import Estimators
import Evaluation
import Kernels

/// Turns windows into rows for boosting: one row per window and step.
struct StepRows: Sendable {
  let reader: WindowReader
  let map: LinearMap
  let features: StepFeatures
  let errorUnit: WindowScaling.Unit?

  /// Rows of some windows.
  private struct Part: Sendable {
    var numbers: [Float] = []
    var labels: [Double] = []
    var weights: [Double] = []
  }

  /// The data to learn from: labels are what the linear map leaves, in the windows' units; rows without a known target
  /// are left out.
  ///
  /// - Parameter stepsPerWindow: How many of the steps ahead are drawn for each window.
  func trainingData(_ windows: [Window], stepsPerWindow: Int, key: RandomKey, threads: Int) -> TrainingData {
    let horizon = reader.horizon
    let parts = parts(windows.count, threads: threads) { range in
      var part = Part()
      each(windows, range) { position, input, answer, target, known, scale in
        var steps = Array(0..<horizon)
        if stepsPerWindow < horizon {
          var stream = key[position].stream()
          steps = Array(stream.permutation(of: horizon).prefix(stepsPerWindow)).sorted()
        }
        steps.removeAll { known[$0] == 0 }
        features.append(
          input, linear: answer, relativeSize: relativeSize(windows[position], scale), steps: steps,
          to: &part.numbers)
        part.labels += steps.map { Double(target[$0] - answer[$0]) }
        if let errorUnit {
          let ratio = Double(reader.ratio(of: windows[position], scale: scale, to: errorUnit))
          part.weights += steps.map { _ in max(ratio, 1e-6) }
        }
      }
      return part
    }
    return TrainingData(
      features: matrix(parts.map(\.numbers)), task: .regression, labels: parts.flatMap(\.labels),
      weights: errorUnit == nil ? nil : parts.flatMap(\.weights))
  }

  /// All steps of windows, with the linear map's answers, step by step, and the scales.
  func forecastData(
    _ windows: [Window], threads: Int
  ) -> (features: FeatureMatrix, answers: [Float], scales: [WindowScale]) {
    let steps = Array(0..<reader.horizon)
    let parts = parts(windows.count, threads: threads) { range in
      var (part, answers, scales) = (Part(), [Float](), [WindowScale]())
      each(windows, range) { position, input, answer, _, _, scale in
        features.append(
          input, linear: answer, relativeSize: relativeSize(windows[position], scale), steps: steps,
          to: &part.numbers)
        answers += steps.map { answer[$0] }
        scales.append(scale)
      }
      return (part, answers, scales)
    }
    return (matrix(parts.map(\.0.numbers)), parts.flatMap(\.1), parts.flatMap(\.2))
  }

  private func relativeSize(_ window: Window, _ scale: WindowScale) -> Float {
    reader.ratio(of: window, scale: scale, to: .level)
  }

  private func parts<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let size = 256
    return Compute.$threads.withValue(1) {
      parallelMap((count + size - 1) / size, threads: threads) { body($0 * size..<min(count, ($0 + 1) * size)) }
    }
  }

  /// Reads windows one by one, with the linear map's answers.
  private func each(
    _ windows: [Window], _ range: Range<Int>,
    _ body: (
      Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, WindowScale
    ) -> Void
  ) {
    let steps = reader.horizon
    withScratch(reader.lookBack) { input in
      withScratch(3 * steps) { room in
        let (answer, target, known) = (room, room + steps, room + 2 * steps)
        for position in range {
          let read = reader.read(windows[position], input: input, target: target, weight: known)
          map.apply(input, count: 1, into: answer)
          body(position, input, answer, target, known, read.scale)
        }
      }
    }
  }

  private func matrix(_ parts: [[Float]]) -> FeatureMatrix {
    let width = features.features.count
    let count = parts.reduce(0) { $0 + $1.count } / width
    let columns = (0..<width).map { column -> FeatureValues in
      var values: [Float] = []
      values.reserveCapacity(count)
      for part in parts {
        for at in stride(from: column, to: part.count, by: width) { values.append(part[at]) }
      }
      return .dense(values)
    }
    return FeatureMatrix(features: features.features, columns: columns, rowCount: count)
  }
}
