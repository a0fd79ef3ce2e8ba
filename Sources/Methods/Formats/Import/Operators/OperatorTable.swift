/// The operators of ONNX that imported models can have.
let operatorTable: [String: OperatorMaker] = [
  elementOperators, arithmeticOperators, comparisonOperators, productOperators, convolutionOperators, poolingOperators,
  resizeOperators, normalizationOperators, shapeOperators, joinOperators, indexOperators, reductionOperators,
  orderOperators,
  constantOperators, recurrentOperators,
].reduce(into: [:]) { table, family in table.merge(family) { first, _ in first } }
