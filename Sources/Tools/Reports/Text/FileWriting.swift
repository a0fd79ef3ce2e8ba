import Basics
import Foundation

/// Files that appear whole or not at all.
enum FileWriting {
  static func write(_ text: String, to path: String) throws {
    let target = URL(fileURLWithPath: path)
    let temporary = target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).tmp")
    do {
      try Data(text.utf8).write(to: temporary)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw AssayError(
        .file, "the file cannot be written (\(reason(error)))", at: path, remedy: "check that the folder exists, may be written to, and has room")
    }
    guard rename(temporary.path, target.path) == 0 else {
      let problem = String(cString: strerror(errno))
      try? FileManager.default.removeItem(at: temporary)
      throw AssayError(.file, "the file cannot be put in place (\(problem))", at: path, remedy: "choose another name")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return underlying.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(underlying.code))) : error.localizedDescription
  }
}
