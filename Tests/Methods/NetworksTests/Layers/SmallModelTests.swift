import Basics
import Kernels
import Networks
import Tensors
import XCTest

/// Whole models with their training loops, as short as a user writes them.
final class SmallModelTests: XCTestCase {
  /// Images with a bright horizontal or vertical bar.
  private func bars(_ count: Int, _ key: RandomKey) -> (images: Tensor, labels: Tensor) {
    var random = key.stream()
    var (pixels, labels) = ([Float](), [Int]())
    for _ in 0..<count {
      let (label, place) = (random.integer(below: 2), random.integer(below: 8))
      labels.append(label)
      for row in 0..<8 {
        for column in 0..<8 {
          pixels.append(Float(random.normal() * 0.3) + ((label == 0 ? row : column) == place ? 1 : 0))
        }
      }
    }
    return (Tensor(pixels, shape: [count, 8, 8, 1]), Tensor(labels))
  }

  func testASmallConvolutionalNetwork() {
    let key = RandomKey(seed: 1)
    let (images, labels) = bars(256, key["data"])
    let model = Sequential {
      Conv2D(1, 8, size: 3, padding: .same, hasBias: false, key: key["first"])
      BatchNorm(8, activation: .relu)
      MaxPool2D()
      Conv2D(8, 16, size: 3, activation: .relu, key: key["second"])
      GlobalAveragePool()
      Dense(16, 2, key: key["last"])
    }
    var optimizer = AdamW(learningRate: 0.01)
    for step in 0..<60 {
      let rows = Tensor((0..<32).map { (step * 32 + $0) % 256 })
      let (_, gradients) = valueWithGradients(of: model) {
        crossEntropy(model(images.gathered(at: rows), .training(key[step])), labels: labels.gathered(at: rows))
      }
      optimizer.update(model, with: gradients.clipped(norm: 5))
    }
    let (test, truth) = bars(200, key["test"])
    let hits = (model(test).argMax() .== truth).cast(to: .float32).mean().scalar
    XCTAssertGreaterThan(hits, 0.9)
  }

  /// Sequences in which the first symbol says what the class is; the others are noise.
  func testASmallRecurrentClassifier() {
    let key = RandomKey(seed: 2)
    var random = key.stream()
    let symbols = Tensor((0..<128 * 8).map { _ in random.integer(below: 4) }, shape: [128, 8])
    let labels = symbols.sliced(axis: 1, 0..<1).reshaped(to: [128])
    let model = Sequential {
      Embedding(4, 8, key: key["embedding"])
      LSTM(8, 16, returnsSequences: false, key: key["lstm"])
      Dense(16, 4, key: key["last"])
    }
    var optimizer = Adam(learningRate: 0.02)
    var loss = 2.0
    for step in 0..<120 {
      let (value, gradients) = valueWithGradients(of: model) {
        crossEntropy(model(symbols, .training(key[step])), labels: labels)
      }
      optimizer.update(model, with: gradients.clipped(norm: 1))
      loss = value.scalar
    }
    XCTAssertLessThan(loss, 0.1)
  }

  func testTrainingGivesTheSameBitsOnAnyThreads() {
    let results = (1...3).map { threads in
      Compute.$threads.withValue(threads) { () -> [[Double]] in
        let key = RandomKey(seed: 3)
        let (images, labels) = bars(64, key["data"])
        let model = Sequential(
          Conv2D(1, 8, size: 3, activation: .relu, key: key[0]), Flatten(), Dropout(0.2), Dense(288, 2, key: key[1]))
        var optimizer = Adam()
        for step in 0..<5 {
          let (_, gradients) = valueWithGradients(of: model) {
            crossEntropy(model(images, .training(key[step])), labels: labels)
          }
          optimizer.update(model, with: gradients)
        }
        return model.parameters.map { $0.parameter.value.doubles }
      }
    }
    XCTAssertEqual(results[1], results[0])
    XCTAssertEqual(results[2], results[0])
  }
}
