import Kernels

extension LinearMap {
  /// The errors of each step over windows, sorted, in the windows' units.
  func sortedErrors(_ reader: WindowReader, _ windows: [Window]) -> [[Float]] {
    judge(reader, windows, weighsByUnit: false).errors
  }

  /// The mean loss over windows, and the errors of each step, sorted, in the windows' units.
  ///
  /// - Parameter weighsByUnit: Whether errors count in the series' own numbers; see `squared`.
  func judge(
    _ reader: WindowReader, _ windows: [Window], weighsByUnit: Bool
  ) -> (loss: Double, errors: [[Float]]) {
    let (width, steps, size) = (reader.lookBack, reader.horizon, 256)
    var errors = [[Float]](repeating: [], count: steps)
    for step in 0..<steps { errors[step].reserveCapacity(windows.count) }
    var (loss, weight) = (0.0, 0.0)
    withScratch(size * width) { inputs in
      withScratch(size * steps) { answers in
        withScratch(2 * steps * size) { targets in
          let known = targets + steps * size
          for start in stride(from: 0, to: windows.count, by: size) {
            let count = min(windows.count - start, size)
            let units = (0..<count).map { row in
              reader.read(
                windows[start + row], input: inputs + row * width, target: targets + row * steps,
                weight: known + row * steps
              ).scale.unit
            }
            apply(inputs, count: count, into: answers)
            for row in 0..<count {
              let unit = weighsByUnit ? units[row] : 1
              for step in 0..<steps where known[row * steps + step] > 0 {
                let error = targets[row * steps + step] - answers[row * steps + step]
                errors[step].append(error)
                loss += squared(Double(error), unit: unit, isRobust: reader.isScaled && !weighsByUnit)
                weight += 1
              }
            }
          }
        }
      }
    }
    return (weight > 0 ? loss / weight : .infinity, errors.map { $0.sorted() })
  }
}

/// A squared error in the series' own numbers; or, of errors in the windows' units where those differ from series to
/// series, Huber's: beyond one unit it grows as the absolute error does, so that a window which fits no scale does not
/// decide alone.
func squared(_ error: Double, unit: Double, isRobust: Bool) -> Double {
  if isRobust, abs(error) > 1 { return 2 * abs(error) - 1 }
  return error * error * unit * unit
}
