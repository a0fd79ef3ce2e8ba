import Basics
import Tensors

/// The form of a network that looks at a scaled window and gives all steps ahead at once.
public enum WindowArchitecture: Sendable, Codable, Hashable {
  /// One linear layer.
  case linear
  /// Blocks of dense layers, each explaining what the ones before left of the window and adding to the forecast:
  /// N-BEATS, generic (Oreshkin and others, "N-BEATS: neural basis expansion analysis for interpretable time series
  /// forecasting", 2020).
  case nBeats(blocks: Int = 4, layers: Int = 3, width: Int = 256)
  /// The same with blocks that speak in polynomials (trend), then in waves of the seasons' lengths.
  case interpretableNBeats(blocks: Int = 3, layers: Int = 3, width: Int = 256, degree: Int = 3, harmonics: Int = 8)
  /// Blocks that see the window in coarse steps and speak in coarse steps, from the coarsest to the finest: N-HiTS
  /// (Challu and others, "N-HiTS: neural hierarchical interpolation for time series forecasting", 2023).
  case nHiTS(scales: [Int] = [12, 4, 1], layers: Int = 2, width: Int = 256)
  /// A long short-term memory over patches of the window, of the shortest season's length unless given (Hochreiter and
  /// Schmidhuber 1997).
  case lstm(units: Int = 128, layers: Int = 1, patch: Int? = nil)
  /// A gated recurrent unit over patches (Cho and others 2014).
  case gru(units: Int = 128, layers: Int = 1, patch: Int? = nil)
  /// Causal convolutions with doubling gaps over patches (Bai and others, "An empirical evaluation of generic
  /// convolutional and recurrent networks for sequence modeling", 2018).
  case temporalConvolution(channels: Int = 64, size: Int = 3, patch: Int? = nil)

  /// The name in tables.
  public var name: String {
    switch self {
    case .linear: "linear net"
    case .nBeats: "N-BEATS"
    case .interpretableNBeats: "N-BEATS, interpretable"
    case .nHiTS: "N-HiTS"
    case .lstm: "LSTM"
    case .gru: "GRU"
    case .temporalConvolution: "temporal convolution"
    }
  }

  /// Throws for sizes below 1.
  func check() throws {
    let sizes: [Int] =
      switch self {
      case .linear: []
      case .nBeats(let blocks, let layers, let width): [blocks, layers, width]
      case .interpretableNBeats(let blocks, let layers, let width, let degree, let harmonics):
        [blocks, layers, width, degree + 1, harmonics]
      case .nHiTS(let scales, let layers, let width): scales + [layers, width, scales.count]
      case .lstm(let units, let layers, let patch), .gru(let units, let layers, let patch):
        [units, layers, patch ?? 1]
      case .temporalConvolution(let channels, let size, let patch): [channels, size - 1, patch ?? 1]
      }
    try WindowDefaults.require(sizes.allSatisfy { $0 >= 1 }, "sizes below 1 in \(self)", at: "WindowNet")
  }

  /// A network with first weights.
  func network(_ shape: WindowShape, key: RandomKey) -> any WindowNetwork {
    switch self {
    case .linear: LinearWindowNetwork(shape)
    case .nBeats(let blocks, let layers, let width):
      ResidualStack(shape) { position, isLast in
        GenericBlock(shape, layers: layers, width: width, isLast: isLast, key: key[position])
      } count: {
        blocks
      }
    case .interpretableNBeats(let blocks, let layers, let width, let degree, let harmonics):
      ResidualStack(shape) { position, isLast in
        BasisBlock(
          shape, basis: position < blocks ? .polynomials(shape, degree: degree) : .waves(shape, harmonics: harmonics),
          layers: layers, width: width, isLast: isLast, key: key[position])
      } count: {
        2 * blocks
      }
    case .nHiTS(let scales, let layers, let width):
      ResidualStack(shape) { position, isLast in
        PooledBlock(
          shape, scale: min(scales[position], shape.inputs), layers: layers, width: width, isLast: isLast,
          key: key[position])
      } count: {
        scales.count
      }
    case .lstm(let units, let layers, let patch):
      RecurrentWindowNetwork(shape, patch: patch, units: units, layers: layers, isGated: false, key: key)
    case .gru(let units, let layers, let patch):
      RecurrentWindowNetwork(shape, patch: patch, units: units, layers: layers, isGated: true, key: key)
    case .temporalConvolution(let channels, let size, let patch):
      ConvolutionalWindowNetwork(shape, patch: patch, channels: channels, size: size, key: key)
    }
  }
}
