import Evaluation

/// A value file as a customer would write it, for reports of runs without one.
enum ValueFileExample {
  static func text(for task: LearningTask) -> String {
    var lines = ["currency: EUR"]
    let positive = task.classes.count == 2 ? task.classes[1] : task.classes.first ?? ""
    // A class whose name would need escaping is left out of the example rather than spelled wrongly.
    let isPlain = !positive.isEmpty && positive.allSatisfy { $0.isLetter || $0.isNumber || "_- ".contains($0) }
    let gain: String
    if task.isBinary {
      if isPlain { lines.append("positive: \"\(positive)\"") }
      gain = "0.9 * amount * label  # amount is a column; label is 1 or 0"
    } else if !task.classes.isEmpty {
      gain = "'30 * (label == \"\(isPlain ? positive : "the class")\")'"
    } else {
      gain = "0.1 * label  # label is the true number"
    }
    lines += [
      "actions:", "  call:", "    gain: \(gain)", "    cost: 12", "capacity: 5 %  # of the rows",
      "today: amount > 500  # what is done now, if there is a rule",
    ]
    return lines.joined(separator: "\n")
  }
}
