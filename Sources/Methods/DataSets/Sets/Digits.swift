import Basics
import Tables

/// MNIST: images of handwritten digits.
public enum Digits {
  /// The set; as tables, one row per image with its `label` and the mean of its pixels as `ink`.
  public static let dataSet = DataSet(card) { files, _ in
    try Part.allCases.map { part in
      let images = try load(part, from: files)
      let size = images.width * images.height
      let ink = (0..<images.labels.count).map { image in
        Double(images.pixels[image * size..<(image + 1) * size].reduce(0) { $0 + Int($1) }) / Double(size)
      }
      return DataSet.NamedTable(
        part.rawValue,
        try Table([Column("label", .integer(images.labels.map(Int64.init))), Column("ink", .float(ink))]))
    }
  }

  /// The given parts.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    /// 60,000 images.
    case train
    /// 10,000 images.
    case test

    fileprivate var stem: String { self == .train ? "train" : "t10k" }
  }

  /// Images with their labels.
  public struct Images: Sendable, Hashable {
    /// The columns of an image.
    public let width: Int
    /// The rows of an image.
    public let height: Int
    /// Image after image, row after row; 0 is white, 255 ink.
    public let pixels: [UInt8]
    /// The digits, 0 to 9.
    public let labels: [UInt8]
  }

  /// Reads a part from its two files in the idx format.
  ///
  /// - Throws: a `format` error if a file is no idx file, its size is not what its header says, or images and labels
  ///   differ in number.
  public static func load(_ part: Part, from files: LocalDataSet) throws -> Images {
    let imagePath = try files.path("\(part.stem)-images-idx3-ubyte.gz")
    let labelPath = try files.path("\(part.stem)-labels-idx1-ubyte.gz")
    let (sizes, pixels) = try idx(imagePath, dimensions: 3)
    let (counts, labels) = try idx(labelPath, dimensions: 1)
    guard sizes[0] == counts[0] else {
      throw AssayError(.format, "there are \(counts[0]) labels for \(sizes[0]) images", at: labelPath)
    }
    return Images(width: sizes[2], height: sizes[1], pixels: pixels, labels: labels)
  }

  /// The sizes and the bytes of an idx file: two zero bytes, the type 8 (bytes), the number of dimensions, then each size
  /// as a big-endian number of 32 bits.
  private static func idx(_ path: String, dimensions: Int) throws -> (sizes: [Int], values: [UInt8]) {
    let bytes = try DecompressedFile.bytes(of: path)
    let header = 4 + 4 * dimensions
    guard bytes.count >= header, Array(bytes.prefix(4)) == [0, 0, 8, UInt8(dimensions)] else {
      throw AssayError(.format, "this is no idx file of \(dimensions) dimensions", at: path)
    }
    let sizes = (0..<dimensions).map { position in
      bytes[4 + 4 * position..<8 + 4 * position].reduce(0) { $0 << 8 | Int($1) }
    }
    let (count, overflow) = sizes.reduce((1, false)) { product, size in
      let (value, more) = product.0.multipliedReportingOverflow(by: size)
      return (value, product.1 || more)
    }
    guard !overflow, bytes.count - header == count else {
      throw AssayError(.format, "the file holds \(bytes.count - header) values instead of \(sizes)", at: path)
    }
    return (sizes, Array(bytes[header...]))
  }

  /// What the set is.
  public static let card = DataSetCard(
    name: "mnist", title: "handwritten digits (MNIST)", problem: .images,
    publisher: "https://github.com/rasbt/mnist-pngs", licence: "CC BY-SA 3.0 as commonly stated",
    citation: "Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits",
    files: [
      DataFile(
        "t10k-images-idx3-ubyte.gz", bytes: 1_602_050,
        sha256: "5634745efa576a17e7d4cf5cd9d09123c75e6538e5114267c2d156edaf519341",
        plain: .init(bytes: 7_840_016, sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")),
      DataFile(
        "t10k-labels-idx1-ubyte.gz", bytes: 4_517,
        sha256: "ae18e77e031ccde52407f794d123116439864147d33ac992975f85dd4dc42af6",
        plain: .init(bytes: 10_008, sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
      DataFile(
        "train-images-idx3-ubyte.gz", bytes: 9_630_610,
        sha256: "71524e2cd1ad2968737f7f2f2ff69cbfc32df8ccddff51593f7cb2d4e0eb5b64",
        plain: .init(bytes: 47_040_016, sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")),
      DataFile(
        "train-labels-idx1-ubyte.gz", bytes: 28_878,
        sha256: "fe03b8bd7915f70bf5aa08be480aa413fbd85afcaa58b35d230d335f284fd88e",
        plain: .init(bytes: 60_008, sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")),
    ],
    shape: "60,000 + 10,000 images of 28 x 28 grey levels", target: "the digit", split: "given",
    metric: "accuracy on test",
    results: PublishedResult.table(
      ["accuracy"], source: "README of rois-codh/kmnist",
      [
        "4 nearest neighbours": [0.9714], "PCA and 4 nearest neighbours": [0.9776], "tuned SVM": [0.9857],
        "small CNN": [0.9906], "PreActResNet-18": [0.9956], "Shake-Shake-26": [0.9976],
      ]))
}
