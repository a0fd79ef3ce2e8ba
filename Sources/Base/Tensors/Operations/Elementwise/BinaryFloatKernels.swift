import CKernels
import Kernels

/// The float32 kernels behind arithmetic of two tensors: for each kind one for runs of equal length, for a run and a
/// scalar, and for a matrix with a row or a column.
struct BinaryFloatKernels {
  typealias Runs = (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  typealias RunScalar = (UnsafePointer<Float>?, Float, UnsafeMutablePointer<Float>?, Int) -> Void
  typealias ScalarRun = (Float, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  typealias Matrix = (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int, Int) -> Void

  let vv: Runs
  let vs: RunScalar
  let sv: ScalarRun
  let vr: Matrix
  let rv: Matrix
  let vc: Matrix
  let cv: Matrix

  init(_ kind: Binary.Kind) {
    switch kind {
    case .add:
      (vv, vs, sv) = (assay_add_vv, assay_add_vs, assay_add_sv)
      (vr, rv, vc, cv) = (assay_add_vr, assay_add_rv, assay_add_vc, assay_add_cv)
    case .subtract:
      (vv, vs, sv) = (assay_subtract_vv, assay_subtract_vs, assay_subtract_sv)
      (vr, rv, vc, cv) = (assay_subtract_vr, assay_subtract_rv, assay_subtract_vc, assay_subtract_cv)
    case .multiply:
      (vv, vs, sv) = (assay_multiply_vv, assay_multiply_vs, assay_multiply_sv)
      (vr, rv, vc, cv) = (assay_multiply_vr, assay_multiply_rv, assay_multiply_vc, assay_multiply_cv)
    case .divide:
      (vv, vs, sv) = (assay_divide_vv, assay_divide_vs, assay_divide_sv)
      (vr, rv, vc, cv) = (assay_divide_vr, assay_divide_rv, assay_divide_vc, assay_divide_cv)
    case .power:
      (vv, vs, sv) = (assay_power_vv, assay_power_vs, assay_power_sv)
      (vr, rv, vc, cv) = (assay_power_vr, assay_power_rv, assay_power_vc, assay_power_cv)
    case .maximum:
      (vv, vs, sv) = (assay_maximum_vv, assay_maximum_vs, assay_maximum_sv)
      (vr, rv, vc, cv) = (assay_maximum_vr, assay_maximum_rv, assay_maximum_vc, assay_maximum_cv)
    case .minimum:
      (vv, vs, sv) = (assay_minimum_vv, assay_minimum_vs, assay_minimum_sv)
      (vr, rv, vc, cv) = (assay_minimum_vr, assay_minimum_rv, assay_minimum_vc, assay_minimum_cv)
    }
  }

  /// Computes as the plan walks.
  func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ plan: BroadcastPlan
  ) {
    if plan.sizes.count == 2, let matrix = matrix(plan.steps[0], plan.steps[1]) {
      let (rows, columns) = (plan.sizes[0], plan.sizes[1])
      let (aStep, bStep) = (plan.steps[0][0], plan.steps[1][0])
      forEachPart(of: rows, grain: max(1, 16_384 / max(columns, 1))) { part in
        let start = part.lowerBound
        matrix(a + start * aStep, b + start * bStep, result + start * columns, part.count, columns)
      }
      return
    }
    let (aStep, bStep) = (plan.runStep(0), plan.runStep(1))
    plan.forEachPiece { start, first, second, count in
      if aStep == 1 && bStep == 1 {
        vv(a + first, b + second, result + start, count)
      } else if aStep == 1 {
        vs(a + first, b[second], result + start, count)
      } else if bStep == 1 {
        sv(a[first], b + second, result + start, count)
      } else {
        // Both are single numbers.
        for i in 0..<count { vv(a + first, b + second, result + start + i, 1) }
      }
    }
  }

  /// The kernel for a matrix with a row or a column, by the operands' steps along rows and columns.
  private func matrix(_ a: [Int], _ b: [Int]) -> Matrix? {
    switch (a[0] != 0, a[1] != 0, b[0] != 0, b[1] != 0) {
    case (true, true, false, true): vr
    case (false, true, true, true): rv
    case (true, true, true, false): vc
    case (true, false, true, true): cv
    default: nil
    }
  }
}
