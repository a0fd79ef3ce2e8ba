import Basics
import Checks
import Foundation
import Reports
import XCTest

/// A chart of each kind over given values.
enum SampleCharts {
  static func all(_ x: [Double], _ y: [Double], name: String = "model") -> [(String, Chart)] {
    let names = y.indices.map { "\(name) \($0)" }
    let bars = y.enumerated().map { Mark.Bar(at: $0.offset, value: $0.element, label: name) }
    let low = y.map { $0 - 1 }
    let high = y.map { $0 + 1 }
    let boxes = y.enumerated().map { index, value in
      Mark.Box(at: index, quantiles: [-2, -1, 0, 1, 2].map { value + $0 }, outliers: [value + 9])
    }
    let cells = y.enumerated().map {
      Mark.Cell(column: $0.offset, row: y.count - 1 - $0.offset, intensity: $0.element, label: name)
    }
    let field = { (kind: Axis.Kind, marks: [Mark]) in
      Chart(name, x: Axis(name, kind: kind), y: Axis(name), marks: marks)
    }
    return [
      ("line", field(.linear, [.line(name, x: x, y: y, lower: low, upper: high), .line("other", x: x, y: high)])),
      ("step", field(.linear, [.step(name, x: x, y: y, lower: low, upper: high)])),
      ("area", field(.linear, [.area(name, x: x, y: y)])),
      ("scatter", field(.linear, [.points(name, x: x, y: y, labels: names), .rule(.diagonal, label: name)])),
      ("dates", field(.date, [.line(name, x: x, y: y, hasDots: true), .rule(.vertical(x.first ?? 0), label: name)])),
      ("logarithmic", field(.logarithmic, [.line(name, x: x, y: y), .rule(.horizontal(y.first ?? 0), label: name)])),
      ("histogram", field(.linear, [.histogram(name, edges: x, counts: y)])),
      ("bars", Chart(name, x: Axis(name), y: .categories(names), marks: [.bars(bars)])),
      ("columns", Chart(name, x: .categories(names), y: Axis(name), marks: [.bars(bars, name: name)])),
      ("boxes", Chart(name, x: Axis(name), y: .categories(names), marks: [.boxes(boxes)])),
      ("standing boxes", Chart(name, x: .categories(names), y: Axis(name), marks: [.boxes(boxes)])),
      ("heat map", Chart(name, x: .categories(names), y: .categories(names), marks: [.cells(cells)])),
      (
        "intervals",
        Chart(
          name, x: Axis(name), y: .categories(names),
          marks: [
            .points(
              name, x: y, y: y.indices.map(Double.init),
              xInterval: y.map { $0.isFinite && abs($0) < 1e300 ? $0 - 1...$0 + 1 : nil }, labels: names),
            .rule(.vertical(y.first ?? 0), label: name),
          ])
      ),
    ]
  }

  static let sizes = [Chart.Size.wide, .half, .phone, Chart.Size(width: 1, height: 1)]
}

final class ChartTests: XCTestCase {
  private let x = (0..<8).map { 1 + Double($0) }
  private let y = [3.0, 1, 4, 1, 5, 9, 2, 6]

  func testEveryChartIsWellFormedAndSpeaks() throws {
    for (kind, chart) in SampleCharts.all(x, y) {
      for size in SampleCharts.sizes {
        for text in [chart.svg(size: size), chart.svg(size: size, identifier: "one")] {
          let reader = try MarkupReader(text)
          let root = try XCTUnwrap(reader.elements.first)
          XCTAssertEqual(root.name, "svg", kind)
          XCTAssertEqual(root.attributes["role"], "img")
          let labels = root.attributes["aria-labelledby"]?.split(separator: " ").map(String.init) ?? []
          let described = root.children.map { reader.elements[$0] }.filter { ["title", "desc"].contains($0.name) }
          XCTAssertEqual(described.map { $0.attributes["id"] }, labels, kind)
          XCTAssertTrue(described.allSatisfy { !$0.text.isEmpty }, kind)
          XCTAssertFalse(text.contains("href"))
        }
      }
    }
  }

  /// What cannot be drawn is left out: no crash, and no word for it in the drawing.
  func testOddValuesAreLeftOut() throws {
    let odd: [(String, [Double], [Double])] = [
      ("empty", [], []), ("one point", [1], [2]), ("constant", x, x.map { _ in 5 }), ("zeros", x, x.map { _ in 0 }),
      ("all missing", x, x.map { _ in .nan }), ("gaps", x, [1, .nan, 3, .infinity, -.infinity, 2, .nan, 1]),
      ("huge", x, [1e308, -1e308, 1e300, 0, 1, 2, 3, 4]), ("tiny", x, x.map { $0 * 1e-300 }),
      ("negative", x.map { -$0 }, y), ("unequal", x, [1, 2]), ("missing x", x.map { _ in .nan }, y),
      ("far apart", [0, 1e-12, 1, 1e12], [1, 2, 3, 4]), ("dates beyond the calendar", [-1e15, 1e15], [1, 2]),
    ]
    for (what, x, y) in odd {
      for (kind, chart) in SampleCharts.all(x, y, name: "m") {
        for size in SampleCharts.sizes {
          let text = chart.svg(size: size)
          let reader = try MarkupReader(text)
          let numbers = reader.elements.flatMap { $0.attributes.values } + [reader.text]
          XCTAssertFalse(numbers.contains { $0.lowercased().contains("nan") || $0.contains("inf") }, "\(what), \(kind)")
        }
      }
    }
  }

