"""Small ONNX models, one operator each, with inputs and what ONNX Runtime computes: Tests/Golden/Formats/operators.json.

Needs onnx 1.23, onnxruntime 1.32, numpy. Run: python operators.py > operators.json
"""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(7)
cases = []


def floats(*shape, low=-2.0, high=2.0):
    return np.round(random.uniform(low, high, shape), 3).astype(np.float32)


def wholes(*shape, low=0, high=5, type=np.int64):
    return random.integers(low, high, shape).astype(type)


def case(name, kind, inputs, outputs=1, weights=(), opset=20, **attributes):
    """Inputs with an index in `weights` become initializers; None is an absent input."""
    names = ["" if x is None else f"x{i}" for i, x in enumerate(inputs)]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(kind, names, results, name="node", **attributes)
    given = [i for i, x in enumerate(inputs) if x is not None and i not in weights]
    graph = helper.make_graph(
        [node], "graph",
        [helper.make_tensor_value_info(names[i], helper.np_dtype_to_tensor_dtype(inputs[i].dtype), inputs[i].shape)
         for i in given],
        [helper.make_tensor_value_info(r, TensorProto.UNDEFINED, None) for r in results],
        [numpy_helper.from_array(inputs[i], names[i]) for i in weights])
    for output in graph.output:
        output.ClearField("type")
    finish(name, graph, [inputs[i] for i in given], opset)


def finish(name, graph, given, opset):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9 if opset < 21 else 11)
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    for output, known in zip(model.graph.output, inferred.graph.output):
        kind = known.type.tensor_type.elem_type
        output.type.tensor_type.elem_type = kind or graph.input[0].type.tensor_type.elem_type
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    results = session.run(None, {i.name: x for i, x in zip(session.get_inputs(), given)})
    cases.append({
        "name": name, "model": base64.b64encode(model.SerializeToString()).decode(),
        "inputs": [entry(x) for x in given], "outputs": [entry(x) for x in results]})


def entry(x):
    x = np.asarray(x)
    values = [float(f"{v:.7g}") for v in x.ravel().astype(np.float64)] if x.dtype.kind == "f" else \
        x.ravel().astype(np.int64).tolist()
    return {"shape": list(x.shape), "type": str(x.dtype), "values": values}


x23 = floats(2, 3)
for kind in ["Neg", "Abs", "Sign", "Relu", "Exp", "Sin", "Cos", "Tan", "Sinh", "Cosh", "Tanh", "Sigmoid", "Erf", "Floor",
             "Ceil", "Round", "Softplus", "Softsign", "Mish", "HardSwish", "LeakyRelu", "Elu", "Celu", "Selu",
             "HardSigmoid", "Gelu", "ThresholdedRelu", "Identity", "IsNaN"]:
    case(kind, kind, [x23])
for kind in ["Sqrt", "Reciprocal", "Log"]:
    case(kind, kind, [floats(2, 3, low=0.1)])
case("Elu scaled", "Elu", [x23], alpha=0.5)
case("Celu scaled", "Celu", [x23], alpha=0.5)
case("LeakyRelu steep", "LeakyRelu", [x23], alpha=0.3)
case("Gelu tanh", "Gelu", [x23], approximate="tanh")
case("Neg of int", "Neg", [wholes(4, low=-3)])
case("PRelu", "PRelu", [x23, floats(3)], weights=[1])
case("Clip", "Clip", [x23, np.float32(-0.5), np.float32(1)], weights=[1, 2])
case("Clip above", "Clip", [x23, None, np.float32(1)], weights=[2])
case("Clip old", "Clip", [x23], opset=6 + 1, min=-0.5, max=0.5)
case("Cast to int", "Cast", [x23 * 10], to=TensorProto.INT64)
case("Cast to bool", "Cast", [np.array([0, 1.5, -2], np.float32)], to=TensorProto.BOOL)
case("Cast to float", "Cast", [wholes(4)], to=TensorProto.FLOAT)

for kind in ["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"]:
    case(kind, kind, [floats(2, 1, 3), floats(4, 1)])
for kind in ["Sum", "Mean", "Max", "Min"]:
    case(f"{kind} of three", kind, [floats(2, 3), floats(3), floats(2, 1)])
