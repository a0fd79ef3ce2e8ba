import Kernels

/// One result per series, in order, computed on some threads in parts of several series.
func parallelEntries<Element: Sendable, Result: Sendable>(
  _ elements: [Element], threads: Int, _ body: @Sendable (Element) -> Result
) -> [Result] {
  let grain = 16
  let parts = (elements.count + grain - 1) / grain
  return parallelMap(parts, threads: threads) { part in
    elements[part * grain..<min(elements.count, (part + 1) * grain)].map(body)
  }.flatMap { $0 }
}