  func testTextIsEscaped() throws {
    let evil = "</title><script>alert(\"1\")</script>&amp;<img src='x'>\u{0}\u{202E}"
    for (kind, chart) in SampleCharts.all(x, y, name: evil) {
      let text = chart.svg(size: .half)
      let reader = try MarkupReader(text)
      let allowed: Set = [
        "svg", "title", "desc", "style", "clipPath", "rect", "g", "path", "circle", "text", "tspan",
      ]
      XCTAssertTrue(Set(reader.elements.map(\.name)).isSubset(of: allowed), kind)
      XCTAssertFalse(text.contains("\u{202E}") || text.contains("\u{0}"), kind)
      XCTAssertTrue(reader.elements.contains { $0.name == "title" && $0.text.hasPrefix("</title><script>") }, kind)
    }
  }

  func testCoordinatesAreWhereTheyBelong() throws {
    let chart = Chart(
      "Two bars", x: Axis(domain: 0...10), y: .categories(["a", "b"]),
      marks: [.bars([.init(at: 0, value: 10), .init(at: 1, value: 5)])])
    let reader = try MarkupReader(chart.svg(size: Chart.Size(width: 400, height: 150), identifier: "c"))
    let bars = reader.all("rect").filter { $0.attributes["class"]?.contains("fill") == true }
    let widths = bars.compactMap { $0.attributes["width"].flatMap(Double.init) }
    XCTAssertEqual(widths.count, 2)
    XCTAssertEqual(widths[0], 2 * widths[1], accuracy: 0.02)
    let tops = bars.compactMap { $0.attributes["y"].flatMap(Double.init) }
    XCTAssertLessThan(tops[0], tops[1], "the first name is at the top")
    XCTAssertEqual(bars[0].attributes["x"], bars[1].attributes["x"])
  }

  /// A line of many points keeps its highest and lowest point and becomes short.
  func testLongLinesAreThinnedWithoutLosingPeaks() throws {
    let count = 50_000
    var values = (0..<count).map { sin(Double($0) / 700) }
    values[31_415] = 3
    let chart = Chart(
      "Long", x: Axis(domain: 0...Double(count)), y: Axis(domain: -1...3),
      marks: [.line(x: (0..<count).map(Double.init), y: values)])
    let text = chart.svg(size: .half, identifier: "long")
    XCTAssertLessThan(text.utf8.count, 60_000)
    let reader = try MarkupReader(text)
    let clip = try XCTUnwrap(reader.all("rect").first)
    let plotTop = try XCTUnwrap(clip.attributes["y"].flatMap(Double.init)) + 7
    let path = try XCTUnwrap(reader.all("path").first { $0.attributes["class"]?.hasPrefix("line") == true })
    let heights = try XCTUnwrap(path.attributes["d"]).split(whereSeparator: { "ML".contains($0) })
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0.split(separator: "H")[0]) } }
    XCTAssertEqual(heights.min() ?? 0, plotTop, accuracy: 0.02)
  }

  func testNamesStandAtTheEndsOfLinesOrAbove() throws {
    let marks = ["first", "second"].enumerated().map { index, name in
      Mark.line(name, x: x, y: y.map { $0 + Double(index) * 0.01 }, color: .series(index + 1))
    }
    let chart = Chart("Two lines", x: Axis(), y: Axis(), marks: marks)
    let wide = try MarkupReader(chart.svg(size: .wide, identifier: "w"))
    let names = wide.all("text").filter { $0.attributes["class"]?.hasPrefix("direct") == true }
    XCTAssertEqual(Set(names.map(\.text)), ["first", "second"])
    let heights = names.compactMap { $0.attributes["y"].flatMap(Double.init) }.sorted()
    XCTAssertGreaterThan(heights[1] - heights[0], 12, "names do not cover each other")
    var alone = chart
    alone.marks.removeLast()
    let single = try MarkupReader(alone.svg(size: .wide, identifier: "s"))
    XCTAssertFalse(single.all("text").contains { $0.text == "first" }, "a single line needs no legend")
  }

  func testSameChartSameText() {
    for (first, second) in zip(SampleCharts.all(x, y), SampleCharts.all(x, y)) {
      XCTAssertEqual(first.1.svg(size: .wide), second.1.svg(size: .wide))
    }
  }
}
