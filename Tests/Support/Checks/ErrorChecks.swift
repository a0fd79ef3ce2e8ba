import Basics
import XCTest

/// Checks that an expression throws an `AssayError` of a family, whose words contain all of some parts.
///
/// - Returns: the error, for further checks; nil if there was none.
@discardableResult
public func assertAssayError<Result>(
  _ kind: AssayError.Kind, saying parts: [String] = [], _ message: @autoclosure () -> String = "",
  file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Result
) -> AssayError? {
  do {
    _ = try body()
    XCTFail("no error was thrown; \(message())", file: file, line: line)
  } catch let error as AssayError {
    XCTAssertEqual(error.kind, kind, "\(error); \(message())", file: file, line: line)
    for part in parts where !error.description.contains(part) {
      XCTFail("\"\(error)\" does not say \"\(part)\"; \(message())", file: file, line: line)
    }
    return error
  } catch {
    XCTFail("not an AssayError: \(error); \(message())", file: file, line: line)
  }
  return nil
}