case("Div of int", "Div", [np.array([7, -7, 9, 3]), np.array([2, 2, -4, 3])])
case("Mod of int", "Mod", [np.array([7, -7, 9, -9]), np.array([3, 3, -4, -4])])
case("Mod fmod", "Mod", [np.array([7.5, -7.5, 9], np.float32), np.array([2, 2, -4], np.float32)], fmod=1)
case("Pow", "Pow", [floats(2, 3, low=0.1), floats(3)])
case("Pow of int", "Pow", [floats(2, 3), np.array([2, 3, 1])])
for kind in ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"]:
    case(kind, kind, [wholes(2, 3), wholes(3)])
for kind in ["And", "Or", "Xor"]:
    case(kind, kind, [wholes(2, 3, high=2).astype(bool), wholes(3, high=2).astype(bool)])
case("Not", "Not", [wholes(3, high=2).astype(bool)])
case("Where", "Where", [wholes(2, 3, high=2).astype(bool), floats(2, 3), floats(1)])

case("MatMul", "MatMul", [floats(2, 1, 3, 4), floats(5, 4, 2)])
case("MatMul of vectors", "MatMul", [floats(4), floats(4)])
case("MatMul by a vector", "MatMul", [floats(2, 3, 4), floats(4)])
case("MatMul of a vector", "MatMul", [floats(4), floats(2, 4, 3)])
case("Gemm", "Gemm", [floats(3, 4), floats(4, 2), floats(2)], weights=[1, 2])
case("Gemm turned", "Gemm", [floats(4, 3), floats(2, 4), floats(3, 1)], weights=[1, 2], transA=1, transB=1, alpha=0.5, beta=2.0)
case("Einsum", "Einsum", [floats(2, 3, 4), floats(2, 4, 5)], equation="bij, bjk -> bik")
case("Einsum implicit", "Einsum", [floats(3, 4), floats(4, 2)], equation="ij,jk")
case("Einsum dots", "Einsum", [floats(2, 3, 4), floats(4)], equation="...i,i->...")

image, kernel = floats(2, 4, 7, 6), floats(6, 4, 3, 3)
case("Conv", "Conv", [image, kernel], weights=[1])
case("Conv padded", "Conv", [image, kernel, floats(6)], weights=[1, 2], pads=[1, 2, 0, 1], strides=[2, 1])
case("Conv dilated", "Conv", [image, floats(6, 4, 2, 3)], weights=[1], dilations=[3, 2], pads=[1, 1, 1, 1])
case("Conv in groups", "Conv", [image, floats(6, 2, 3, 3)], weights=[1], group=2)
case("Conv depthwise", "Conv", [image, floats(4, 1, 3, 3), floats(4)], weights=[1, 2], group=4, pads=[1, 1, 1, 1])
case("Conv same upper", "Conv", [image, floats(6, 4, 2, 4)], weights=[1], auto_pad="SAME_UPPER", strides=[2, 2])
case("Conv same lower", "Conv", [image, floats(6, 4, 2, 4)], weights=[1], auto_pad="SAME_LOWER")
case("Conv of a line", "Conv", [floats(2, 3, 9), floats(4, 3, 3), floats(4)], weights=[1, 2], pads=[2, 1], strides=[2])
case("ConvTranspose", "ConvTranspose", [floats(1, 3, 4, 3), floats(3, 2, 3, 3)], weights=[1])
case("ConvTranspose strided", "ConvTranspose", [floats(1, 3, 4, 3), floats(3, 2, 3, 3), floats(2)], weights=[1, 2],
     strides=[2, 3], pads=[1, 1, 1, 1], output_padding=[1, 1])
case("ConvTranspose lengthened", "ConvTranspose", [floats(1, 2, 3, 3), floats(2, 2, 3, 2)], weights=[1],
     strides=[2, 2], output_padding=[1, 0])
case("ConvTranspose in groups", "ConvTranspose", [floats(1, 4, 4, 3), floats(4, 3, 2, 2)], weights=[1], group=2,
     dilations=[2, 1])
case("ConvTranspose cut", "ConvTranspose", [floats(1, 2, 5, 5), floats(2, 2, 2, 2)], weights=[1], pads=[2, 1, 1, 2])
case("ConvTranspose of a line", "ConvTranspose", [floats(2, 3, 5), floats(3, 2, 4)], weights=[1], strides=[2], pads=[1, 1])

