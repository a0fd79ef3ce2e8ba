import Basics
import Networks
import Tensors

/// Numbers of papers [rows] to one logit for each topic: two graph convolutions over the words of all papers and their
/// citations (Kipf and Welling 2017).
struct TopicNetwork: Module {
  let first: GraphConvolution
  let second: GraphConvolution
  let dropout = Dropout(0.5)
  let features: Tensor
  let edges: GraphEdges

  init(features: Tensor, edges: GraphEdges, classes: Int, key: RandomKey) {
    self.features = features
    self.edges = edges
    first = GraphConvolution(features.shape[1], 16, activation: .relu, key: key["first"])
    second = GraphConvolution(16, classes, key: key["second"])
  }

  func callAsFunction(_ papers: Tensor, _ pass: Pass) -> Tensor {
    let hidden = dropout(first(dropout(features, pass), edges), pass)
    return second(hidden, edges).gathered(at: papers)
  }
}

/// A run on the citation graph in a file: every step sees the whole graph and the labels of all training papers.
func topicLearning(_ file: SafeTensors, key: RandomKey) throws -> LearningRun<TopicNetwork> {
  let features = try file.tensor("features").cast(to: .float32)
  let ends = try file.tensor("edges").cast(to: .int64).values(Int64.self).map { Int($0) }
  guard features.rank == 2, features.count > 0, ends.count % 2 == 0 else {
    throw file.unfit(
      "features", "features of shape \(features.shape) and \(ends.count) ends of edges are no graph")
  }
  let from = stride(from: 0, to: ends.count, by: 2).map { ends[$0] }
  let to = stride(from: 1, to: ends.count, by: 2).map { ends[$0] }
  let edges = try GraphEdges(sources: from + to, targets: to + from, nodes: features.shape[0])
    .addingSelfLoops().normalized()
  func rows(_ part: String) throws -> TensorDataset {
    try TensorDataset(file.tensor("\(part).inputs").cast(to: .int64), file.labels(of: part))
      .verifyIndices(in: 0, below: features.shape[0], name: "papers")
  }
  let parts = LearningParts(training: try rows("train"), validation: try rows("validation"), test: try rows("test"))
  var trainer = Trainer(epochs: 300, batches: BatchSampler(batchSize: features.shape[0]))
  trainer.earlyStopping = EarlyStopping(patience: 30)
  let network = TopicNetwork(features: features, edges: edges, classes: try file.classCount(), key: key)
  return LearningRun(
    network: network, trainer: trainer, optimizer: AdamW(learningRate: 0.01, weightDecay: 0), parts: parts,
    // The paper's weight decay concerns the first layer alone.
    penalty: { square($0.first.weight.value).sum() * 2.5e-4 }
  ) { network, batch, pass in network(batch[0], pass) }
}
