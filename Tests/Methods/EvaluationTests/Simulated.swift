import Basics
import Evaluation
import Foundation

let twoClasses = LearningTask.classification(classes: ["no", "yes"])

/// The largest relative difference that the order of additions may cause.
let summationTolerance = 1e-12

/// Labels and calibrated probabilities of two classes; scores are rounded to that many decimals.
func simulatedBinary(
  _ count: Int, key: RandomKey, decimals: Int = 6, spread: Double = 1.5, offset: Double = -0.5
) -> (labels: [Double], predictions: Predictions) {
  var stream = key.stream()
  var labels: [Double] = []
  var values: [Double] = []
  let scale = pow(10, Double(decimals))
  for _ in 0..<count {
    let probability = 1 / (1 + exp(-(spread * stream.normal() + offset)))
    labels.append(stream.uniform() < probability ? 1 : 0)
    let score = (probability * scale).rounded() / scale
    values += [1 - score, score]
  }
  return (labels, Predictions(values, width: 2))
}
