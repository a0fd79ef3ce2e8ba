import Basics
import Foundation

/// The folder a run writes into.
enum OutputFolder {
  /// Creates the folder, and makes sure before hours of work that it can be written into.
  static func prepare(_ path: String) throws {
    try FileAccess.createFolder(path)
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw AssayError(
        .file, "there is no permission to write into the output folder", at: path,
        remedy: "choose another with --output")
    }
  }
}
