/// The type of an expression's value; a truth value counts as 0 or 1 where a number is wanted.
enum ValueType: String {
  case number = "a number"
  case truth = "true or false"
  case text = "a text"
}

/// An expression whose names and types are known to fit a scope.
enum CheckedExpression {
  case number(CheckedNumber)
  case truth(CheckedNumber)
  case text(CheckedText)

  var type: ValueType {
    switch self {
    case .number: .number
    case .truth: .truth
    case .text: .text
    }
  }
}

/// A numeric or logical expression: truth values are 0 and 1, missing is not-a-number.
indirect enum CheckedNumber {
  case constant(Double)
  case column(String)
  case label
  case probability(Int)
  case prediction
  case map(UnaryFunction, CheckedNumber)
  case combine(BinaryFunction, CheckedNumber, CheckedNumber)
  case compareTexts(equal: Bool, CheckedText, CheckedText)
  case memberOf(CheckedNumber, [CheckedNumber])
  case textMemberOf(CheckedText, [CheckedText])
  case textIsMissing(CheckedText)
  case choose(CheckedNumber, CheckedNumber, CheckedNumber)
}

/// An expression with a text for each row.
indirect enum CheckedText {
  case constant(String)
  case column(String)
  case label
  case choose(CheckedNumber, CheckedText, CheckedText)
  case coalesce(CheckedText, CheckedText)
}

/// A function of one number.
enum UnaryFunction: String, CaseIterable {
  case negative, not, isMissing
  case abs, log, exp, sqrt, round, floor, ceil
}

/// A function of two numbers.
enum BinaryFunction: String {
  case add, subtract, multiply, divide, modulo, power
  case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
  case and, or, min, max, coalesce, roundTo
}
