import Basics
import Tensors

/// A row of a table for each index.
///
/// Input: whole numbers [...] in 0 ..< count. Output [..., width]. The table [count, width] begins normal with deviation
/// 0.05 unless told otherwise.
public struct Embedding: Layer {
  /// The table: [count, width].
  public let weight: Parameter
  /// The index that gives zeros and does not learn; nil for none.
  public let padding: Int?

  /// An embedding.
  ///
  /// - Parameters:
  ///   - count: How many indices there are.
  ///   - width: The size of a row.
  ///   - padding: The index that gives zeros; none unless given.
  ///   - initializer: Draws the table; normal with deviation 0.05 unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ count: Int, _ width: Int, padding: Int? = nil, initializer: Initializer = .normal(), key: RandomKey
  ) {
    require(count > 0 && width > 0, "Embedding", "sizes must be positive, not \(count) and \(width)")
    require(padding.map { 0..<count ~= $0 } ?? true, "Embedding", "the padding is no index below \(count)")
    weight = Parameter(initializer.tensor([count, width], fanIn: count, fanOut: width, key: key))
    self.padding = padding
  }

  /// Computes [..., width] from whole numbers [...].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let rows = embedding(input, table: weight.value)
    guard let padding else { return rows }
    return rows * (input .!= Double(padding)).cast(to: rows.type).expanded(axis: input.rank)
  }

  /// Scores of all indices for vectors [..., width]: the product with the table, transposed, as where a language model
  /// shares its table between input and output. The result has shape [..., count].
  public func scores(_ vectors: Tensor) -> Tensor {
    let lead = Array(vectors.shape.dropLast())
    let rows = vectors.reshaped(to: [lead.reduce(1, *), vectors.shape[vectors.rank - 1]])
    return matmul(rows, weight.value, transposingRight: true).reshaped(to: lead + [weight.shape[0]])
  }
}

/// For each bag of indices the sum, mean or maximum of their rows of a table; zeros for an empty bag.
///
/// The table [count, width] begins normal with deviation 0.05 unless told otherwise.
public struct EmbeddingBag: Module {
  /// The table: [count, width].
  public let weight: Parameter
  /// How a bag of rows becomes one row.
  public let mode: EmbeddingBagMode

  /// An embedding of bags.
  ///
  /// - Parameters:
  ///   - count: How many indices there are.
  ///   - width: The size of a row.
  ///   - mode: The mean unless given.
  ///   - initializer: Draws the table; normal with deviation 0.05 unless given.
  ///   - key: Same key, same first weights.
  public init(
    _ count: Int, _ width: Int, mode: EmbeddingBagMode = .mean, initializer: Initializer = .normal(), key: RandomKey
  ) {
    require(count > 0 && width > 0, "EmbeddingBag", "sizes must be positive, not \(count) and \(width)")
    weight = Parameter(initializer.tensor([count, width], fanIn: count, fanOut: width, key: key))
    self.mode = mode
  }

  /// Computes [bags, width].
  ///
  /// - Parameters:
  ///   - indices: Whole numbers [indices], the bags one behind the other.
  ///   - offsets: Where each bag begins: [bags].
  public func callAsFunction(_ indices: Tensor, offsets: Tensor) -> Tensor {
    embeddingBag(indices, offsets: offsets, table: weight.value, mode: mode)
  }
}
