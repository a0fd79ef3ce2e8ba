/// Texts most of which are dates or numbers, so that the others are probably mistakes.
enum MixedValues {
  /// The distinct texts that are looked at.
  static let sampleSize = 4096
  /// The share of texts from which on the others are worth a note.
  private static let share = 0.9

  /// What is odd about distinct texts; nil if nothing is.
  static func note(_ texts: [String]) -> String? {
    let sample = texts.prefix(sampleSize)
    guard sample.count >= 5 else { return nil }
    if let odd = exceptions(sample, fitting: DateTimeFormat.all.map { .dateTime($0) }) {
      return odd.isEmpty
        ? "dates in several formats, read as text" : "most values are dates, but not \(odd)"
    }
    let numbers = exceptions(sample, fitting: [.float] + NumberStyle.all.map { .number($0) })
    guard let odd = numbers, !odd.isEmpty else { return nil }
    return "most values are numbers, but not \(odd)"
  }

  /// Examples of the texts that fit none of the tasks; nil unless most texts fit one.
  private static func exceptions(_ texts: ArraySlice<String>, fitting tasks: [FieldTask]) -> String? {
    let odd = texts.filter { text in
      var text = text
      return text.withUTF8 { bytes in !tasks.contains { KindInference.fits(bytes, $0) } }
    }
    guard Double(texts.count - odd.count) >= share * Double(texts.count) else { return nil }
    return odd.prefix(3).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
  }
}
