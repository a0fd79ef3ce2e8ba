import Basics
import Kernels

/// A convolution (strictly, a correlation) of images with kernels, plus a bias and a rectifier where wanted.
package struct Convolution: Operation {
  package let geometry: ConvolutionGeometry
  package let isRectified: Bool
  let precision: Precision
  package var name: String { "convolution" }
  package var gradientReads: GradientReads { isRectified ? [.inputs, .outputs] : .inputs }

  /// Inputs: x [N, H, W, C], weight [kh, kw, C / groups, out], and a bias [out] or none.
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (x, weight) = (inputs[0], inputs[1])
    let bias = inputs.count > 2 ? inputs[2] : nil
    require(
      x.type == weight.type && (bias.map { $0.type == x.type } ?? true), name,
      "types \(x.type) and \(weight.type) differ (shapes \(x.shape) and \(weight.shape))")
    require(
      bias.map { $0.shape == [geometry.outChannels] } ?? true, name,
      "a bias of shape \(bias?.shape ?? []) does not fit \(geometry.outChannels) channels")
    let result = Tensor(uninitialized: geometry.outputShape, x.type, for: name)
    switch x.type {
    case .float32:
      ConvolutionKernels(geometry, rounds: precision == .bfloat16).forward(
        x.floats, weight.floats, bias?.floats, isRectified: isRectified, result.floats)
    case .float64:
      ReferenceConvolution.forward(
        geometry, x.pointer(Double.self), weight.pointer(Double.self), result.pointer(Double.self))
      if let bias {
        let (target, row, width) = (result.pointer(Double.self), bias.pointer(Double.self), geometry.outChannels)
        for i in 0..<result.count { target[i] += row[i % width] }
      }
      if isRectified {
        let target = result.pointer(Double.self)
        for i in 0..<result.count { target[i] = max(target[i], 0) }
      }
    default: stop(name, "there is no convolution of \(x.type)")
    }
    return [result]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let upstream = upstream[0] else { return call.inputs.map { _ in nil } }
    let g = isRectified ? apply(one: UnaryGradient(kind: .relu), call.outputs[0], upstream) : upstream
    var results = [
      call.needs[0]
        ? apply(one: ConvolutionInputGradient(geometry: geometry, precision: precision), g, call.inputs[1]) : nil,
      call.needs[1]
        ? apply(one: ConvolutionWeightGradient(geometry: geometry, precision: precision), call.inputs[0], g) : nil,
    ]
    if call.inputs.count > 2 { results.append(call.needs[2] ? g.sum(axes: [0, 1, 2]) : nil) }
    return results
  }
}

/// What a convolution's input gets back from its output: also the transposed convolution.
package struct ConvolutionInputGradient: Operation {
  package let geometry: ConvolutionGeometry
  let precision: Precision
  package var name: String { "transposed convolution" }

  /// Inputs: the gradient [N, outH, outW, out] and the weight [kh, kw, C / groups, out].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (g, weight) = (inputs[0], inputs[1])
    require(
      g.shape == geometry.outputShape && weight.shape == geometry.weightShape && g.type == weight.type, name,
      "shapes \(g.shape) and \(weight.shape) do not fit outputs \(geometry.outputShape)")
    let result = Tensor(uninitialized: geometry.inputShape, g.type, for: name)
    switch g.type {
    case .float32:
      ConvolutionKernels(geometry, rounds: precision == .bfloat16).inputGradient(
        g.floats, weight.floats, result.floats)
    case .float64:
      ReferenceConvolution.inputGradient(
        geometry, g.pointer(Double.self), weight.pointer(Double.self), result.pointer(Double.self))
    default: stop(name, "there is no convolution of \(g.type)")
    }
    return [result]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let x = upstream[0] else { return [nil, nil] }
    return [
      call.needs[0]
        ? apply(one: Convolution(geometry: geometry, isRectified: false, precision: precision), x, call.inputs[1])
        : nil,
      call.needs[1]
        ? apply(one: ConvolutionWeightGradient(geometry: geometry, precision: precision), x, call.inputs[0]) : nil,
    ]
  }
}

/// What a convolution's weights get back from its output.
package struct ConvolutionWeightGradient: Operation {
  package let geometry: ConvolutionGeometry
  let precision: Precision
  package var name: String { "weight gradient of a convolution" }

  /// Inputs: x [N, H, W, C] and the gradient [N, outH, outW, out].
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (x, g) = (inputs[0], inputs[1])
    require(
      x.shape == geometry.inputShape && g.shape == geometry.outputShape && x.type == g.type, name,
      "shapes \(x.shape) and \(g.shape) do not fit outputs \(geometry.outputShape)")
    let result = Tensor(uninitialized: geometry.weightShape, x.type, for: name)
    switch x.type {
    case .float32:
      ConvolutionKernels(geometry, rounds: precision == .bfloat16).weightGradient(x.floats, g.floats, result.floats)
    case .float64:
      ReferenceConvolution.weightGradient(
        geometry, x.pointer(Double.self), g.pointer(Double.self), result.pointer(Double.self))
    default: stop(name, "there is no convolution of \(x.type)")
    }
    return [result]
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let weight = upstream[0] else { return [nil, nil] }
    return [
      call.needs[0]
        ? apply(one: ConvolutionInputGradient(geometry: geometry, precision: precision), call.inputs[1], weight) : nil,
      call.needs[1]
        ? apply(one: Convolution(geometry: geometry, isRectified: false, precision: precision), call.inputs[0], weight)
        : nil,
    ]
  }
}
