import XCTest

/// The table of rooms in Package.swift, read as text: the manifest itself cannot be imported.
struct PackageTable {
  struct Room: Equatable {
    var name: String
    var floor: Int
    var folder: String
    var uses: [String]
    /// The names of the package products, as imported.
    var packages: [String]

    var path: String { "Sources/\(folder)/\(name)" }
  }

  var rooms: [Room] = []

  /// Reads the `Room(name: ..., floor: ..., ...)` entries and the products that they refer to.
  init(manifest: String) throws {
    var products: [String: String] = [:]
    for match in manifest.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/) {
      products[String(match.1)] = String(match.2)
    }
    for match in manifest.matches(of: /Room\(\s*name: "(\w+)", floor: (\d+), folder: "(\w+)"([^)]*)\)/) {
      let rest = String(match.4)
      let uses = rest.firstMatch(of: /uses: \[([^\]]*)\]/).map { String($0.1) } ?? ""
      let packages = rest.firstMatch(of: /packages: \[([^\]]*)\]/).map { String($0.1) } ?? ""
      rooms.append(
        Room(
          name: String(match.1), floor: try XCTUnwrap(Int(match.2)), folder: String(match.3),
          uses: uses.matches(of: /"(\w+)"/).map { String($0.1) },
          packages: packages.matches(of: /\w+/).compactMap { products[String($0.0)] }))
    }
  }

  func room(_ name: String) -> Room? { rooms.first { $0.name == name } }
}
