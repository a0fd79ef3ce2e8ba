import Basics
import Foundation

/// Fetching a file from a publisher, through the program `curl`.
struct Download {
  /// Where the file is: `https:`, `http:` or `file:`.
  let address: String
  /// The longest that it may take.
  let seconds: Double

  /// Fetches a file into a folder and verifies it.
  ///
  /// - Returns: the name that it got: that of the file, or without `.gz` where the publisher has it decompressed.
  func fetch(_ file: DataFile, of card: DataSetCard, into folder: String) throws -> String {
    let byHand =
      "try again later, or put the file into \(folder) as \(file.forms.map(\.name).joined(separator: " or ")); "
      + "it is published at \(card.publisher)"
    let temporary = folder + "/.\(file.name.prefix(40)).\(getpid())-\(UUID().uuidString).tmp"
    defer { unlink(temporary) }
    // A folder that may not be written is said as such, and not as what curl makes of it.
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileAccess.failure(errno, doing: "write", folder) }
    close(descriptor)
    try run(into: temporary, remedy: byHand)
    let found = try FileCheck.fingerprint(of: temporary)
    guard let form = file.forms.first(where: { $0.fingerprint == found }) else {
      let nearest = file.forms.min { abs($0.fingerprint.bytes - found.bytes) < abs($1.fingerprint.bytes - found.bytes) }
      try FileCheck.demand(
        nearest?.fingerprint ?? file.fingerprint, found: found, at: address,
        remedy: "the publisher may have changed it: \(byHand)")
      return file.name
    }
    guard rename(temporary, folder + "/" + form.name) == 0 else {
      throw FileAccess.failure(errno, doing: "write", folder + "/" + form.name)
    }
    return form.name
  }

  private func run(into path: String, remedy: String) throws {
    guard let program = Download.curl() else {
      throw AssayError(
        .resource, "fetching needs the program curl, which is not there", at: address,
        remedy: "install it (apt-get install curl), or \(remedy)")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "--fail", "--location", "--silent", "--show-error", "--proto", "=https,http,file", "--proto-redir", "=https",
      "--connect-timeout", "30", "--max-time", String(format: "%.1f", max(0.1, seconds)), "--output", path, address,
    ]
    let messages = Pipe()
    process.standardError = messages
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw AssayError(.resource, "curl cannot be started: \(error.localizedDescription)", at: program, remedy: remedy)
    }
    let text = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let reason = process.terminationStatus == 28 ? "it took longer than \(seconds) s" : text.trimmed
      throw AssayError(.file, "the file cannot be fetched: \(reason)", at: address, remedy: remedy)
    }
  }

  private static func curl() -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { $0 + "/curl" }.first { access($0, X_OK) == 0 }
  }
}

extension String {
  /// Without white space around it, on one line.
  fileprivate var trimmed: String {
    split(whereSeparator: \.isNewline).joined(separator: " ").trimmingCharacters(in: .whitespaces)
  }
}
