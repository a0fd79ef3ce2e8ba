import Foundation

/// What this process has used of the machine.
public enum ResourceUse {
  /// The largest resident memory so far, in megabytes (1,000,000 bytes).
  public static var peakMemory: Double {
    #if os(Linux)
      // The counter of getrusage starts at the size of the parent process; the kernel's high-water mark does not.
      if let kilobytes = statusKilobytes("VmHWM:") { return kilobytes * 1024 / 1e6 }
    #endif
    let usage = usage()
    #if os(Linux)
      return Double(usage.ru_maxrss) * 1024 / 1e6
    #else
      return Double(usage.ru_maxrss) / 1e6
    #endif
  }

  /// The resident memory now, in megabytes; nil where the system does not tell.
  public static var currentMemory: Double? {
    statusKilobytes("VmRSS:").map { $0 * 1024 / 1e6 }
  }

  /// The processor time of all threads so far, user and system, in seconds.
  public static var processorSeconds: Double {
    let usage = usage()
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func usage() -> rusage {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
  }

  private static func statusKilobytes(_ field: String) -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    for line in status.split(separator: "\n") where line.hasPrefix(field) {
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) }
    }
    return nil
  }
}
