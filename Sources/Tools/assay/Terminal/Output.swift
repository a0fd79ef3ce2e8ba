import Foundation

/// Writes a line to standard error.
func standardError(_ line: String) {
  // Where nobody listens, nothing can be said.
  _ = write(Array((line + "\n").utf8), to: STDERR_FILENO)
}

/// Writes a line to standard output.
///
/// - Parameter end: what follows it; empty for a text that ends its last line itself.
func standardOutput(_ line: String, end: String = "\n") { standardOutput(bytes: Array((line + end).utf8)) }

/// Writes bytes to standard output.
///
/// Where the reader has closed it, as `head` does, the program ends quietly with the status that a shell gives a program
/// that a closed pipe stopped; where it cannot be written, as on a full disk, with an error.
func standardOutput(bytes: [UInt8]) {
  let failure = write(bytes, to: STDOUT_FILENO)
  if failure == 0 { return }
  if failure == EPIPE { exit(128 + SIGPIPE) }
  standardError("error: standard output cannot be written: \(String(cString: strerror(failure)))")
  exit(1)
}

/// Writes all bytes.
///
/// - Returns: 0, or the number of the error that stopped it.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  bytes.withUnsafeBytes { bytes in
    var position = 0
    while position < bytes.count {
      let written = Foundation.write(descriptor, bytes.baseAddress! + position, bytes.count - position)
      if written >= 0 {
        position += written
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
