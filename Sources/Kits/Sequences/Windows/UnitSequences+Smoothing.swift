import Basics

extension UnitSequences {
  /// The sequences with every channel smoothed along each unit: s = a x + (1 - a) s, from the unit's first known number on.
  ///
  /// Nothing after a row is looked at; a missing number leaves s as it is, and those before the first known one stay
  /// missing. Networks that look at every third or fifth row of smoothed channels see trends with less noise and fewer
  /// steps than on all rows as they are.
  ///
  /// - Parameter weight: The weight a of a new number, above 0 and at most 1.
  public func smoothed(weight: Double) -> UnitSequences {
    require(weight > 0 && weight <= 1, "smoothed", "the weight \(weight) is not above 0 and at most 1")
    let share = Float(weight)
    let smooth = values.map { numbers -> [Float] in
      var result = numbers
      for unit in units {
        var state = Float.nan
        for row in unit.rows {
          if !numbers[row].isNaN { state = state.isNaN ? numbers[row] : state + share * (numbers[row] - state) }
          result[row] = state
        }
      }
      return result
    }
    return with(channels: channels, values: smooth)
  }
}
