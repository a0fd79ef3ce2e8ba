import CKernels
import Kernels

/// Float32 pooling on the kernels of `CKernels`, the images of a batch divided among threads.
struct PoolKernels {
  private let shape: assay_pool_shape
  private let batch: Int
  private let ins: Int
  private let outs: Int

  init(_ geometry: ConvolutionGeometry) {
    shape = assay_pool_shape(
      height: geometry.height, width: geometry.width, channels: geometry.channels,
      kernel_height: geometry.kernelHeight, kernel_width: geometry.kernelWidth,
      stride_height: geometry.strideHeight, stride_width: geometry.strideWidth, padding_height: geometry.padTop,
      padding_width: geometry.padLeft, pooled_height: geometry.outHeight, pooled_width: geometry.outWidth)
    batch = geometry.batch
    ins = geometry.height * geometry.width * geometry.channels
    outs = geometry.outHeight * geometry.outWidth * geometry.channels
  }

  func largest(_ x: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ winners: UnsafeMutablePointer<Int32>)
  {
    forEachImage { shape, image in
      assay_max_pool(&shape, x + image * ins, result + image * outs, winners + image * outs, 1)
    }
  }

  func largestGradient(
    _ g: UnsafePointer<Float>, _ winners: UnsafePointer<Int32>, _ result: UnsafeMutablePointer<Float>
  ) {
    forEachImage { shape, image in
      assay_max_pool_backward(&shape, g + image * outs, winners + image * outs, result + image * ins, 1)
    }
  }

  func mean(_ x: UnsafePointer<Float>, countsPadding: Bool, _ result: UnsafeMutablePointer<Float>) {
    forEachImage { shape, image in
      assay_average_pool(&shape, x + image * ins, result + image * outs, 1, countsPadding ? 1 : 0)
    }
  }

  func meanGradient(_ g: UnsafePointer<Float>, countsPadding: Bool, _ result: UnsafeMutablePointer<Float>) {
    forEachImage { shape, image in
      assay_average_pool_backward(&shape, g + image * outs, result + image * ins, 1, countsPadding ? 1 : 0)
    }
  }

  private func forEachImage(_ body: (inout assay_pool_shape, Int) -> Void) {
    forEachTask(batch) { image in
      var shape = shape
      body(&shape, image)
    }
  }
}
