import Basics
import Foundation

/// The machine that a run ran on.
public struct Machine: Sendable, Hashable, Codable {
  /// The processor's model name.
  public var processor: String
  /// The processor cores that this process may use.
  public var cores: Int
  /// The memory in GiB.
  public var memory: Double
  /// The name and version of the operating system.
  public var system: String

  /// Creates a description.
  public init(processor: String, cores: Int, memory: Double, system: String) {
    self.processor = processor
    self.cores = cores
    self.memory = memory
    self.system = system
  }

  /// What the system says about itself; what it does not say is "unknown" or zero.
  public static let current = Machine(
    processor: value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
    cores: ProcessInfo.processInfo.activeProcessorCount,
    memory: (value(of: "MemTotal", in: "/proc/meminfo", separator: ":")?
      .split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1_048_576,
    system: value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")?
      .trimmingCharacters(in: CharacterSet(charactersIn: "\"'")) ?? "unknown")

  /// The machine in words: `Intel Xeon, 2 cores, 24 GiB, Debian GNU/Linux 12 (bookworm)`.
  public static func describe() -> String { current.description }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let bytes = try? FileAccess.read(path) else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}

extension Machine: CustomStringConvertible {
  /// The parts separated by commas.
  public var description: String {
    "\(processor), \(cores) core\(cores == 1 ? "" : "s"), \(Int(memory.rounded())) GiB, \(system)"
  }
}

/// A process that can be told from a later one of the same number.
struct ProcessMark: Sendable, Equatable {
  /// The name of the machine.
  var host: String
  /// The number of the process.
  var process: Int
  /// The boot of the system and the ticks since then at which the process started.
  var started: String

  static let current = ProcessMark(
    host: hostName(), process: Int(ProcessInfo.processInfo.processIdentifier),
    started: start(of: Int(ProcessInfo.processInfo.processIdentifier)) ?? "")

  /// Whether the process certainly no longer runs; false where another machine would have to be asked.
  var hasEnded: Bool {
    !started.isEmpty && host == ProcessMark.hostName() && ProcessMark.start(of: process) != started
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 257)
    guard gethostname(&name, 256) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func start(of process: Int) -> String? {
    guard let boot = try? FileAccess.read("/proc/sys/kernel/random/boot_id"),
      let status = try? FileAccess.read("/proc/\(process)/stat")
    else { return nil }
    // The name in parentheses may hold anything; after it the start is the 20th field.
    let fields = String(decoding: status, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
    // A process that has ended stays listed until its parent, which may never do so, asks how.
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return String(decoding: boot, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) + " " + fields[19]
  }
}
