import Basics

/// The state of reading a text in MPS format, line by line.
struct MPSReader {
  private enum Section: String {
    case name = "NAME"
    case sense = "OBJSENSE"
    case rows = "ROWS"
    case columns = "COLUMNS"
    case rightSides = "RHS"
    case ranges = "RANGES"
    case bounds = "BOUNDS"
    case end = "ENDATA"
  }

  private struct Row {
    var name: String
    var type: Character
    var rightSide = 0.0
    var range: Double?
    var terms = LinearExpression()
  }

  private let path: String
  private var line = 0
  private var section: Section?
  private var name = ""
  private var program = LinearProgram()
  private var rows: [Row] = []
  private var rowNumbers: [String: Int] = [:]
  private var objectiveRow: String?
  private var freeRows: Set<String> = []
  private var variables: [String: Variable] = [:]
  /// Integer variables that no line of BOUNDS has named.
  private var unboundedIntegers: Set<Int> = []
  private var isInteger = false
  private(set) var isEnded = false

  init(path: String) { self.path = path }

  /// Takes one line; false after the end.
  mutating func take(_ text: Substring, number: Int) throws(AssayError) -> Bool {
    line = number
    if text.isEmpty || text.first == "*" { return true }
    let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let first = words.first else { return true }
    if text.first != " " && text.first != "\t" {
      guard let next = Section(rawValue: first.uppercased()) else {
        throw error("\(first) is no section that is known", remedy: "remove it; linear programs are read")
      }
      section = next
      if next == .name { name = words.count > 1 ? words[1] : "" }
      if next == .sense, words.count > 1 { try takeSense(words[1]) }
      isEnded = next == .end
      return !isEnded
    }
    switch section {
    case .rows: try takeRow(words)
    case .columns: try takeColumn(words)
    case .rightSides:
      try takePairs(words) { reader, row, value throws(AssayError) in
        if row == reader.objectiveRow {
          reader.program.objective.constant = -value
        } else if let index = reader.rowNumbers[row] {
          reader.rows[index].rightSide = value
        } else if !reader.freeRows.contains(row) {
          throw reader.error("the row \(row) is not in ROWS")
        }
      }
    case .ranges:
      try takePairs(words) { reader, row, value throws(AssayError) in
        guard let index = reader.rowNumbers[row] else { throw reader.error("the row \(row) is not in ROWS") }
        reader.rows[index].range = value
      }
    case .bounds: try takeBound(words)
    case .sense: try takeSense(first)
    case .name, .end, nil: throw error("a line of data stands outside the sections")
    }
    return true
  }

  private mutating func takeSense(_ word: String) throws(AssayError) {
    switch word.uppercased() {
    case "MAX", "MAXIMIZE": program.sense = .maximize
    case "MIN", "MINIMIZE": program.sense = .minimize
    default: throw error("\(word) is neither MIN nor MAX")
    }
  }

  private mutating func takeRow(_ words: [String]) throws(AssayError) {
    guard words.count == 2, let type = words[0].uppercased().first, words[0].count == 1, "NLGE".contains(type) else {
      throw error("a row is a type of N, L, G, E and a name")
    }
    let row = words[1]
    guard rowNumbers[row] == nil, !freeRows.contains(row), objectiveRow != row else {
      throw error("the row \(row) is there twice")
    }
    if type != "N" {
      rowNumbers[row] = rows.count
      rows.append(Row(name: row, type: type))
    } else if objectiveRow == nil {
      objectiveRow = row
    } else {
      freeRows.insert(row)
    }
  }

