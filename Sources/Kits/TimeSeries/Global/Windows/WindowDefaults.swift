import Basics

/// What global methods choose from the panel where their settings leave it open.
enum WindowDefaults {
  /// How far to look back: two of the longest seasons, at least twice the horizon, at most 512, and no more than the
  /// middle series can give for windows of its own.
  static func lookBack(_ panel: [Series], request: ForecastRequest) -> Int {
    let counts = panel.map(\.count).sorted()
    let middle = counts.isEmpty ? 0 : counts[counts.count / 2]
    let season = request.seasons.last { 3 * $0 <= middle } ?? 1
    let wanted = max(2 * season, 2 * request.horizon, 8)
    return max(4, min(wanted, 512, max(middle - 2 * request.horizon, middle / 3)))
  }

  /// Checks what is asked for.
  static func check(_ request: ForecastRequest, panel: [Series]) throws {
    guard request.horizon >= 1 else {
      throw AssayError(
        .configuration, "a horizon of \(request.horizon) steps", remedy: "ask for one step or more")
    }
    guard request.levels.allSatisfy({ $0 > 0 && $0 < 1 }), request.levels == request.levels.sorted() else {
      throw AssayError(
        .configuration, "quantile levels \(request.levels)", remedy: "give ascending levels between 0 and 1")
    }
    guard request.seasons.allSatisfy({ $0 >= 1 }), request.seasons == request.seasons.sorted() else {
      throw AssayError(
        .configuration, "seasons of \(request.seasons) steps", remedy: "give ascending lengths of one step or more")
    }
    guard panel.contains(where: { $0.values.contains(where: \.isFinite) }) else {
      throw AssayError(.data, "there is no series with a value", remedy: "give series with a past to learn from")
    }
  }

  /// Throws for a setting out of its range.
  static func require(_ condition: Bool, _ problem: @autoclosure () -> String, at place: String) throws {
    if !condition { throw AssayError(.configuration, problem(), at: place) }
  }
}
