import CKernels

/// Memory that the program has freed and the C library still holds.
public enum FreedMemory {
  /// Gives it back to the system: worth its milliseconds before a step that needs much. Does nothing where the library
  /// has no such function.
  public static func giveBack() { assay_trim_memory() }
}
