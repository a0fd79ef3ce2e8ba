import Basics
import Networks
import Tensors

/// Images of one size with their labels, moved, mirrored and covered at random where they are to be learned from.
struct ImageRows: Dataset {
  /// What is done to an image; nothing unless set.
  struct Changes {
    /// The most pixels that it is moved up or down, and to the left or right; pixels at the edge are repeated.
    var shift = (rows: 0, columns: 0)
    /// Whether every other image is mirrored.
    var mirrors = false
    /// The largest part that is covered with the mean.
    var cover = (rows: 0, columns: 0)
  }

  let count: Int
  private let size: (rows: Int, columns: Int, channels: Int)
  private let pixels: [Float]
  private let labels: [Int32]
  private let changes: Changes

  /// The images of a part of a file, with the mean and deviation of each channel in training taken out.
  init(_ file: SafeTensors, part: String, changes: Changes = Changes()) throws {
    let training = try file.tensor("train.inputs").cast(to: .float32)
    let images = part == "train" ? training : try file.tensor("\(part).inputs").cast(to: .float32)
    labels = try file.labels(of: part).cast(to: .int32).values()
    guard images.rank == 4, images.shape[0] == labels.count, images.count > 0 else {
      throw file.unfit("\(part).inputs", "\(labels.count) labels do not fit images of shape \(images.shape)")
    }
    guard training.rank == 4, images.shape.dropFirst() == training.shape.dropFirst() else {
      throw file.unfit(
        "\(part).inputs", "images of shape \(images.shape) beside some of shape \(training.shape) to learn from")
    }
    guard images.shape[1] >= changes.cover.rows, images.shape[2] >= changes.cover.columns else {
      throw file.unfit(
        "\(part).inputs", "images of shape \(images.shape) are smaller than what is covered of them, \(changes.cover)")
    }
    let mean = training.mean(axes: [0, 1, 2])
    let deviation = sqrt(training.variance(axes: [0, 1, 2]))
    pixels = ((images - mean) / maximum(deviation, 1e-6)).values()
    count = images.shape[0]
    size = (images.shape[1], images.shape[2], images.shape[3])
    self.changes = changes
  }

  func batch(at rows: [Int], key: RandomKey) -> [Tensor] {
    var random = key.stream()
    var batch: [Float] = []
    batch.reserveCapacity(rows.count * size.rows * size.columns * size.channels)
    for row in rows { append(row, to: &batch, &random) }
    return [
      Tensor(batch, shape: [rows.count, size.rows, size.columns, size.channels]), Tensor(rows.map { labels[$0] }),
    ]
  }

  private func append(_ row: Int, to batch: inout [Float], _ random: inout RandomStream) {
    func draw(_ most: Int) -> Int { most > 0 ? random.integer(below: 2 * most + 1) - most : 0 }
    let (down, right) = (draw(changes.shift.rows), draw(changes.shift.columns))
    let isMirrored = changes.mirrors && random.integer(below: 2) == 1
    let first = batch.count
    let start = row * size.rows * size.columns * size.channels
    for y in 0..<size.rows {
      let line = start + min(max(y + down, 0), size.rows - 1) * size.columns * size.channels
      for x in 0..<size.columns {
        let place = min(max(x + right, 0), size.columns - 1)
        let pixel = line + (isMirrored ? size.columns - 1 - place : place) * size.channels
        for channel in 0..<size.channels { batch.append(pixels[pixel + channel]) }
      }
    }
    guard changes.cover.rows > 0, changes.cover.columns > 0 else { return }
    let height = random.integer(below: changes.cover.rows + 1)
    let width = random.integer(below: changes.cover.columns + 1)
    let (top, left) = (
      random.integer(below: size.rows - height + 1), random.integer(below: size.columns - width + 1)
    )
    for y in top..<top + height {
      let line = first + y * size.columns * size.channels
      for place in line + left * size.channels..<line + (left + width) * size.channels { batch[place] = 0 }
    }
  }
}
