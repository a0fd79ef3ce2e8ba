extension Transpose: FormedOperation {
  package var form: OperationForm { .transpose(axes) }
}

extension Slice: FormedOperation {
  package var form: OperationForm { .slice(starts: starts, steps: steps) }
}

extension Place: FormedOperation {
  package var form: OperationForm { .place(starts: box.starts, steps: box.steps, filler: filler) }
}

extension Concatenate: FormedOperation {
  package var form: OperationForm { .concatenate(axis: axis) }
}

extension Split: FormedOperation {
  package var form: OperationForm { .split(axis: axis) }
}

extension Extremum: FormedOperation {
  package var form: OperationForm { .reduction(name, axes: axes) }
}

extension Product: FormedOperation {
  package var form: OperationForm { .reduction("product", axes: axes) }
}

extension Truth: FormedOperation {
  package var form: OperationForm { .reduction(name, axes: axes) }
}

extension ArgExtremum: FormedOperation {
  package var form: OperationForm { .argExtremum(isLargest: isLargest, axis: axis) }
}

extension CumulativeSum: FormedOperation {
  package var form: OperationForm {
    .cumulativeSum(axis: axis, isReversed: isReversed, isExclusive: isExclusive)
  }
}

extension ArgSort: FormedOperation {
  package var form: OperationForm { .argSort(axis: axis, descending: descending) }
}

extension Gather: FormedOperation {
  package var form: OperationForm { .gather(axis: axis) }
}

extension TakeAlong: FormedOperation {
  package var form: OperationForm { .takeAlong(axis: axis) }
}

extension PutAlong: FormedOperation {
  package var form: OperationForm { .putAlong(axis: axis) }
}

extension ScatterAdd: FormedOperation {
  package var form: OperationForm { .scatterAdd(axis: axis) }
}

extension SegmentMax: FormedOperation {
  package var form: OperationForm { .segmentMax }
}
