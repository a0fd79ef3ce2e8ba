import Basics

extension Project {
  /// What a run that was stopped says: what is kept, and how to go on.
  public var interrupted: AssayError {
    AssayError(
      .cancelled, "the run was interrupted; what is finished is kept in \(path(ProjectStore.folderName))",
      remedy: "go on with: assay run \(folder) --resume")
  }
}
