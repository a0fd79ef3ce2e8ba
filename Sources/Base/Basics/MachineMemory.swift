import Foundation

/// The memory that this process may use.
public enum MachineMemory {
  /// The machine's memory in bytes, or the limit that a container or control group sets where that is lower.
  public static let limit: Int = {
    let machine = Int(ProcessInfo.processInfo.physicalMemory)
    return groupLimits().reduce(machine, min)
  }()

  /// The limits of the control groups that the process is in, and of those above them (cgroup versions 1 and 2).
  private static func groupLimits() -> [Int] {
    guard let groups = try? FileAccess.read("/proc/self/cgroup") else { return [] }
    var limits: [Int] = []
    for line in String(decoding: groups, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let (root, file): (String, String)
      if parts[1].isEmpty {
        (root, file) = ("/sys/fs/cgroup", "memory.max")
      } else if parts[1].split(separator: ",").contains("memory") {
        (root, file) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      } else {
        continue
      }
      // Inside a container the group's own path is often not visible, but the root then is the group.
      var path = String(parts[2])
      while true {
        if let text = try? FileAccess.read(root + path + "/" + file),
          let bytes = Int(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        {
          limits.append(bytes)
        }
        guard let slash = path.lastIndex(of: "/") else { break }
        path = String(path[..<slash])
      }
    }
    return limits.filter { $0 > 0 }
  }
}
