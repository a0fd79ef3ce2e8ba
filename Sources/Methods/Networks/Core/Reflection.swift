import Basics
import Tensors

/// Looks through a module for parameters.
struct Reflection {
  private(set) var found: [NamedParameter] = []
  private var seen: Set<ObjectIdentifier> = []

  mutating func visit(_ value: Any, at path: String) {
    if let parameter = value as? Parameter {
      if seen.insert(ObjectIdentifier(parameter)).inserted {
        found.append(NamedParameter(path: path, parameter: parameter))
      }
      return
    }
    if Self.isPlain(value) || value is any WithoutParameters { return }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .struct, .tuple: visitChildren(of: mirror, at: path)
    case .class: visitClass(value, mirror, at: path)
    // The name of the case is left out: what it holds is what the property is.
    case .optional, .enum: for child in mirror.children { visit(child.value, at: path) }
    case .collection, .set: visitElements(of: mirror, at: path)
    case .dictionary: visitEntries(of: mirror, at: path)
    default: break
    }
  }

  /// Values without parameters that models often hold; looking into them would take long.
  private static func isPlain(_ value: Any) -> Bool {
    value is Int || value is Double || value is Float || value is Bool || value is String || value is Tensor
      || value is RandomKey || value is [Int] || value is [Double] || value is [Float]
  }

  private mutating func visitChildren(of mirror: Mirror, at path: String) {
    for (position, child) in mirror.children.enumerated() {
      visit(child.value, at: joined(path, Self.name(child.label, position)))
    }
  }

  /// Classes that are not modules may lead anywhere, so they are left alone.
  private mutating func visitClass(_ value: Any, _ mirror: Mirror, at path: String) {
    guard value is any Module, seen.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
    if let parent = mirror.superclassMirror { visitChildren(of: parent, at: path) }
    visitChildren(of: mirror, at: path)
  }

  private mutating func visitElements(of mirror: Mirror, at path: String) {
    for (position, child) in mirror.children.enumerated() {
      if Self.isPlain(child.value) { return }
      visit(child.value, at: joined(path, "\(position)"))
    }
  }

  private mutating func visitEntries(of mirror: Mirror, at path: String) {
    let entries = mirror.children.compactMap { child -> (key: String, value: Any)? in
      let pair = Array(Mirror(reflecting: child.value).children)
      return pair.count == 2 ? ("\(pair[0].value)", pair[1].value) : nil
    }
    for entry in entries.sorted(by: { $0.key < $1.key }) { visit(entry.value, at: joined(path, entry.key)) }
  }

  private func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "." + name }

  /// The name of a property; those of wrapped properties begin with "_", those in tuples with ".".
  private static func name(_ label: String?, _ position: Int) -> String {
    guard let label, !label.isEmpty else { return "\(position)" }
    return String(label.drop { $0 == "_" || $0 == "." || $0 == "$" })
  }
}

/// A value inside a module in which no parameters are looked for, because they are found elsewhere or there are none.
protocol WithoutParameters {}