case("MaxPool", "MaxPool", [image], kernel_shape=[3, 2], strides=[2, 2])
case("MaxPool padded", "MaxPool", [image], kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2])
case("MaxPool rounded up", "MaxPool", [image], kernel_shape=[2, 4], strides=[2, 3], ceil_mode=1)
case("MaxPool of a line", "MaxPool", [floats(2, 3, 9)], kernel_shape=[3], strides=[2])
case("AveragePool", "AveragePool", [image], kernel_shape=[3, 2], strides=[2, 2])
case("AveragePool padded", "AveragePool", [image], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
case("AveragePool counting", "AveragePool", [image], kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
case("AveragePool rounded up", "AveragePool", [image], kernel_shape=[2, 4], strides=[2, 3], ceil_mode=1)
case("AveragePool rounded, padded", "AveragePool", [image], kernel_shape=[3, 4], strides=[3, 3], ceil_mode=1, pads=[1, 1, 0, 1])
case("GlobalAveragePool", "GlobalAveragePool", [image])
case("GlobalMaxPool", "GlobalMaxPool", [image])
case("GlobalAveragePool of a line", "GlobalAveragePool", [floats(2, 3, 5)])

scale = [floats(4, low=0.5), floats(4)]
case("BatchNormalization", "BatchNormalization", [image, *scale, floats(4), floats(4, low=0.5)], weights=[1, 2, 3, 4])
case("BatchNormalization of rows", "BatchNormalization", [floats(3, 4), *scale, floats(4), floats(4, low=0.5)],
     weights=[1, 2, 3, 4], epsilon=0.01)
case("InstanceNormalization", "InstanceNormalization", [image, *scale], weights=[1, 2])
case("GroupNormalization", "GroupNormalization", [image, *scale], weights=[1, 2], opset=21, num_groups=2)
case("LayerNormalization", "LayerNormalization", [floats(2, 3, 4), *scale], weights=[1, 2])
case("LayerNormalization of two axes", "LayerNormalization", [floats(2, 3, 4), floats(3, 4), floats(3, 4)], weights=[1, 2], axis=1)
case("LayerNormalization without shift", "LayerNormalization", [floats(2, 3, 4), scale[0]], weights=[1], epsilon=0.1)
case("RMSNormalization", "RMSNormalization", [floats(2, 3, 4), scale[0]], weights=[1], opset=23)
for kind in ["Softmax", "LogSoftmax"]:
    case(kind, kind, [floats(2, 3, 4)])
    case(f"{kind} of the middle", kind, [floats(2, 3, 4)], axis=1)
    case(f"{kind} old", kind, [floats(2, 3, 4)], opset=11, axis=1)
case("LpNormalization", "LpNormalization", [floats(2, 3)], axis=0)

x234 = floats(2, 3, 4)
for kind in ["Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "SumSquare", "LogSumExp"]:
    case(f"Reduce{kind}", f"Reduce{kind}", [x234, np.array([0, -1])], weights=[1], keepdims=0)
    case(f"Reduce{kind} of all", f"Reduce{kind}", [x234])
case("ReduceLogSum", "ReduceLogSum", [floats(2, 3, low=0.1), np.array([1])], weights=[1])
case("ReduceMean old", "ReduceMean", [x234], opset=17, axes=[1], keepdims=1)
case("ReduceSum of int", "ReduceSum", [wholes(2, 3), np.array([1])], weights=[1])
case("ReduceSum of none", "ReduceSum", [x234, np.array([], np.int64)], weights=[1], noop_with_empty_axes=1)
ties = np.array([[1, 3, 3, 2], [5, 0, 5, 1]], np.float32)
case("ArgMax", "ArgMax", [ties], axis=1)
case("ArgMax of the last", "ArgMax", [ties], axis=-1, select_last_index=1, keepdims=0)
case("ArgMin", "ArgMin", [ties], axis=0, keepdims=0)
case("TopK", "TopK", [ties, np.array([2])], outputs=2, weights=[1])
case("TopK of the smallest", "TopK", [ties, np.array([3])], outputs=2, weights=[1], largest=0)
case("TopK of the first axis", "TopK", [floats(4, 3), np.array([2])], outputs=2, weights=[1], axis=0)
case("CumSum", "CumSum", [x234, np.array(1)], weights=[1])
case("CumSum reversed", "CumSum", [x234, np.array(-1)], weights=[1], reverse=1, exclusive=1)

case("Reshape", "Reshape", [x234, np.array([0, -1, 2])], weights=[1])
case("Flatten", "Flatten", [x234], axis=2)
case("Flatten all", "Flatten", [x234], axis=0)
case("Transpose", "Transpose", [x234], perm=[2, 0, 1])
case("Transpose all", "Transpose", [x234])
case("Squeeze", "Squeeze", [floats(1, 3, 1), np.array([2])], weights=[1])
case("Squeeze all", "Squeeze", [floats(1, 3, 1)])
case("Squeeze old", "Squeeze", [floats(1, 3, 1)], opset=11, axes=[0])
case("Unsqueeze", "Unsqueeze", [floats(3), np.array([0, -1])], weights=[1])
case("Expand", "Expand", [floats(3, 1), np.array([2, 1, 4])], weights=[1])
case("Tile", "Tile", [floats(2, 3), np.array([2, 2])], weights=[1])
case("Shape", "Shape", [x234])
case("Shape of some", "Shape", [x234], start=-2, end=3)
case("Size", "Size", [x234])
case("DepthToSpace", "DepthToSpace", [floats(1, 8, 2, 3)], blocksize=2)
case("DepthToSpace by columns", "DepthToSpace", [floats(1, 8, 2, 3)], blocksize=2, mode="CRD")
case("SpaceToDepth", "SpaceToDepth", [floats(1, 2, 4, 6)], blocksize=2)

case("Concat", "Concat", [floats(2, 3), floats(2, 1)], axis=-1)
case("Split", "Split", [floats(7, 2)], outputs=3, num_outputs=3)
case("Split in sizes", "Split", [floats(2, 6), np.array([1, 2, 3])], outputs=3, weights=[1], axis=1)
case("Split old", "Split", [floats(4, 2)], outputs=2, opset=11, split=[1, 3])


def box(*lists):
    return [np.array(x) for x in lists]


case("Slice", "Slice", [floats(5, 6), *box([1, 0], [4, -1])], weights=[1, 2])
case("Slice in steps", "Slice", [floats(5, 6), *box([0], [6], [1], [2])], weights=[1, 2, 3, 4])
case("Slice backwards", "Slice", [floats(5, 6), *box([-1, 4], [-100, 0], [0, 1], [-2, -1])], weights=[1, 2, 3, 4])
case("Slice beyond", "Slice", [floats(5, 6), *box([2], [2**62], [0])], weights=[1, 2, 3])
case("Slice of nothing", "Slice", [floats(5, 6), *box([3], [2], [0])], weights=[1, 2, 3])
case("Slice old", "Slice", [floats(5, 6)], opset=9, starts=[1], ends=[3], axes=[1])
case("Pad", "Pad", [floats(2, 3), np.array([1, 0, 0, 2]), np.float32(0.5)], weights=[1, 2])
case("Pad reflect", "Pad", [floats(3, 4), np.array([2, 1, 0, 3])], weights=[1], mode="reflect")
case("Pad edge", "Pad", [floats(3, 4), np.array([2, 1, 0, 3])], weights=[1], mode="edge")
case("Pad negative", "Pad", [floats(3, 4), np.array([1, -1, -1, 0])], weights=[1])
case("Pad of some axes", "Pad", [floats(3, 4), np.array([1, 2]), None, np.array([1])], weights=[1, 3])

case("Gather", "Gather", [floats(4, 3), wholes(2, 2, high=4)])
case("Gather behind", "Gather", [floats(4, 3), np.array([-1, 0])], weights=[1], axis=1)
case("Gather of one", "Gather", [floats(4, 3), np.array(2)], weights=[1])
case("GatherElements", "GatherElements", [floats(3, 3), np.array([[1, 2, 0], [2, 0, -3]])], weights=[1])
case("GatherND", "GatherND", [floats(3, 4, 2), np.array([[1, -2], [0, 3]])], weights=[1])
case("ScatterElements", "ScatterElements", [floats(3, 3), np.array([[1, 0, 2], [0, 2, 1]]), floats(2, 3)], weights=[1])
case("ScatterElements adding", "ScatterElements", [floats(3, 3), np.array([[1, 1, 1]]), floats(1, 3)], weights=[1], axis=1,
     reduction="add")
case("ScatterND", "ScatterND", [floats(4, 2), np.array([[2], [0]]), floats(2, 2)], weights=[1])
case("ScatterND adding", "ScatterND", [floats(4, 2), np.array([[2, 1], [2, 1]]), floats(2)], weights=[1], reduction="add")
case("OneHot", "OneHot", [np.array([0, 2, -1]), np.array(4), np.array([-1, 5], np.float32)], weights=[1, 2])
case("OneHot in front", "OneHot", [wholes(2, 3, high=4), np.array(4), np.array([0, 1], np.float32)], weights=[1, 2], axis=0)
case("Trilu", "Trilu", [floats(2, 3, 4)])
case("Trilu lower", "Trilu", [floats(4, 4), np.array(-1)], weights=[1], upper=0)
case("ConstantOfShape", "ConstantOfShape", [np.array([2, 3])], value=helper.make_tensor("v", TensorProto.FLOAT, [1], [2.5]))
case("Range", "Range", [np.array(2), np.array(10), np.array(3)])
case("Range of floats", "Range", [np.array(v, np.float32) for v in (1, 0, -0.25)])

sequence, hidden = floats(5, 2, 3), 4
lengths = np.array([5, 3], np.int32)
for kind, gates in [("LSTM", 4), ("GRU", 3), ("RNN", 1)]:
    more = {"linear_before_reset": 1} if kind == "GRU" else {}
    outputs = 3 if kind == "LSTM" else 2
    for direction, count in [("forward", 1), ("reverse", 1), ("bidirectional", 2)]:
        weights = [floats(count, gates * hidden, 3, low=-0.7, high=0.7), floats(count, gates * hidden, hidden, low=-0.7, high=0.7),
                   floats(count, 2 * gates * hidden, low=-0.5, high=0.5)]
        states = [floats(count, 2, hidden) for _ in range(outputs - 1)]
        case(f"{kind} {direction}", kind, [sequence, *weights], outputs=outputs, weights=[1, 2, 3], hidden_size=hidden,
             direction=direction, **more)
        case(f"{kind} {direction} from states", kind, [sequence, *weights, lengths, *states], outputs=outputs,
             weights=[1, 2, 3], hidden_size=hidden, direction=direction, **more)
case("RNN with Relu", "RNN", [sequence, floats(1, 4, 3), floats(1, 4, 4, low=-0.5, high=0.5)], outputs=2, weights=[1, 2],
     hidden_size=4, activations=["Relu"])


def convolutions():
    """Layouts in a chain: convolutions with a residual sum, joins, reductions, softmax over channels and padding."""
    weights = {"w1": floats(4, 3, 3, 3), "b1": floats(4), "w2": floats(4, 4, 1, 1), "s": floats(4, 1, 1),
               "m": floats(4), "v": floats(4, low=0.5), "axes": np.array([2, 3]), "pads": np.array([0, 0, 1, 0, 0, 0, 0, 1]),
               "starts": np.array([1, 0]), "ends": np.array([3, 5]), "sliced": np.array([1, 3])}
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["a"], pads=[1, 1, 1, 1]), node("Relu", ["a"], ["b"]),
        node("Conv", ["b", "w2"], ["c"]), node("Add", ["c", "a"], ["d"]), node("Mul", ["d", "s"], ["e"]),
        node("BatchNormalization", ["e", "m", "b1", "m", "v"], ["f"]), node("Concat", ["f", "a"], ["g"], axis=1),
        node("Pad", ["g", "pads"], ["h"]), node("Slice", ["h", "starts", "ends", "sliced"], ["i"]),
        node("Softmax", ["i"], ["j"], axis=1), node("ReduceMean", ["j", "axes"], ["k"], keepdims=0),
        node("ReduceMax", ["g", "axes"], ["l"], keepdims=1), node("Transpose", ["d"], ["n"], perm=[0, 2, 3, 1]),
        node("Split", ["e"], ["o", "p"], axis=1, num_outputs=2), node("Flatten", ["o"], ["q"])]
    x = floats(2, 3, 5, 5)
    graph = helper.make_graph(
        nodes, "graph", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 5, 5])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ["k", "l", "n", "q", "h", "p"]],
        [numpy_helper.from_array(value, name) for name, value in weights.items()])
    finish("a chain of convolutions", graph, [x], 20)


