import Basics
import Foundation
import Tables

/// Makes the folder of a new project.
public enum ProjectFolder {
  /// Writes `solution.yaml`, `README.md`, `data.csv`, and `later.csv` where there are later rows, into a folder.
  ///
  /// - Throws: a `file` error where the folder has a project already or cannot be written.
  public static func make(_ solution: any Solution, in folder: String, start: ProjectStart, threads: Int) throws {
    let manager = FileManager.default
    if manager.fileExists(atPath: folder + "/" + Project.fileName) {
      throw AssayError(
        .file, "there is a project already", at: folder + "/" + Project.fileName,
        remedy: "choose another folder, or remove that file")
    }
    do {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw AssayError(.file, "the folder cannot be made: \(error.localizedDescription)", at: folder)
    }
    try TableWriter.write(start.table, to: folder + "/data.csv", threads: threads)
    if let later = start.later {
      try TableWriter.write(later, to: folder + "/" + ProjectStart.laterFileName, threads: threads)
    }
    try AtomicFile.write(ProjectText.readme(solution.card, start, folder: folder), to: folder + "/README.md")
    // The file that makes the folder a project comes last: a folder half made is none.
    try AtomicFile.write(
      ProjectText.yaml(solution.card, start, data: "data.csv"), to: folder + "/" + Project.fileName)
  }
}
