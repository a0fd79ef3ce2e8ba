// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// A target of the house: its floor, its folder below `Sources`, and what it uses.
///
/// A target may import only targets of lower floors; `ArchitectureTests` checks every source file against this table.
struct Room {
  let name: String
  let floor: Int
  let folder: String
  var uses: [String] = []
  var packages: [Target.Dependency] = []
  var tested = true
  var resources: [Resource] = []
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let rooms: [Room] = [
  Room(name: "CKernels", floor: 0, folder: "Base", tested: false),
  Room(name: "CNative", floor: 0, folder: "Base", tested: false),
  Room(name: "Basics", floor: 1, folder: "Base", uses: ["CKernels", "CNative"]),
  Room(name: "Kernels", floor: 2, folder: "Base", uses: ["CKernels", "Basics"]),
  Room(name: "Tensors", floor: 3, folder: "Base", uses: ["CKernels", "Kernels", "Basics"]),
  Room(name: "Tables", floor: 3, folder: "Methods", uses: ["CNative", "Basics", "Kernels"]),
  Room(name: "Solvers", floor: 3, folder: "Methods", uses: ["CNative", "Basics", "Kernels"]),
  Room(name: "Evaluation", floor: 4, folder: "Methods", uses: ["Tables", "Kernels", "Basics"]),
  Room(name: "Networks", floor: 4, folder: "Methods", uses: ["Tensors", "Kernels", "CKernels", "Basics"]),
  Room(name: "DataSets", floor: 4, folder: "Methods", uses: ["Tables", "Kernels", "Basics"]),
  Room(name: "Histories", floor: 4, folder: "Methods", uses: ["Tables", "Kernels", "Basics"]),
  Room(name: "Planning", floor: 4, folder: "Methods", uses: ["Solvers", "Kernels", "Basics"]),
  Room(name: "Formats", floor: 5, folder: "Methods", uses: ["Networks", "Tensors", "Kernels", "Basics"]),
  Room(name: "Decisions", floor: 5, folder: "Methods", uses: ["Evaluation", "Tables", "Basics"], packages: [yams]),
  Room(
    name: "Estimators", floor: 5, folder: "Methods", uses: ["Evaluation", "Tables", "Kernels", "CKernels", "Basics"]),
  Room(
    name: "Survival", floor: 6, folder: "Methods",
    uses: ["Estimators", "Evaluation", "Networks", "Tensors", "Tables", "Kernels", "Basics"]),
  Room(
    name: "Sequences", floor: 6, folder: "Kits",
    uses: ["Estimators", "Evaluation", "Networks", "Tensors", "Tables", "Kernels", "Basics"]),
  Room(
    name: "TimeSeries", floor: 6, folder: "Kits",
    uses: ["Estimators", "Evaluation", "Networks", "Tensors", "Tables", "Kernels", "Basics"]),
  Room(
    name: "Experiments", floor: 7, folder: "Tools",
    uses: ["Sequences", "Estimators", "Decisions", "Evaluation", "Tables", "Kernels", "Basics"], packages: [grdb]),
  Room(
    name: "Reports", floor: 8, folder: "Tools",
    uses: ["Experiments", "Estimators", "Decisions", "Evaluation", "Tables", "Basics"]),
  Room(
    name: "Projects", floor: 8, folder: "Tools", uses: ["Experiments", "Decisions", "Evaluation", "Tables", "Basics"],
    packages: [yams]),
  Room(
    name: "Alerts", floor: 9, folder: "Kits",
    uses: [
      "Projects", "Experiments", "Decisions", "Sequences", "Estimators", "Evaluation", "Histories", "Tables", "Kernels",
      "Basics",
    ]),
  Room(
    name: "Demand", floor: 9, folder: "Kits",
    uses: ["Projects", "Experiments", "TimeSeries", "Planning", "Evaluation", "Tables", "Basics"]),
  Room(
    name: "RemainingLife", floor: 9, folder: "Kits",
    uses: [
      "Projects", "Experiments", "Decisions", "Sequences", "Survival", "Estimators", "Evaluation", "Tables", "Basics",
    ]),
  Room(
    name: "Fraud", floor: 10, folder: "Solutions",
    uses: [
      "Alerts", "Projects", "Experiments", "Decisions", "Estimators", "Evaluation", "Histories", "Sequences", "Tables",
      "Kernels",
      "Basics",
    ]),
  Room(
    name: "Maintenance", floor: 10, folder: "Solutions",
    uses: [
      "RemainingLife", "Projects", "Experiments", "Decisions", "Sequences", "Survival", "Evaluation", "Tables",
      "Kernels", "Basics",
    ]),
  Room(
    name: "Capacity", floor: 10, folder: "Solutions",
    uses: [
      "Projects", "Experiments", "Demand", "TimeSeries", "Planning", "Evaluation", "Tables", "Kernels", "Basics",
    ]),
  Room(
    name: "Solutions", floor: 11, folder: "Solutions", uses: ["Capacity", "Fraud", "Maintenance", "Projects"],
    tested: false),
]

/// Programs to learn from, one file each: their names, their folders below `Examples`, and what they use. They see what
/// other packages see.
let examples: [(name: String, folder: String, uses: [String])] = [
  ("example-images", "Images", ["Formats", "Networks", "Tensors", "Basics"]),
  ("example-sequences", "Sequences", ["Networks", "Tensors", "Basics"]),
]

/// `ASSAY_ONLY=Tables swift build --build-tests` leaves every target out that `Tables` does not need: the quick way to
/// work on one target.
let only = ProcessInfo.processInfo.environment["ASSAY_ONLY"]

func needed(by name: String) -> Set<String> {
  guard let room = rooms.first(where: { $0.name == name }) else { return [] }
  return room.uses.reduce(into: [name]) { $0.formUnion(needed(by: $1)) }
}

let kept = only.map { needed(by: $0) }
let builtRooms = rooms.filter { kept?.contains($0.name) ?? true }
let testedRooms = rooms.filter { $0.tested && (only == nil || only == $0.name) }
let buildsPrograms = only == nil

let settings: [SwiftSetting] = [.swiftLanguageMode(.v6)]

var targets: [Target] = builtRooms.map { room in
  .target(
    name: room.name,
    dependencies: room.uses.map { .byName(name: $0) } + room.packages,
    path: "Sources/\(room.folder)/\(room.name)",
    exclude: room.folder == "Solutions" && room.tested ? ["README.md"] : [], resources: room.resources,
    swiftSettings: settings,
    linkerSettings: room.name == "CNative" ? [.linkedLibrary("dl", .when(platforms: [.linux]))] : [])
}
targets.append(
  .target(
    name: "Checks", dependencies: [.byName(name: "Basics")], path: "Tests/Support/Checks", swiftSettings: settings))
targets += testedRooms.map { room in
  .testTarget(
    name: "\(room.name)Tests",
    dependencies: ["Checks", .byName(name: room.name)] + room.uses.map { .byName(name: $0) },
    path: "Tests/\(room.folder)/\(room.name)Tests",
    swiftSettings: settings)
}

if buildsPrograms {
  targets.append(
    .executableTarget(
      name: "assay",
      dependencies: [
        "Solutions", "Projects", "Reports", "Experiments", "Estimators", "Decisions", "DataSets", "Evaluation",
        "Tables", "TimeSeries",
        "Formats", "Networks", "Tensors", "Kernels", "Basics",
      ]
      .map { .byName(name: $0) } + [arguments],
      path: "Sources/Tools/assay",
      swiftSettings: settings))
  targets += examples.map { example in
    .executableTarget(
      name: example.name, dependencies: example.uses.map { .byName(name: $0) }, path: "Examples/\(example.folder)",
      packageAccess: false, swiftSettings: settings)
  }
  targets.append(
    .testTarget(
      name: "ProgramTests", dependencies: ["Checks", "Basics", "Tables", "Tensors", "Experiments"],
      path: "Tests/Tools/ProgramTests", swiftSettings: settings))
  targets.append(
    .testTarget(
      name: "ArchitectureTests", dependencies: ["Basics"], path: "Tests/ArchitectureTests", swiftSettings: settings))
}

let package = Package(
  name: "assay",
  platforms: [.macOS(.v15)],
  products: builtRooms.filter { $0.floor > 0 }.map { .library(name: $0.name, targets: [$0.name]) }
    + (buildsPrograms ? [.executable(name: "assay", targets: ["assay"])] : []),
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: targets)
