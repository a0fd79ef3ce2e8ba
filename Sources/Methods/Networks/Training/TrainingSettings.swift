import Basics

extension Trainer {
  /// What the numbers of a run depend on besides weights and data, in words: a run goes on only under the same.
  ///
  /// The number of epochs is not among it: a run may be made longer.
  func settings(_ optimizer: some Optimizer, _ key: RandomKey, rows: Int, validationRows: Int?) -> [String: String] {
    func text(_ value: (some Any)?) -> String { value.map { String(describing: $0) } ?? "none" }
    var settings: [String: String] = [:]
    settings["the batch size"] = text(batches.batchSize)
    settings["the order of rows"] = text(batches.order)
    settings["leaving out the last batch"] = text(batches.dropsLast)
    settings["the schedule"] = text(schedule)
    settings["the plateau schedule"] = text(plateau)
    settings["the batches per step"] = text(accumulation)
    settings["the clipping of gradients"] = text(clipping)
    settings["the decay of averaged weights"] = text(averagingDecay)
    settings["early stopping"] = text(earlyStopping)
    settings["restoring the best weights"] = text(restoresBest)
    settings["rounding to bfloat16"] = text(usesBFloat16)
    settings["the random key"] = text(key.bits)
    settings["the number of training rows"] = text(rows)
    settings["the number of validation rows"] = text(validationRows)
    settings["the optimiser"] = text(type(of: optimizer))
    for (name, value) in plainSettings(of: optimizer, at: "the optimiser's") { settings[name] = value }
    return settings
  }

  /// The numbers, truth values, texts and choices among a value's stored properties; what is held in collections and
  /// objects is memory, not settings.
  private func plainSettings(of value: Any, at path: String) -> [(name: String, value: String)] {
    var found: [(name: String, value: String)] = []
    for child in Mirror(reflecting: value).children {
      let name = path + " " + (child.label ?? "")
      switch child.value {
      case is Double, is Float, is Int, is Bool, is String: found.append((name, "\(child.value)"))
      default:
        switch Mirror(reflecting: child.value).displayStyle {
        case .enum: found.append((name, "\(child.value)"))
        case .struct, .tuple, .optional: found += plainSettings(of: child.value, at: name)
        default: break
        }
      }
    }
    return found
  }
}

/// The first difference between the settings of a run and those in a checkpoint, in words; nil if there is none.
func firstDifference(_ settings: [String: String], stored: [String: String]) -> String? {
  for name in Set(settings.keys).union(stored.keys).sorted() where settings[name] != stored[name] {
    return "\(name) is \(settings[name] ?? "not set") here and \(stored[name] ?? "not set") in the checkpoint"
  }
  return nil
}
