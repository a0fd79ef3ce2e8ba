/// How exactly products are computed.
public enum Precision: Sendable {
  /// In single precision.
  case float32
  /// Operands of matrix products, convolutions and recurrent products are rounded to bfloat16, sums are in single
  /// precision; weights and everything else stay float32 (mixed precision: Micikevicius et al. 2018; Kalamkar et al.
  /// 2019). Gradients follow the precision of the forward pass. The kernels multiply the rounded numbers in single
  /// precision: this tells what a network loses on hardware with bfloat16 units, and saves no time here.
  case bfloat16

  /// The precision of float32 products in the current task, single unless set with
  /// `Precision.$current.withValue(.bfloat16) { ... }`.
  @TaskLocal public static var current = Precision.float32
}
