import Basics
import Tensors

/// An operation of the bench models, alone: the ones that libraries of primitives are bought for.
enum TimedOperation: String, CaseIterable {
  case firstConvolution = "convolution-3-32"
  case secondConvolution = "convolution-32-64"
  case thirdConvolution = "convolution-64-128"
  case depthwiseConvolution = "depthwise-64"
  case wideProduct = "product-2048-128-512"
  case squareProduct = "product-1024"
  case batchNormalization = "batch-norm-32"
  case maximumPool = "max-pool-32"
  case layerNormalization = "layer-norm-128"

  /// The inputs with respect to which gradients are taken.
  func inputs(key: RandomKey) -> [Tensor] {
    let shapes: [[Int]] =
      switch self {
      case .firstConvolution: [[64, 32, 32, 3], [3, 3, 3, 32]]
      case .secondConvolution: [[64, 16, 16, 32], [3, 3, 32, 64]]
      case .thirdConvolution: [[64, 8, 8, 64], [3, 3, 64, 128]]
      case .depthwiseConvolution: [[64, 16, 16, 64], [3, 3, 1, 64]]
      case .wideProduct: [[2_048, 128], [128, 512]]
      case .squareProduct: [[1_024, 1_024], [1_024, 1_024]]
      case .batchNormalization: [[64, 32, 32, 32], [32], [32]]
      case .maximumPool: [[64, 32, 32, 32]]
      case .layerNormalization: [[2_048, 128], [128], [128]]
      }
    return shapes.enumerated().map { .normal($1, key: key[$0]) }
  }

  /// The result.
  func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    switch self {
    case .firstConvolution, .secondConvolution, .thirdConvolution:
      convolution(inputs[0], inputs[1], options: ConvolutionOptions(padding: .same))
    case .depthwiseConvolution:
      convolution(inputs[0], inputs[1], options: ConvolutionOptions(padding: .same, groups: 64))
    case .wideProduct, .squareProduct: matmul(inputs[0], inputs[1])
    case .batchNormalization: batchNorm(inputs[0], scale: inputs[1], shift: inputs[2]).output
    case .maximumPool: maxPool(inputs[0], size: (2, 2))
    case .layerNormalization: layerNorm(inputs[0], gain: inputs[1], bias: inputs[2])
    }
  }
}
