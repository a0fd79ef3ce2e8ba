import Basics
import CKernels
import Kernels

/// The sizes of an attention, and its kernels over all examples and heads.
struct AttentionSizes {
  let operation: Attention
  let batch: Int
  let queries: Int
  let keys: Int
  /// The numbers of a head.
  let width: Int
  /// The heads that share one head of keys and values.
  let group: Int

  /// Stops where inputs do not fit.
  init(_ operation: Attention, _ inputs: [Tensor]) {
    let (query, key, value) = (inputs[0], inputs[1], inputs[2])
    let (heads, shared) = (operation.heads, operation.keyValueHeads)
    require(
      shared >= 1 && heads % shared == 0, operation.name, "\(heads) heads cannot share \(shared) of keys and values")
    self.operation = operation
    batch = query.shape[0]
    queries = query.shape[1]
    width = query.shape[2] / heads
    group = heads / shared
    require(
      key.rank == 3 && key.shape == value.shape && key.shape[0] == batch && key.shape[2] == shared * width,
      operation.name,
      "queries \(query.shape), keys \(key.shape) and values \(value.shape) do not fit with \(heads) heads, "
        + "\(shared) of keys and values")
    keys = key.shape[1]
    require(
      key.type == query.type && value.type == query.type, operation.name,
      "types \(query.type), \(key.type) and \(value.type) differ")
    if operation.hasLengths { checkLengths(inputs[3]) }
    if operation.hasMask {
      let mask = inputs[inputs.count - 1]
      require(
        mask.type == query.type
          && zip(mask.shape, [batch, heads, queries, keys]).allSatisfy { $0 == $1 || $0 == 1 },
        operation.name,
        "a mask of \(mask.type) \(mask.shape) does not fit \(query.type) scores of \([batch, heads, queries, keys])")
    }
  }

  private func checkLengths(_ lengths: Tensor) {
    require(
      lengths.shape == [batch] && (lengths.type == .int32 || lengths.type == .int64), operation.name,
      "lengths of \(lengths.type) \(lengths.shape) do not fit \(batch) examples")
    for (row, length) in lengths.wholeNumbers.enumerated() {
      require(
        length >= 0 && length <= keys, operation.name, "example \(row) has length \(length), not 0 ... \(keys) keys")
    }
  }

  /// The numbers of keys that the examples have.
  private func lengths(_ inputs: [Tensor]) -> [Int] {
    operation.hasLengths ? inputs[3].wholeNumbers : Array(repeating: keys, count: batch)
  }

  /// Which scores count, as [b, 1, 1, t, s]; nil where all do but for the mask.
  func visible(_ inputs: [Tensor]) -> Tensor? {
    guard operation.isCausal || operation.hasLengths else { return nil }
    var values: [Bool] = []
    values.reserveCapacity(batch * queries * keys)
    for length in lengths(inputs) {
      for i in 0..<queries {
        let limit = operation.isCausal ? Swift.min(length, i + keys - queries + 1) : length
        for j in 0..<keys { values.append(j < limit) }
      }
    }
    return Tensor(values, shape: [batch, 1, 1, queries, keys])
  }

  private var shape: assay_attention {
    let (row, sharedRow) = (operation.heads * width, operation.keyValueHeads * width)
    var shape = assay_attention()
    shape.queries = queries
    shape.keys = keys
    shape.dim = width
    shape.group = 1
    shape.scale = Float(operation.scale)
    shape.causal = operation.isCausal ? 1 : 0
    (shape.q_row, shape.k_row, shape.v_row, shape.out_row) = (row, sharedRow, sharedRow, row)
    (shape.dq_row, shape.dk_row, shape.dv_row, shape.dout_row) = (row, sharedRow, sharedRow, row)
    (shape.q_head, shape.out_head, shape.dq_head, shape.dout_head) = (width, width, width, width)
    return shape
  }

  /// The steps of the mask from example to example, head to head and query to query; 0 where it repeats.
  private func maskSteps(_ mask: Tensor) -> (example: Int, head: Int, query: Int) {
    let (size, row) = (mask.shape, keys)
    return (
      size[0] == 1 ? 0 : size[1] * size[2] * row, size[1] == 1 ? 0 : size[2] * row, size[2] == 1 ? 0 : row
    )
  }

  /// Queries of one task: whole blocks of the kernel, so that the bits do not depend on it. With few heads the queries
  /// are divided too.
  private var taskQueries: Int { batch * operation.heads >= 16 ? Swift.max(queries, 1) : 240 }

  func forward(_ inputs: [Tensor], _ result: Tensor, _ levels: Tensor?) {
    let (heads, size) = (operation.heads, taskQueries)
    let blocks = (queries + size - 1) / size
    let counts = lengths(inputs)
    let mask = operation.hasMask ? inputs[inputs.count - 1] : nil
    let steps = mask.map(maskSteps)
    forEachTask(batch * heads * blocks) { task in
      let (example, head, first) = (task / blocks / heads, task / blocks % heads, task % blocks * size)
      var part = shape
      part.queries = Swift.min(size, queries - first)
      // Causal queries see the keys up to their own place counted from the end, so the last keys go with the last queries.
      if operation.isCausal { part.keys = Swift.max(0, keys - (queries - first - part.queries)) }
      part.mask_row = steps?.query ?? 0
      let query = (example * queries + first) * part.q_row + head * width
      let key = example * keys * part.k_row + head / group * width
      let extra = mask.flatMap { mask in
        steps.map { UnsafePointer(mask.floats + example * $0.example + head * $0.head + first * $0.query) }
      }
      withScratch(assay_attention_forward_scratch(&part)) { scratch in
        assay_attention_forward(
          &part, inputs[0].floats + query, inputs[1].floats + key, inputs[2].floats + key,
          Swift.min(counts[example], part.keys), extra, result.floats + query,
          levels.map { $0.floats + (example * heads + head) * queries + first }, scratch)
      }
    }
  }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ levels: Tensor, _ upstream: Tensor, _ results: [Tensor]) {
    let shared = operation.keyValueHeads
    let counts = lengths(inputs)
    let mask = operation.hasMask ? inputs[inputs.count - 1] : nil
    let steps = mask.map(maskSteps)
    forEachTask(batch * shared) { task in
      let (example, head) = (task / shared, task % shared)
      var part = shape
      part.group = group
      part.mask_row = steps?.query ?? 0
      part.mask_head = steps?.head ?? 0
      let query = example * queries * part.q_row + head * group * width
      let key = example * keys * part.k_row + head * width
      let extra = mask.flatMap { mask in
        steps.map { UnsafePointer(mask.floats + example * $0.example + head * group * $0.head) }
      }
      withScratch(assay_attention_backward_scratch(&part)) { scratch in
        assay_attention_backward(
          &part, inputs[0].floats + query, inputs[1].floats + key, inputs[2].floats + key, counts[example], extra,
          output.floats + query, levels.floats + (example * operation.heads + head * group) * queries,
          upstream.floats + query, results[0].floats + query, results[1].floats + key, results[2].floats + key, scratch)
      }
    }
  }
}

extension Tensor {
  /// The elements of a tensor of whole numbers.
  var wholeNumbers: [Int] {
    withExtendedLifetime(cast(to: .int64)) { wide in
      Array(UnsafeBufferPointer(start: wide.pointer(Int64.self), count: wide.count)).map(Int.init)
    }
  }
}
