import Basics
import Foundation

/// The life of one unit, from its installation to its failure, of which the first part is observed.
struct MachineLife: Sendable {
  /// A day's work.
  struct Cycle: Sendable {
    var load = 0.0
    var ambient = 0.0
    /// In the order of `MachineSimulator.sensors`; not-a-number where it is missing.
    var sensors: [Double] = []
    var isServiced = false
    var bearing = 0.0
    var seal = 0.0
    var impeller = 0.0
  }

  let number: Int
  let model: String
  let site: String
  /// The day of installation.
  let installed: Int
  /// The observed cycles.
  private(set) var cycles: [Cycle] = []
  /// The cycles until failure, also where it was not observed; the failure is in the last one.
  private(set) var length = 0
  /// The way in which it fails.
  private(set) var mode = "electrical"

  /// Whether the failure was observed.
  var hasFailed: Bool { length == cycles.count }

  /// How fast each part wears at full load when it is new, per cycle, and how the sensors of this unit are off.
  private struct Nature {
    var bearing: Double
    var seal: Double
    var impeller: Double
    var offsets: [Double]
  }

  /// The longest life; a unit that reaches it fails electrically.
  private static let longestLife = 3_000
  /// The probability per cycle of an electrical failure.
  private static let electricalHazard = 0.0005
  /// What one step of wear is made of: the smaller, the smoother.
  private static let wearScale = 0.004

  init(number: Int, simulator: MachineSimulator, weather: Weather, key: RandomKey) {
    var random = key.stream()
    self.number = number
    model = random.choose(["P100", "P200", "P300"], weights: [5, 3, 2])
    site = random.choose(["north", "south", "harbour", "quarry"])
    installed = random.integer(below: max(1, simulator.days * 7 / 10))
    let roughness = (site == "quarry" ? 1.25 : 1) * (model == "P300" ? 0.85 : 1)
    let nature = Nature(
      bearing: exp(0.45 * random.normal()) * roughness / 260, seal: exp(0.4 * random.normal()) * roughness / 170,
      impeller: exp(0.45 * random.normal()) * roughness / 330,
      offsets: MachineSimulator.sensors.map { _ in random.normal() })
    live(nature, simulator: simulator, weather: weather, key: key)
  }

  private mutating func live(_ nature: Nature, simulator: MachineSimulator, weather: Weather, key: RandomKey) {
    // Wear and measurements draw from streams of their own: the truth does not depend on what is observed of it.
    var random = key["wear"].stream()
    var noise = key["sensors"].stream()
    var cycle = Cycle()
    var regime = random.integer(below: 3)
    var drift = 0.0
    while length < Self.longestLife {
      if random.uniform() < 0.15 { regime = random.integer(below: 3) }
      drift = 0.7 * drift + 3 * random.normal()
      cycle.load = min(100, max(20, [45.0, 65, 88][regime] + drift))
      let day = installed + length
      cycle.ambient = weather.temperatures[day % weather.temperatures.count]
      cycle.isServiced = simulator.serviceInterval.map { length > 0 && length % $0 == 0 } ?? false
      if cycle.isServiced { cycle.seal *= 0.2 }
      let sinceService = simulator.serviceInterval.map { length % $0 } ?? .max
      wear(&cycle, nature, isLubricated: sinceService < 30, using: &random)
      length += 1
      let isObserved = day < simulator.days
      if isObserved {
        cycle.sensors = measurements(cycle, nature, number: length, using: &noise)
        cycles.append(cycle)
      }
      let parts = [("bearing", cycle.bearing), ("seal", cycle.seal), ("impeller", cycle.impeller)]
      if let worn = parts.filter({ $0.1 >= 1 }).max(by: { $0.1 < $1.1 }) {
        mode = worn.0
        return
      }
      if random.uniform() < Self.electricalHazard { return }
    }
  }

  /// A cycle's wear: gamma increments, more of it under load and on a part that is worn.
  private func wear(_ cycle: inout Cycle, _ nature: Nature, isLubricated: Bool, using random: inout RandomStream) {
    let stress = 0.5 + pow(cycle.load / 80, 2) * 0.5
    func step(_ rate: Double, _ worn: Double) -> Double {
      let mean = rate * stress * (0.6 + 1.3 * worn)
      return random.gamma(shape: mean / Self.wearScale, scale: Self.wearScale)
    }
    cycle.bearing += step(nature.bearing * (isLubricated ? 0.8 : 1), cycle.bearing)
    cycle.seal += step(nature.seal, cycle.seal)
    cycle.impeller += step(nature.impeller, cycle.impeller)
  }

  private func measurements(
    _ cycle: Cycle, _ nature: Nature, number: Int, using random: inout RandomStream
  ) -> [Double] {
    let (bearing, seal, impeller) = (min(1, cycle.bearing), min(1, cycle.seal), min(1, cycle.impeller))
    let load = cycle.load
    let pressure = 6 + 0.03 * load - 1.4 * impeller
    let leak = 2 + 5 * pressure * seal * seal
    let flow = (60 + 0.8 * load) * (1 - 0.18 * impeller) - 0.02 * leak
    let current = 30 + 0.5 * load + 6 * impeller + 3 * bearing
    let vibration = 1.2 + 0.015 * load + 4.5 * bearing * bearing + 1.2 * impeller
    let heat = 18 * bearing * bearing * bearing
    let temperature = cycle.ambient + 22 + 0.22 * load + heat
    let particles = 5 + 60 * pow(bearing, 1.5)
    // The mean, the offset of the unit and the noise, in the order of `MachineSimulator.sensors`.
    let means: [Double] = [
      1_450 - 0.4 * load, flow, pressure, current, vibration, temperature, leak, particles, 400,
    ]
    let offsets = [2.0, 1.2, 0.08, 0.9, 0.12, 1, 0.4, 0.8, 0.6]
    let noises = [3.0, 1.5, 0.1, 0.8, 0.18, 0.8, 0.8, 1.5, 1.4]
    return means.indices.map { sensor -> Double in
      let value = means[sensor] + offsets[sensor] * nature.offsets[sensor] + noises[sensor] * random.normal()
      let isLost = random.uniform() < 0.01
      let isAnalysed = sensor != 7 || number % 10 == 0
      return isLost || !isAnalysed ? .nan : (max(0, value) * 1_000).rounded() / 1_000
    }
  }
}
