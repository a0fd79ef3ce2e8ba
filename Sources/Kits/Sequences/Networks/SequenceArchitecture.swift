import Basics

/// How a network reads a window.
public enum SequenceArchitecture: Sendable, Hashable, Codable {
  /// Convolutions along time, one after the other, each with a rectifier; the last one's outputs at all steps go on.
  ///
  /// - Parameters:
  ///   - channels: The channels that each gives, 1 to 8 of them, each 1 ... 1024.
  ///   - size: The steps that each sees, 1 ... 64.
  case convolution(channels: [Int], size: Int)
  /// Long short-term memory; the state after the last step goes on.
  ///
  /// - Parameters:
  ///   - units: The size of the state, 1 ... 1024.
  ///   - layers: How many lie on top of each other, 1 ... 4.
  case lstm(units: Int, layers: Int)
  /// Gated recurrent units; the state after the last step goes on.
  ///
  /// - Parameters:
  ///   - units: The size of the state, 1 ... 1024.
  ///   - layers: How many lie on top of each other, 1 ... 4.
  case gru(units: Int, layers: Int)
  /// A temporal convolutional network (Bai, Kolter and Koltun 2018): blocks of two causal convolutions with a way around
  /// them, whose steps lie 1, 2, 4, ... apart; the last step goes on.
  ///
  /// - Parameters:
  ///   - channels: The channels of each block, 1 ... 1024.
  ///   - size: The steps that each convolution sees, 2 ... 16.
  ///   - blocks: 1 ... 10.
  case temporal(channels: Int, size: Int, blocks: Int)
  /// An encoder of a transformer with learned positions that count back from the row; the row's own step goes on.
  ///
  /// - Parameters:
  ///   - width: The size of a step's vector, 1 ... 1024.
  ///   - heads: A divisor of the width.
  ///   - blocks: 1 ... 12.
  case transformer(width: Int, heads: Int, blocks: Int)

  /// The name of the family.
  public var name: String {
    switch self {
    case .convolution: "convolution"
    case .lstm: "LSTM"
    case .gru: "GRU"
    case .temporal: "temporal convolution"
    case .transformer: "transformer"
    }
  }

  /// Where the steps of a window stand in the network's input, and where its padding.
  var arrangement: WindowArrangement {
    switch self {
    case .convolution, .temporal: .paddingFirst
    case .lstm, .gru: .paddingLast
    case .transformer: .newestFirst
    }
  }

  /// - Throws: a `configuration` error for sizes out of range.
  func check() throws {
    func verify(_ holds: Bool, _ what: String) throws {
      if !holds { throw AssayError(.configuration, "the \(name) network takes \(what)", at: "architecture") }
    }
    switch self {
    case .convolution(let channels, let size):
      try verify(
        (1...8).contains(channels.count) && channels.allSatisfy { (1...1024).contains($0) },
        "1 to 8 numbers of channels in 1 ... 1024, not \(channels)")
      try verify((1...64).contains(size), "a size in 1 ... 64, not \(size)")
    case .lstm(let units, let layers), .gru(let units, let layers):
      try verify((1...1024).contains(units), "units in 1 ... 1024, not \(units)")
      try verify((1...4).contains(layers), "layers in 1 ... 4, not \(layers)")
    case .temporal(let channels, let size, let blocks):
      try verify((1...1024).contains(channels), "channels in 1 ... 1024, not \(channels)")
      try verify((2...16).contains(size), "a size in 2 ... 16, not \(size)")
      try verify((1...10).contains(blocks), "blocks in 1 ... 10, not \(blocks)")
    case .transformer(let width, let heads, let blocks):
      try verify((1...1024).contains(width), "a width in 1 ... 1024, not \(width)")
      try verify(heads >= 1 && width % heads == 0, "heads that divide the width \(width), not \(heads)")
      try verify((1...12).contains(blocks), "blocks in 1 ... 12, not \(blocks)")
    }
  }
}

/// In which order a network reads the steps of a window.
enum WindowArrangement: String, Sendable, Codable {
  /// Oldest to newest, the newest at the end.
  case paddingFirst
  /// Oldest to newest, the first known step at the beginning.
  case paddingLast
  /// Newest to oldest.
  case newestFirst

  /// The place of a step, 0 being the oldest, in a window of `length` steps of which the last `known` are there.
  @inline(__always)
  func place(_ step: Int, length: Int, known: Int) -> Int {
    switch self {
    case .paddingFirst: step
    case .paddingLast: step - (length - known)
    case .newestFirst: length - 1 - step
    }
  }
}
