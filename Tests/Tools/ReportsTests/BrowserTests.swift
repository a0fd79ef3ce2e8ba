import Foundation
import Reports
import XCTest

/// Reports in a real browser, where one is installed: no page is wider than the screen and no text of a chart is cut
/// off, at a phone's width and at a desktop's.
final class BrowserTests: XCTestCase {
  private static let browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

  func testNoPageIsWiderThanTheScreen() throws {
    guard let browser = Self.browsers.first(where: FileManager.default.isExecutableFile) else {
      throw XCTSkip("no Chromium is installed: apt-get install chromium")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let long = String(repeating: "a_long_column_name_", count: 8)
    let pages = [
      Report.html(SampleResults.retention()), Report.html(SampleResults.tickets()), Report.html(SampleResults.flats()),
      Report.html(SampleResults.renamed(SampleResults.retention(), to: long)),
      ProjectReport.html(ProjectSample.results()),
      ProfilePage.html(SampleResults.retention().profile, data: "customers.parquet"),
    ]
    let widths = [360, 390, 500, 768, 1280]
    var frames = ""
    for (index, page) in pages.enumerated() {
      try Data(page.utf8).write(to: folder.appendingPathComponent("page\(index).html"))
      for width in widths {
        frames += "<iframe src=\"page\(index).html\" width=\"\(width)\" height=\"800\" data-page=\"\(index)\"></iframe>"
      }
    }
    // The reports hold no script, so a page around them measures them.
    let wrapper = """
      <!DOCTYPE html><body>\(frames)<pre id="result"></pre><script>
      window.onload = () => {
        document.getElementById("result").textContent = [...document.querySelectorAll("iframe")].map(frame => {
          const root = frame.contentDocument.documentElement;
          const charts = [...frame.contentDocument.querySelectorAll("svg.chart")].filter(c => c.clientWidth > 0);
          const wide = [...root.querySelectorAll("body *")].filter(element => !element.closest(".scroll")
            && element.getBoundingClientRect().right > root.clientWidth + 1);
          const culprit = wide.length ? wide[wide.length - 1].outerHTML.slice(0, 80).replace(/[ ;<>]/g, "_") : "none";
          const cut = charts.flatMap(chart => [...chart.querySelectorAll("text")].filter(text =>
            text.getBoundingClientRect().right > chart.getBoundingClientRect().right + 1));
          const text = cut.length ? cut[0].textContent.replace(/[ ;<>&]/g, "_") : culprit;
          return [frame.dataset.page, frame.width, root.scrollWidth, charts.length, cut.length, text].join(" ");
        }).join(";");
      };
      </script></body>
      """
    let file = folder.appendingPathComponent("wrapper.html")
    try Data(wrapper.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
      "--user-data-dir=\(folder.path)/profile", "--virtual-time-budget=20000", "--dump-dom", file.absoluteString,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let dump = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let start = dump.range(of: "<pre id=\"result\">"),
      let end = dump.range(of: "</pre>", range: start.upperBound..<dump.endIndex)
    else { return XCTFail("the browser gave no measurements: \(dump.prefix(300))") }
    let measured = dump[start.upperBound..<end.lowerBound].split(separator: ";").map { $0.split(separator: " ") }
    XCTAssertEqual(measured.count, pages.count * widths.count)
    for measurement in measured {
      let numbers = measurement.prefix(5).compactMap { Int($0) }
      guard numbers.count == 5 else { return XCTFail("not a measurement: \(measurement)") }
      let what = "page \(numbers[0]) at \(numbers[1]) pixels: \(measurement.last ?? "")"
      XCTAssertLessThanOrEqual(numbers[2], numbers[1], what)
      XCTAssertGreaterThan(numbers[3], 1, "charts of \(what)")
      XCTAssertEqual(numbers[4], 0, "texts cut off in \(what)")
    }
  }
}
