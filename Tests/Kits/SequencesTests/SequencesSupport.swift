import Basics
import Estimators
import Evaluation
import Foundation
import Sequences
import Tables

/// Machines that wear out, with known truth: wear grows along an exponential from near 0 to 1 at the failure; four
/// sensors show it with noise, one is constant, and one is noise alone.
enum WearingMachines {
  /// A table of run-to-failure records with columns unit, cycle, altitude, speed, s1 ... s6.
  ///
  /// - Parameter conditions: How many operating conditions there are; each shifts and stretches all sensors.
  static func table(units: Int, lives: ClosedRange<Int> = 60...120, conditions: Int = 1, key: RandomKey) throws -> Table
  {
    var unit: [Int64] = []
    var cycle: [Int64] = []
    var altitude: [Double] = []
    var speed: [Double] = []
    var sensors = [[Double]](repeating: [], count: 6)
    for number in 0..<units {
      var random = key[number].stream()
      let life = lives.lowerBound + random.integer(below: lives.count)
      let rate = 2 + 2 * random.uniform()
      for step in 1...life {
        let wear = (exp(rate * Double(step) / Double(life)) - 1) / (exp(rate) - 1)
        let condition = random.integer(below: conditions)
        unit.append(Int64(number + 1))
        cycle.append(Int64(step))
        altitude.append(Double(10 * condition) + 0.01 * random.normal())
        speed.append(0.2 * Double(condition % 3) + 0.001 * random.normal())
        let shift = 50 * Double(condition)
        let stretch = 1 + Double(condition)
        for sensor in 0..<4 {
          let direction = sensor % 2 == 0 ? 1.0 : -1.0
          sensors[sensor].append(100 + shift + stretch * (4 * direction * wear + 0.5 * random.normal()))
        }
        sensors[4].append(7 + shift)
        sensors[5].append(random.normal())
      }
    }
    return try Table(
      [Column("unit", .integer(unit)), Column("cycle", .integer(cycle))]
        + [Column("altitude", .float(altitude)), Column("speed", .float(speed))]
        + sensors.enumerated().map { Column("s\($0 + 1)", .float($1)) })
  }

  /// The records as sequences.
  static func sequences(
    units: Int, lives: ClosedRange<Int> = 60...120, conditions: Int = 1, key: RandomKey
  ) throws -> UnitSequences {
    try SequenceReading(unit: "unit", time: "cycle").read(
      table(units: units, lives: lives, conditions: conditions, key: key))
  }

  /// Prepared channels of other machines than those they were prepared by.
  static func prepared(training: UnitSequences, _ others: [UnitSequences]) throws -> [UnitSequences] {
    var preparation = ChannelPreparation()
    preparation.settings = ["altitude", "speed"]
    let prepared = try preparation.fit(training, context: FitContext(key: RandomKey(seed: 3)))
    return try others.map { try prepared.transform($0) }
  }

  /// Windows with the remaining life up to 60 steps.
  static func data(_ units: UnitSequences, length: Int = 12) throws -> TrainingData {
    TrainingData(
      features: try RawWindows(length: length).features(of: units), task: .regression,
      labels: try LifeTarget(units, .remainingLife(cap: 60)).labels)
  }
}

/// The root of the mean squared error.
func rootMeanSquare(_ predictions: [Double], _ labels: [Double]) -> Double {
  (zip(predictions, labels).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(labels.count)).squareRoot()
}

/// The deviation of numbers from their mean: the error of a prediction that knows only the mean.
func spread(_ labels: [Double]) -> Double {
  let mean = labels.reduce(0, +) / Double(labels.count)
  return rootMeanSquare(Array(repeating: mean, count: labels.count), labels)
}