convolutions()


def resized(name, x, *, opset=20, scales=None, sizes=None, empty=False, **attributes):
    """Resize with the inputs that older and newer files have."""
    nothing = np.array([], np.float32) if empty else None
    scales = nothing if scales is None else np.array(scales, np.float32)
    inputs = [x, nothing, scales] + ([] if sizes is None else [np.array(sizes)])
    case(f"Resize {name}", "Resize", inputs, weights=[i for i in (1, 2, 3) if i < len(inputs) and inputs[i] is not None],
         opset=opset, **attributes)


line, plane, block = floats(1, 2, 7), floats(1, 2, 5, 4), floats(1, 1, 3, 4, 5)
for alignment in ["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "half_pixel_symmetric"]:
    # The middle of three places of five is just a place then, and rounding errors decide which side of it counts.
    less = 0.9 if alignment == "half_pixel_symmetric" else 0.6
    for rounding in ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]:
        for up, scales in [("up", [1, 1, 2, 1.5]), ("down", [1, 1, less, 0.5])]:
            resized(f"nearest {alignment} {rounding} {up}", plane, scales=scales, mode="nearest", nearest_mode=rounding,
                    coordinate_transformation_mode=alignment)
    for mode in ["linear", "cubic"]:
        resized(f"{mode} {alignment} up", plane, scales=[1, 1, 2, 1.7], mode=mode, coordinate_transformation_mode=alignment)
        resized(f"{mode} {alignment} down", plane, sizes=[1, 2, 3, 1], mode=mode, coordinate_transformation_mode=alignment)
    for mode in ["nearest", "linear"]:
        resized(f"{mode} {alignment} of a line", line, sizes=[1, 2, 11], mode=mode, coordinate_transformation_mode=alignment)
        resized(f"{mode} {alignment} of a block", block, scales=[1, 1, 2, 0.5, 1.3], mode=mode,
                coordinate_transformation_mode=alignment)