  private mutating func takeColumn(_ words: [String]) throws(AssayError) {
    if words.count >= 3, words[1] == "'MARKER'" {
      switch words[2] {
      case "'INTORG'": isInteger = true
      case "'INTEND'": isInteger = false
      default: throw error("the marker \(words[2]) is neither INTORG nor INTEND")
      }
      return
    }
    guard words.count == 3 || words.count == 5 else {
      throw error("a column is a name and one or two rows with values")
    }
    let variable: Variable
    if let known = variables[words[0]] {
      variable = known
    } else {
      variable = program.variable(words[0], isInteger ? .integer : .continuous)
      variables[words[0]] = variable
      if isInteger { unboundedIntegers.insert(variable.index) }
    }
    for position in stride(from: 1, to: words.count, by: 2) {
      let value = try number(words[position + 1])
      if words[position] == objectiveRow {
        program.objective.add(value, variable)
      } else if let row = rowNumbers[words[position]] {
        rows[row].terms.add(value, variable)
      } else if !freeRows.contains(words[position]) {
        throw error("the row \(words[position]) is not in ROWS")
      }
    }
  }

  /// Rows with values, after the name of the set, which may be left out.
  private mutating func takePairs(
    _ words: [String], _ use: (inout MPSReader, String, Double) throws(AssayError) -> Void
  ) throws(AssayError) {
    guard (2...5).contains(words.count) else { throw error("a line is a set's name and one or two rows with values") }
    for position in stride(from: words.count % 2, to: words.count, by: 2) {
      try use(&self, words[position], try number(words[position + 1]))
    }
  }

  private mutating func takeBound(_ words: [String]) throws(AssayError) {
    let type = words[0].uppercased()
    let needsValue = ["UP", "LO", "FX", "UI", "LI"].contains(type)
    guard needsValue || ["FR", "MI", "PL", "BV"].contains(type) else {
      throw error("the bound's type \(words[0]) is not known", remedy: "semi-continuous variables are not read")
    }
    // The set's name may be left out; a value may follow types that need none.
    let place = needsValue ? words.count - 2 : words.count >= 3 ? 2 : 1
    guard place >= 1, place < words.count, words.count <= 4, let variable = variables[words[place]] else {
      throw error("the bound is of a column that is not in COLUMNS, or words are missing")
    }
    let value = needsValue ? try number(words[place + 1]) : 0
    let index = variable.index
    unboundedIntegers.remove(index)
    switch type {
    case "UP", "UI":
      program.columns[index].upper = value
      if value < 0, program.columns[index].lower == 0 { program.columns[index].lower = -.infinity }
    case "LO", "LI": program.columns[index].lower = value
    case "FX": (program.columns[index].lower, program.columns[index].upper) = (value, value)
    case "FR": (program.columns[index].lower, program.columns[index].upper) = (-.infinity, .infinity)
    case "MI": program.columns[index].lower = -.infinity
    case "PL": program.columns[index].upper = .infinity
    default: (program.columns[index].lower, program.columns[index].upper) = (0, 1)
    }
    if ["UI", "LI", "BV"].contains(type) { program.columns[index].kind = .integer }
  }

  private func number(_ word: String) throws(AssayError) -> Double {
    // Fortran writes the exponent with D.
    guard let value = Double(word) ?? Double(word.replacing("D", with: "e").replacing("d", with: "e")), !value.isNaN
    else { throw error("\(word) is not a number") }
    // Files write infinity as a large number.
    return abs(value) >= 1e30 ? (value > 0 ? .infinity : -.infinity) : value
  }

  func error(_ problem: String, remedy: String = "") -> AssayError {
    AssayError(.format, problem, at: path.isEmpty ? "line \(line)" : "\(path):\(line)", remedy: remedy)
  }

  /// What was read.
  func model() -> MPSModel {
    var program = program
    for index in unboundedIntegers { program.columns[index].upper = 1 }
    var constraints: [String: Constraint] = [:]
    for row in rows {
      var (lower, upper) = (row.rightSide, row.rightSide)
      switch (row.type, row.range) {
      case ("L", let range): lower = range.map { row.rightSide - abs($0) } ?? -.infinity
      case ("G", let range): upper = range.map { row.rightSide + abs($0) } ?? .infinity
      case (_, let range?) where range < 0: lower = row.rightSide + range
      case (_, let range?): upper = row.rightSide + range
      default: break
      }
      constraints[row.name] = program.add(LinearConstraint(row.terms, lower: lower, upper: upper), row.name)
    }
    return MPSModel(name: name, program: program, variables: variables, constraints: constraints)
  }
}
