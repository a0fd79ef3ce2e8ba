import Kernels

/// Convolutions by their definition: what float64 is computed with, and what fast kernels are tested against.
enum ReferenceConvolution {
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Double>, _ weight: UnsafePointer<Double>,
    _ result: UnsafeMutablePointer<Double>
  ) {
    let (ins, outs) = (geometry.channels / geometry.groups, geometry.outChannels / geometry.groups)
    result.update(repeating: 0, count: geometry.outputShape.reduce(1, *))
    forEachTask(geometry.batch) { image in
      geometry.forEachTap(image: image) { input, kernel, output in
        for out in 0..<geometry.outChannels {
          let first = input + out / outs * ins
          for i in 0..<ins {
            result[output + out] += x[first + i] * weight[(kernel * ins + i) * geometry.outChannels + out]
          }
        }
      }
    }
  }

  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ g: UnsafePointer<Double>, _ weight: UnsafePointer<Double>,
    _ result: UnsafeMutablePointer<Double>
  ) {
    let (ins, outs) = (geometry.channels / geometry.groups, geometry.outChannels / geometry.groups)
    result.update(repeating: 0, count: geometry.inputShape.reduce(1, *))
    forEachTask(geometry.batch) { image in
      geometry.forEachTap(image: image) { input, kernel, output in
        for out in 0..<geometry.outChannels {
          let first = input + out / outs * ins
          for i in 0..<ins {
            result[first + i] += g[output + out] * weight[(kernel * ins + i) * geometry.outChannels + out]
          }
        }
      }
    }
  }

  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Double>, _ g: UnsafePointer<Double>,
    _ result: UnsafeMutablePointer<Double>
  ) {
    let (ins, outs) = (geometry.channels / geometry.groups, geometry.outChannels / geometry.groups)
    result.update(repeating: 0, count: geometry.weightShape.reduce(1, *))
    for image in 0..<geometry.batch {
      geometry.forEachTap(image: image) { input, kernel, output in
        for out in 0..<geometry.outChannels {
          let first = input + out / outs * ins
          for i in 0..<ins {
            result[(kernel * ins + i) * geometry.outChannels + out] += x[first + i] * g[output + out]
          }
        }
      }
    }
  }
}
