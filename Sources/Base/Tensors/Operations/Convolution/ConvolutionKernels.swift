import CKernels
import Kernels

/// Float32 convolutions on the kernels of `CKernels`, their rows divided among threads.
struct ConvolutionKernels {
  private var shape: assay_convolution_shape
  private let roundsToBFloat16: Int32

  /// - Parameter rounds: Whether the operands of products are rounded to bfloat16.
  init(_ geometry: ConvolutionGeometry, rounds: Bool) {
    shape = assay_convolution_shape(
      batch: geometry.batch, height: geometry.height, width: geometry.width, in_channels: geometry.channels,
      out_channels: geometry.outChannels, kernel_height: geometry.kernelHeight, kernel_width: geometry.kernelWidth,
      stride_height: geometry.strideHeight, stride_width: geometry.strideWidth,
      dilation_height: geometry.dilationHeight, dilation_width: geometry.dilationWidth, pad_top: geometry.padTop,
      pad_left: geometry.padLeft, out_height: geometry.outHeight, out_width: geometry.outWidth,
      groups: geometry.groups)
    roundsToBFloat16 = rounds ? 1 : 0
  }

  func forward(
    _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, isRectified: Bool,
    _ result: UnsafeMutablePointer<Float>
  ) {
    var shape = shape
    withScratch(assay_convolution_packed_size(&shape)) { packed in
      var shape = shape
      assay_convolution_pack(&shape, weight, roundsToBFloat16, packed)
      forEachPart(of: shape.batch * shape.out_height, grain: rowsOfPart(columns: shape.out_width)) { rows in
        var shape = shape
        var finish = assay_gemm_finish(
          bias: bias, activation: Int32(isRectified ? ASSAY_RELU : ASSAY_IDENTITY), accumulate: 0)
        withScratch(assay_convolution_scratch(&shape)) { scratch in
          assay_convolution(
            &shape, x, packed, roundsToBFloat16, rows.lowerBound, rows.upperBound, result, &finish, scratch)
        }
      }
    }
  }

  func inputGradient(
    _ g: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>
  ) {
    var shape = shape
    withScratch(assay_convolution_flipped_size(&shape)) { packed in
      var shape = shape
      assay_convolution_pack_flipped(&shape, weight, roundsToBFloat16, packed)
      forEachPart(of: shape.batch * shape.height, grain: rowsOfPart(columns: shape.width)) { rows in
        var shape = shape
        withScratch(assay_convolution_scratch(&shape)) { scratch in
          assay_convolution_input_gradient(
            &shape, g, packed, roundsToBFloat16, rows.lowerBound, rows.upperBound, result, 0, scratch)
        }
      }
    }
  }

  func weightGradient(
    _ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>
  ) {
    var shape = shape
    let rows = shape.kernel_height * shape.kernel_width * (shape.in_channels / shape.groups)
    let size = rows * shape.out_channels
    let chunks = assay_convolution_chunks(&shape)
    // With few chunks the rows of the weights are divided as well: copying pixels twice costs less than waiting.
    let bands = chunks >= 4 ? 1 : min(4, max(rows, 1))
    withScratch(chunks == 1 ? 0 : chunks * size) { parts in
      let target = chunks == 1 ? result : parts
      forEachTask(chunks * bands) { task in
        var shape = shape
        let (chunk, band) = (task / bands, task % bands)
        withScratch(assay_convolution_scratch(&shape)) { scratch in
          assay_convolution_weight_gradient(
            &shape, x, g, roundsToBFloat16, chunk * shape.batch / chunks, (chunk + 1) * shape.batch / chunks,
            band * rows / bands, (band + 1) * rows / bands, target + chunk * size, 0, scratch)
        }
      }
      guard chunks > 1 else { return }
      forEachPart(of: size, grain: 1 << 14) { range in
        assay_sum_chunks(parts, chunks, size, range.lowerBound, range.upperBound, 0, result)
      }
    }
  }

  /// Rows of images in a part, for about 512 pixels.
  private func rowsOfPart(columns: Int) -> Int { max(1, 512 / max(columns, 1)) }
}
