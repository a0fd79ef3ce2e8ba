import Estimators
import Evaluation
import Foundation

/// Expected values from scikit-learn; `Tests/Golden/Estimators/classical.py` makes them.
struct ClassicalGolden: Decodable {
  struct Linear: Decodable {
    let intercept: [Double]
    let slopes: [[Double]]
    let lambda: Double
    let l1Ratio: Double
    let label: String
  }
  struct Mixture: Decodable {
    let logLikelihood: Double
    let bic: Double
  }
  struct Clusters: Decodable {
    let x: [[Float]]
    let inertia: Double
    let sizes: [Int]
    let silhouette: Double
    let labels: [Int]
    let mixture: Mixture
    let diagonal: Mixture
  }
  struct Components: Decodable {
    let variance: [Double]
    let axes: [[Double]]
  }
  struct AdjustedRand: Decodable {
    let a: [Int]
    let b: [Int]
    let value: Double
  }

  let x: [[Float]]
  let number: [Double]
  let binary: [Double]
  let three: [Double]
  let count: [Double]
  let linear: [String: Linear]
  let gaussianBayes: [[Double]]
  let levels: [[Float]]
  let categoricalBayes: [[Double]]
  let words: [[Float]]
  let multinomialBayes: [[Double]]
  let clusters: Clusters
  let components: Components
  let adjustedRand: AdjustedRand

  static func load() throws -> ClassicalGolden {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appendingPathComponent("Golden/Estimators/classical.json")
    return try JSONDecoder().decode(ClassicalGolden.self, from: Data(contentsOf: file))
  }

  func data(_ label: String) -> TrainingData {
    let features = FeatureMatrix(dense: x)
    switch label {
    case "binary":
      return TrainingData(features: features, task: .classification(classes: ["no", "yes"]), labels: binary)
    case "three":
      return TrainingData(features: features, task: .classification(classes: ["a", "b", "c"]), labels: three)
    case "count": return TrainingData(features: features, task: .regression, labels: count)
    default: return TrainingData(features: features, task: .regression, labels: number)
    }
  }
}
