import Basics
import Checks
import Histories
import Tables
import XCTest

final class TextPartTests: XCTestCase {
  private func parts(_ kind: TextPart.Kind, _ texts: [String?]) throws -> [String: Column] {
    let column = Column("x", .text(TextValues(texts)))
    let made = try TextPart("x", kind: kind).columns(of: column)
    // A column of categories gives the same.
    let category = Column("x", .category(CategoryValues(texts)))
    XCTAssertEqual(
      try TextPart("x", kind: kind).columns(of: category).map(\.numbersOrTexts), made.map(\.numbersOrTexts))
    return Dictionary(uniqueKeysWithValues: made.map { ($0.name, $0) })
  }

  func testEmail() throws {
    let made = try parts(
      .email, ["Anna.Smith99@GMail.com", "x@shop.co.uk", "no address", nil, "a@b@c.org", "@x.y", "a@"])
    XCTAssertEqual(
      made["x.domain"]?.numbersOrTexts, ["gmail.com", "shop.co.uk", "-", "-", "c.org", "-", "-"])
    XCTAssertEqual(made["x.tld"]?.numbersOrTexts, ["com", "uk", "-", "-", "org", "-", "-"])
    XCTAssertEqual(made["x.free"]?.numbersOrTexts, ["1.0", "0.0", "-", "-", "0.0", "-", "-"])
    XCTAssertEqual(made["x.length"]?.numbersOrTexts, ["12.0", "1.0", "-", "-", "3.0", "-", "-"])
    XCTAssertEqual(try XCTUnwrap(made["x.digits"]).numbers()[0], 2.0 / 12, accuracy: 1e-7)
  }

  func testText() throws {
    let made = try parts(.text, ["aabb", "aaaa", "", "a1b2", nil])
    XCTAssertEqual(made["x.entropy"]?.numbersOrTexts, ["1.0", "0.0", "0.0", "2.0", "-"])
    XCTAssertEqual(made["x.digits"]?.numbersOrTexts, ["0.0", "0.0", "0.0", "0.5", "-"])
    XCTAssertEqual(made["x.length"]?.numbersOrTexts, ["4.0", "4.0", "0.0", "4.0", "-"])
  }

  func testPages() throws {
    let made = try parts(
      .url,
      ["https://user@www.Shop.co.uk:8080/a/b/?x=1&y=2#top", "example.com", "http://10.0.0.1/x", "not a page", nil])
    XCTAssertEqual(made["x.host"]?.numbersOrTexts, ["www.shop.co.uk", "example.com", "10.0.0.1", "-", "-"])
    XCTAssertEqual(made["x.domain"]?.numbersOrTexts, ["shop.co.uk", "example.com", "10.0.0.1", "-", "-"])
    XCTAssertEqual(made["x.tld"]?.numbersOrTexts, ["uk", "com", "-", "-", "-"])
    XCTAssertEqual(made["x.depth"]?.numbersOrTexts, ["2.0", "0.0", "1.0", "-", "-"])
    XCTAssertEqual(made["x.parameters"]?.numbersOrTexts, ["2.0", "0.0", "0.0", "-", "-"])
    XCTAssertEqual(made["x.secure"]?.numbersOrTexts, ["1.0", "0.0", "0.0", "-", "-"])
  }

  func testNetworkAddresses() throws {
    let made = try parts(
      .ip,
      [
        "192.168.7.9", "8.8.8.8", "172.32.0.1", "172.31.0.1", "256.1.1.1", "1.2.3", "2001:db8:1:2::5", "fe80::1%eth0",
        "::1", "1::2::3", "1:2:3:4:5:6:7:8", nil,
      ])
    XCTAssertEqual(
      made["x.network"]?.numbersOrTexts,
      [
        "192.168.7.0/24", "8.8.8.0/24", "172.32.0.0/24", "172.31.0.0/24", "-", "-", "2001:db8:1::/48", "fe80:0:0::/48",
        "0:0:0::/48", "-", "1:2:3::/48", "-",
      ])
    XCTAssertEqual(
      made["x.private"]?.numbersOrTexts,
      ["1.0", "0.0", "0.0", "1.0", "-", "-", "0.0", "1.0", "1.0", "-", "0.0", "-"])
  }

  func testAgents() throws {
    let made = try parts(
      .agent,
      [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "curl/8.1", "Googlebot/2.1", "?",
      ])
    XCTAssertEqual(
      made["x.family"]?.numbersOrTexts, ["Chrome", "Edge", "Safari", "Firefox", "script", "bot", "other"])
    XCTAssertEqual(
      made["x.system"]?.numbersOrTexts, ["Windows", "Windows", "iOS", "Linux", "other", "other", "other"])
    XCTAssertEqual(made["x.mobile"]?.numbersOrTexts, ["0.0", "0.0", "1.0", "0.0", "0.0", "0.0", "0.0"])
  }

  func testPartsServeAsEntities() throws {
    let table = try Table([
      Column("t", .dateTime([1, 2, 3, 4].map { $0 * 1_000_000 })),
      Column("mail", .text(TextValues(["a@x.com", "b@x.com", nil, "c@y.org"]))),
    ])
    let plan = HistoryPlan(
      time: "t", entities: [.init(columns: ["mail.domain"], features: [.counts], missing: .unknown)],
      windows: [.hours(1)], parts: [TextPart("mail", kind: .email)], clock: nil)
    let result = try plan.apply(to: table)
    XCTAssertEqual(result["mail.domain.count.1h"]?.numbersOrTexts, ["0.0", "1.0", "-", "0.0"])
    let numbers = try Table([Column("t", .dateTime([1])), Column("mail", .integer([1]))])
    assertAssayError(.schema, saying: ["\"mail\"", "texts"]) { try plan.apply(to: numbers) }
  }
}

extension Column {
  /// The values as texts, "-" for missing ones.
  var numbersOrTexts: [String] {
    (0..<count).map { row in
      if isMissing(row) { return "-" }
      switch values {
      case .category(let values): return values.levels[Int(values.codes[row])]
      case .text(let values): return values[row] ?? "-"
      default: return "\(numbers()[row])"
      }
    }
  }
}