resized("tf_half_pixel_for_nn", plane, opset=11, sizes=[1, 2, 8, 3], empty=True, nearest_mode="floor",
        coordinate_transformation_mode="tf_half_pixel_for_nn")
resized("of some axes", plane, sizes=[9, 6], mode="linear", axes=[3, 2])
resized("of one axis by a scale", plane, scales=[2.5], axes=[-1])
resized("of batch and channels", plane, scales=[2, 2, 1, 0.5])
resized("linear of a matrix", floats(4, 3), sizes=[7, 2], mode="linear")
resized("cubic with another slope", plane, sizes=[1, 2, 8, 9], mode="cubic", cubic_coeff_a=-0.5)
resized("cubic without the outside", plane, sizes=[1, 2, 8, 9], mode="cubic", exclude_outside=1)
resized("to nothing", plane, scales=[1, 1, 0.1, 1])
resized("of whole numbers", wholes(1, 2, 3, 4, type=np.int32), sizes=[1, 2, 6, 2])
resized("of version 11", plane, opset=11, scales=[1, 1, 2, 3], empty=True, mode="linear")
resized("of version 13", plane, opset=13, sizes=[1, 2, 8, 3], mode="linear", coordinate_transformation_mode="align_corners")
for mode in ["nearest", "linear"]:
    case(f"Resize of version 10 {mode}", "Resize", [plane, np.array([1, 1, 0.6, 2.5], np.float32)], weights=[1], opset=10, mode=mode)
    case(f"Upsample {mode}", "Upsample", [plane, np.array([1, 1, 2, 1.5], np.float32)], weights=[1], opset=9, mode=mode)
    case(f"Upsample of version 7 {mode}", "Upsample", [plane], opset=7, mode=mode, scales=[1.0, 1.0, 2.0, 3.0])


def images():
    """Channels stay last from a convolution over two resized images to the next one."""
    weights = {"w1": floats(4, 3, 3, 3), "w2": floats(2, 4, 3, 3), "half": np.array([1, 1, 0.5, 0.5], np.float32),
               "sizes": np.array([2, 4, 6, 7])}
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1"], ["a"], pads=[1, 1, 1, 1]), node("Resize", ["a", "", "half"], ["b"]),
        node("Resize", ["b", "", "", "sizes"], ["c"], mode="linear"), node("Relu", ["c"], ["d"]),
        node("Conv", ["d", "w2"], ["e"])]
    x = floats(2, 3, 6, 7)
    graph = helper.make_graph(
        nodes, "graph", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 6, 7])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ["b", "d", "e"]],
        [numpy_helper.from_array(value, name) for name, value in weights.items()])
    finish("a chain of resized images", graph, [x], 20)


images()
json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))
print(f"{len(cases)} cases", file=sys.stderr)
