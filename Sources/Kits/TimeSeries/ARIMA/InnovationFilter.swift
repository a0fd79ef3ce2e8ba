/// What turns columns into innovations: the parts that the past does not explain, given the coefficients.
///
/// The first column is the series, the others are the numbers it is regressed on. All are filtered alike, so the
/// regression by generalised least squares is an ordinary one of the first column's innovations on the others'.
protocol InnovationFilter: AnyObject {
  /// The steps of a column.
  var count: Int { get }
  /// The steps that count in the likelihood.
  var observed: Int { get }
  /// The series and its regressors.
  var columns: Int { get }
  /// After `run`, column by column, divided by their standard deviations where sigma is 1; 0 where nothing is observed.
  var innovations: UnsafeMutablePointer<Double> { get }

  /// After `run`: the standard deviation of the innovation of a step, where sigma is 1.
  func deviation(_ step: Int) -> Double

  /// Filters all columns with the coefficients phi, theta, Phi, Theta in this order.
  ///
  /// - Parameter isExact: Whether the start is drawn from the stationary distribution; otherwise what came before is
  ///   taken as zero (conditional sum of squares).
  /// - Returns: The sum of the logarithms of the innovations' variances; nil where the coefficients have no likelihood.
  func run(_ order: ARIMAOrder, _ coefficients: UnsafePointer<Double>, isExact: Bool) -> Double?
}

/// The dense and the sparse form of the polynomials phi(B) Phi(B^m) and theta(B) Theta(B^m).
struct ARMAPolynomials {
  let capacity: Int
  /// phi[k] belongs to lag k + 1.
  let phi: UnsafeMutablePointer<Double>
  /// theta[k] belongs to lag k; theta[0] is 1.
  let theta: UnsafeMutablePointer<Double>
  /// The lags of phi with a coefficient other than zero.
  let arLags: UnsafeMutablePointer<Int>
  let maLags: UnsafeMutablePointer<Int>
  private(set) var arCount = 0
  /// The lags of theta from 1 on.
  private(set) var maCount = 0

  init(capacity: Int) {
    self.capacity = capacity
    // Room for vectors of four beyond the size.
    phi = .allocate(capacity: capacity + 8)
    theta = .allocate(capacity: capacity + 1)
    arLags = .allocate(capacity: capacity + 1)
    maLags = .allocate(capacity: capacity + 1)
  }

  func deallocate() {
    phi.deallocate()
    theta.deallocate()
    arLags.deallocate()
    maLags.deallocate()
  }

  /// Multiplies the polynomials out; the state's size must fit the capacity.
  mutating func expand(_ order: ARIMAOrder, _ coefficients: UnsafePointer<Double>) {
    let size = order.stateSize
    phi.update(repeating: 0, count: size + 8)
    theta.update(repeating: 0, count: size + 1)
    let ma = coefficients + order.p
    let seasonalAR = ma + order.q
    let seasonalMA = seasonalAR + order.seasonalP
    for i in 0..<order.p { phi[i] = coefficients[i] }
    for j in 0..<order.seasonalP {
      let lag = (j + 1) * order.season
      phi[lag - 1] += seasonalAR[j]
      for i in 0..<order.p { phi[lag + i] -= seasonalAR[j] * coefficients[i] }
    }
    theta[0] = 1
    for i in 0..<order.q { theta[i + 1] = ma[i] }
    for j in 0..<order.seasonalQ {
      let lag = (j + 1) * order.season
      theta[lag] += seasonalMA[j]
      for i in 0..<order.q { theta[lag + i + 1] += seasonalMA[j] * ma[i] }
    }
    arCount = 0
    for lag in 1..<order.longestAR + 1 where phi[lag - 1] != 0 {
      arLags[arCount] = lag
      arCount += 1
    }
    maCount = 0
    for lag in 1..<order.longestMA + 1 where theta[lag] != 0 {
      maLags[maCount] = lag
      maCount += 1
    }
  }
}
