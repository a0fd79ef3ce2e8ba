import Basics
import Networks
import Tensors

extension ExportCase {
  private static let key = RandomKey(seed: 11)

  /// The models of `assay bench step`.
  static func models() throws -> [ExportCase] {
    try StepModel.allCases.map { kind in
      let network = try kind.make(key: key["weights"])
      for (index, named) in network.parameters.enumerated() where named.path.contains("variance") {
        let noise = abs(Tensor.normal(named.parameter.value.shape, key: key[index]))
        named.parameter.value = named.parameter.value + noise
      }
      // The nodes of a graph are no batch of any size.
      let isGraph = kind == .gcn
      return ExportCase(
        name: "model_\(kind.rawValue)", module: network, batchAxis: isGraph ? nil : 0, rows: [2, 5],
        inputs: { [kind.inputs(batch: $0, key: key["inputs"])] }, body: { [network.forward($0[0], .inference)] })
    }
  }

  /// Dense layers, convolutions, normalisation and pooling.
  static func layers() -> [ExportCase] { dense() + convolutions() + normalisation() + pooling() }

  private static func dense() -> [ExportCase] {
    Activation.allCases.map { layer("dense_\($0.rawValue)", Dense(6, 5, activation: $0, key: key), [6]) } + [
      layer("dense_of_sequences", Dense(6, 5, activation: .relu, key: key), [4, 6]),
      layer("dense_without_bias", Dense(6, 5, hasBias: false, key: key), [6]),
      layer("prelu", PReLU(6), [6]),
      layer(
        "flatten_of_images", Sequential(Conv2D(2, 3, size: 3, key: key), Flatten(), Dense(36, 4, key: key)), [5, 6, 2]),
      layer(
        "residual", Residual(Sequential(Dense(6, 6, activation: .relu, key: key), Dropout(0.5)), activation: .relu), [6]
      ),
      layer("parallel", Parallel(Dense(6, 3, key: key["a"]), Dense(6, 2, key: key["b"])), [6]),
      ExportCase(
        name: "embedding", inputs: { [places([$0, 4], below: 11)] },
        body: { [embedding($0[0], table: numbers([11, 6], "table"))] }),
      ExportCase(
        name: "embedding_with_padding", inputs: { [places([$0, 4], below: 11)] },
        body: { [Embedding(11, 6, padding: 0, key: key).forward($0[0], .inference)] }),
    ]
  }

  private static func convolutions() -> [ExportCase] {
    let dilated = ConvolutionOptions(dilation: 2)
    return [
      layer("conv", Conv2D(3, 5, size: 3, activation: .relu, key: key), [7, 8, 3]),
      layer("conv_same", Conv2D(3, 5, size: [3, 4], padding: .same, activation: .silu, key: key), [7, 8, 3]),
      layer("conv_strided", Conv2D(3, 5, size: [3, 2], stride: [2, 3], key: key), [9, 8, 3]),
      layer(
        "conv_strided_same", Conv2D(3, 5, size: 3, stride: 2, padding: .same, hasBias: false, key: key), [8, 9, 3]),
      layer("conv_dilated", Conv2D(3, 5, size: 3, dilation: [2, 1], key: key), [9, 8, 3]),
      layer("conv_grouped", Conv2D(4, 6, size: 3, padding: .same, groups: 2, key: key), [7, 8, 4]),
      layer("conv_depthwise", DepthwiseConv2D(4, size: 3, padding: .same, activation: .gelu, key: key), [7, 8, 4]),
      layer("conv_depthwise_multiplied", DepthwiseConv2D(4, multiplier: 2, size: 3, stride: 2, key: key), [7, 8, 4]),
      layer("conv_pointwise", Conv2D(4, 6, size: 1, activation: .tanh, key: key), [5, 6, 4]),
      layer("conv_1d", Conv1D(3, 5, size: 3, stride: 2, padding: .same, key: key), [9, 3]),
      layer("conv_1d_causal", Conv1D(3, 5, size: 3, dilation: 2, isCausal: true, activation: .relu, key: key), [9, 3]),
      layer("conv_1d_grouped", Conv1D(4, 6, size: 3, dilation: 2, groups: 2, key: key), [9, 4]),
      layer("conv_transposed", ConvTranspose2D(3, 4, size: 3, stride: 2, key: key), [5, 4, 3]),
      layer("conv_transposed_same", ConvTranspose2D(3, 4, size: 4, stride: 2, padding: .same, key: key), [5, 4, 3]),
      layer(
        "conv_transposed_grouped",
        ConvTranspose2D(4, 6, size: 3, stride: 2, padding: .all(1), outputPadding: 1, groups: 2, key: key), [5, 4, 4]),
      function("conv_transposed_dilated", [5, 6, 3]) {
        convolutionTransposed($0, numbers([3, 3, 4, 3], "w"), options: dilated)
      },
      ExportCase(
        name: "conv_of_computed_weights", inputs: { [numbers([$0, 6, 6, 3])] },
        body: { [convolution($0[0], $0[0].sum(axes: [0]).sliced(axis: 0, 0..<3).reshaped(to: [3, 6, 3, 1]) * 0.1)] }),
    ]
  }

  private static func normalisation() -> [ExportCase] {
    [
      layer("batch_norm_rows", BatchNorm(5), [5]),
      layer("batch_norm_sequences", BatchNorm(5, activation: .relu), [4, 5]),
      layer("batch_norm_images", BatchNorm(5, activation: .silu), [4, 6, 5]),
      layer(
        "batch_norm_pooled", Sequential(Conv2D(3, 5, size: 3, key: key), BatchNorm(5, activation: .relu), MaxPool2D()),
        [9, 8, 3]),
      layer("layer_norm", LayerNorm(6), [4, 6]),
      layer("layer_norm_images", Sequential(Conv2D(3, 6, size: 3, key: key), LayerNorm(6)), [6, 7, 3]),
      function("layer_norm_plain") { layerNorm($0) },
      function("add_layer_norm") { x in
        let result = addLayerNorm(x, x * x, gain: numbers([5], "g"), bias: numbers([5], "b"))
        return result.sum + result.normalized
      },
      layer("rms_norm", RMSNorm(6), [4, 6]),
      layer("group_norm", GroupNorm(groups: 2, 6), [5, 4, 6]),
      layer("instance_norm", GroupNorm(groups: 6, 6), [5, 4, 6]),
    ]
  }

  private static func pooling() -> [ExportCase] {
    [
      layer("max_pool", MaxPool2D(), [7, 8, 3]),
      layer("max_pool_padded", MaxPool2D(size: 3, stride: 2, padding: .same), [7, 8, 3]),
      layer("average_pool", AveragePool2D(size: [2, 3], stride: 1), [7, 8, 3]),
      layer("average_pool_padded", AveragePool2D(size: 3, stride: 2, padding: .same), [7, 8, 3]),
      function("average_pool_counting", [7, 8, 3]) {
        averagePool($0, size: (3, 3), stride: (2, 2), padding: .all(1), countsPadding: true)
      },
      layer("max_pool_1d", MaxPool1D(size: 3, stride: 2), [9, 3]),
      layer("average_pool_1d", AveragePool1D(size: 3, stride: 1), [9, 3]),
      layer("global_pools", Parallel(GlobalAveragePool(), GlobalMaxPool()), [5, 4, 3]),
      layer("global_pools_of_sequences", Parallel(GlobalAveragePool(), GlobalMaxPool()), [5, 3]),
    ]
  }
}
