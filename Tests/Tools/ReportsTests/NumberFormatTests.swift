import Evaluation
import Reports
import XCTest

final class NumberFormatTests: XCTestCase {
  func testLongNumbersAreShortened() {
    let money = NumberFormat.money("EUR")
    let cases: [(Estimate, String, String)] = [
      (Estimate(148_452e6, lower: 132_103e6, upper: 166_945e6), "148bn", "132bn to 167bn"),
      (Estimate(12_345_678, lower: 11e6, upper: 14e6), "12.3M", "11.0M to 14.0M"),
      (Estimate(9_345_678, lower: 9e6, upper: 9.9e6), "9,350,000", "9,000,000 to 9,900,000"),
    ]
    for (estimate, text, interval) in cases {
      XCTAssertEqual(NumberFormat.number.text(estimate), text)
      XCTAssertEqual(NumberFormat.number.interval(estimate), interval)
    }
    XCTAssertEqual(money.text(Estimate(-25e6, lower: -27e6, upper: -23e6)), "−€25.0M")
    XCTAssertEqual(NumberFormat.count.text(148_452_000), "148,452,000", "things are counted exactly")
    XCTAssertEqual(NumberFormat.number.text(0.000_000_3, decimals: 5), "<\u{A0}0.00001")
  }

  func testNumbersForPeople() {
    let cases: [(Double, String)] = [
      (0, "0"), (2, "2"), (1234, "1,234"), (1234.5, "1,234"), (-1_234_567, "−1,234,567"), (0.8534, "0.853"),
      (0.5, "0.5"), (12.345, "12.3"), (0.000_123_4, "0.000123"), (0.000_012_34, "1.23e−5"), (3e20, "3.00e20"),
      (-0.000_000_01, "−1.00e−8"), (.nan, "–"), (.infinity, "–"),
    ]
    for (value, text) in cases { XCTAssertEqual(NumberFormat.number.text(value), text) }
  }

  func testUnits() {
    XCTAssertEqual(NumberFormat.percent.text(0.235), "23.5\u{A0}%")
    XCTAssertEqual(NumberFormat.percent.text(0.2), "20\u{A0}%")
    XCTAssertEqual(NumberFormat.percent.text(0.00061, digits: 2), "0.061\u{A0}%")
    XCTAssertEqual(NumberFormat.money("EUR").text(61_300), "€61,300")
    XCTAssertEqual(NumberFormat.money("EUR").text(-12.4), "−€12.40")
    XCTAssertEqual(NumberFormat.money("CHF").text(0.5), "CHF\u{A0}0.500")
    XCTAssertEqual(NumberFormat.money("units").text(1500), "1,500\u{A0}units")
    XCTAssertEqual(NumberFormat.money("EUR").text(-0.001, decimals: 0), "€0", "zero has no sign")
    XCTAssertEqual(NumberFormat.count.text(1234.4), "1,234")
    XCTAssertEqual(NumberFormat.date.text(1_795_392_000), "2026-11-23")
    XCTAssertEqual(NumberFormat.date.text(951_782_400), "2000-02-29")
    XCTAssertEqual(NumberFormat.date.text(-86_400), "1969-12-31")
    XCTAssertEqual(NumberFormat.date.text(1e300), "–")
  }

  func testTicksShareAUnit() {
    XCTAssertEqual(
      [0, 20_000, 40_000].map { NumberFormat.money("EUR").tick($0, step: 20_000) }, ["€0", "€20k", "€40k"])
    XCTAssertEqual([1e6, 1.5e6].map { NumberFormat.number.tick($0, step: 5e5) }, ["1.0M", "1.5M"])
    XCTAssertEqual([0.0, 0.25].map { NumberFormat.number.tick($0, step: 0.05) }, ["0.00", "0.25"])
    XCTAssertEqual(NumberFormat.percent.tick(0.4, step: 0.2), "40\u{A0}%")
    XCTAssertEqual(NumberFormat.money("units").tick(5, step: 5), "5")
  }

  /// An estimate is written with the digits that its interval supports.
  func testDigitsFollowTheInterval() {
    let cases: [(Estimate, NumberFormat, String, String)] = [
      (Estimate(0.8612, lower: 0.8484, upper: 0.8739), .number, "0.861", "0.848 to 0.874"),
      (Estimate(42_088.8, lower: 34_700, upper: 49_500), .money("EUR"), "€42,100", "€34,700 to €49,500"),
      (Estimate(0.0121, lower: 0.0072, upper: 0.017), .percent, "1.2\u{A0}%", "0.7\u{A0}% to 1.7\u{A0}%"),
      (Estimate(9.23, lower: 7.61, upper: 10.85), .money("EUR"), "€9.23", "€7.61 to €10.85"),
      (Estimate(0, lower: 0, upper: 0), .money("EUR"), "€0", "€0 to €0"),
      (Estimate(5, lower: .nan, upper: .nan), .number, "5.00", "no interval"),
    ]
    for (estimate, format, value, interval) in cases {
      XCTAssertEqual(format.text(estimate), value)
      XCTAssertEqual(format.interval(estimate), interval)
    }
  }
}
