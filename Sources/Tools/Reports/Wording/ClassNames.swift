import Evaluation
import Experiments

extension ExperimentResults {
  /// The results with each class called as `problem.classNames` says, wherever a report shows it.
  func calledByName() -> ExperimentResults {
    guard let names = problem.classNames, !names.isEmpty else { return self }
    let called = { (name: String) in names[name] ?? name }
    var renamed = self
    let classes = problem.task.classes
    renamed.problem.task = classes.isEmpty ? problem.task : .classification(classes: classes.map(called))
    if var confusion {
      confusion.classes = confusion.classes.map(called)
      for name in classes {
        confusion.operatingPoint = confusion.operatingPoint.replacing(
          "probability of \(name) at least", with: "probability of \(called(name)) at least")
      }
      renamed.confusion = confusion
    }
    for index in explanation.effects.indices where !explanation.effects[index].output.isEmpty {
      renamed.explanation.effects[index].output = called(explanation.effects[index].output)
    }
    for index in explanation.examples.indices {
      var example = explanation.examples[index]
      example.observed = called(example.observed)
      // A prediction is a class, in quotation marks if it looks like a number, and its probability.
      for name in classes {
        for spelling in ["\"\(name)\" ", "\(name) "] where example.prediction.hasPrefix(spelling) {
          let shown = called(name) + " " + example.prediction.dropFirst(spelling.count)
          example.reason = example.reason.replacing("predicted \(example.prediction)", with: "predicted \(shown)")
          example.prediction = shown
          break
        }
      }
      renamed.explanation.examples[index] = example
    }
    return renamed
  }
}
