/// The command line of this process, as it can be typed again.
func commandLine() -> String {
  (["assay"] + CommandLine.arguments.dropFirst()).map { argument in
    let plain = argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=,+%".contains($0) }
    return plain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }.joined(separator: " ")
}
