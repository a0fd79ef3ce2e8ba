/// A number for messages: no more digits than it needs, two after the point at the most.
func shortText(_ value: Double) -> String {
  abs(value) < 1e15 && value == value.rounded() ? String(Int(value)) : String((value * 100).rounded() / 100)
}
