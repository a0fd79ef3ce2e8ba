import Basics
import Checks
import XCTest

final class NativeLibraryTests: XCTestCase {
  func testAnAbsentLibraryIsAnErrorWithAWayOut() {
    assertAssayError(.resource, saying: ["Absent cannot be used", "libabsent.so.1", "make setup"]) {
      try NativeLibrary.resolveFetched("libabsent.so.1", title: "Absent") { _ in nil }
    }
    assertAssayError(.resource, saying: ["libabsent.so.1", "apt-get install absent"]) {
      try NativeLibrary.resolve(["libabsent.so.1"], package: "absent") { _ in nil }
    }
  }

  /// What the system has is found by name; a function that it lacks is named.
  func testTheSystemsLibrariesAreFound() throws {
    try NativeLibrary.resolveFetched("libz.so.1", title: "zlib") { _ in nil }
    assertAssayError(.resource, saying: ["lacks the function gzfly"]) {
      try "gzfly".withCString { name throws in
        try NativeLibrary.resolveFetched("libz.so.1", title: "zlib") { _ in name }
      }
    }
  }
}
