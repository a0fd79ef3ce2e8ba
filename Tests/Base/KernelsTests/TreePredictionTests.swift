import Basics
import CKernels
import Checks
import XCTest

/// Trees over 64 rows at once, and over one row, against a plain walk down.
final class TreePredictionTests: XCTestCase {
  private typealias BinSet = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

  /// Random trees laid out as the kernels want them.
  private struct Trees {
    var trees: [assay_tree] = []
    var nodes: [assay_node] = []
    var sets: [UInt32] = []
    var values: [Double] = []

    /// Adds a tree that splits random leaves until it has `nodeCount` nodes.
    mutating func add(nodeCount: Int, features: Int, width: Int, output: Int, _ stream: inout RandomStream) {
      var tree = assay_tree()
      tree.firstNode = Int64(nodes.count)
      tree.firstValue = Int64(values.count)
      tree.nodeCount = Int32(nodeCount)
      tree.output = Int32(output)
      tree.width = Int32(width)
      trees.append(tree)
      var own: [assay_node] = []
      // The places where a node is still missing: a parent and its side.
      var open: [(parent: Int, isLeft: Bool)] = [(-1, true)]
      for number in 0..<nodeCount {
        let place = open.remove(at: stream.integer(below: open.count))
        if place.parent >= 0 { set(&own[place.parent], place.isLeft, Int32(number)) }
        var node = assay_node()
        node.feature = Int32(stream.integer(below: features))
        node.cut = UInt8(1 + stream.integer(below: 254))
        node.missingLeft = stream.uniform() < 0.5 ? 1 : 0
        node.set = -1
        if stream.uniform() < 0.3 {
          node.set = Int32(sets.count / 8)
          for _ in 0..<8 { sets.append(UInt32(truncatingIfNeeded: stream.integer(below: 1 << 32))) }
        }
        own.append(node)
        open += [(number, true), (number, false)]
      }
      for (leaf, place) in open.enumerated() where place.parent >= 0 {
        set(&own[place.parent], place.isLeft, Int32(nodeCount + leaf))
      }
      nodes += own
      values += (0..<(nodeCount + 1) * width).map { _ in stream.normal() }
    }

    private func set(_ node: inout assay_node, _ isLeft: Bool, _ slot: Int32) {
      if isLeft { node.left = slot } else { node.right = slot }
    }

    func withSets(_ body: (UnsafePointer<BinSet>?) -> Void) {
      sets.withUnsafeBufferPointer { $0.withMemoryRebound(to: BinSet.self) { body($0.baseAddress) } }
    }

    /// What the trees add to the outputs of one row.
    func walk(_ bins: [UInt8], outputs: Int) -> [Double] {
      var margins = [Double](repeating: 0, count: outputs)
      for tree in trees {
        var slot = 0
        while slot < Int(tree.nodeCount) {
          let node = nodes[Int(tree.firstNode) + slot]
          let bin = bins[Int(node.feature)]
          let goesLeft =
            node.set >= 0
            ? sets[Int(node.set) * 8 + Int(bin) / 32] >> (UInt32(bin) % 32) & 1 == 1
            : bin == 0 ? node.missingLeft == 1 : bin <= node.cut
          slot = Int(goesLeft ? node.left : node.right)
        }
        for k in 0..<Int(tree.width) {
          let leaf = slot - Int(tree.nodeCount)
          margins[Int(tree.output) + k] += values[Int(tree.firstValue) + leaf * Int(tree.width) + k]
        }
      }
      return margins
    }
  }

  func testBlocksAndRowsAgreeWithAWalk() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["trees"].stream()
      for (largest, width) in [(1, 1), (20, 1), (300, 1), (700, 1), (90, 3)] {
        let (features, outputs) = (1 + stream.integer(below: 9), 3)
        var trees = Trees()
        for number in 0..<21 {
          let nodeCount = number == 0 ? largest : stream.integer(below: largest + 1)
          trees.add(
            nodeCount: nodeCount, features: features, width: width, output: width == 1 ? number % 3 : 0, &stream)
        }
        // A quarter is missing.
        let stride = 64
        let block = (0..<features * stride).map { _ in
          stream.uniform() < 0.25 ? 0 : UInt8(1 + stream.integer(below: 255))
        }
        var margins = [Double](repeating: 0, count: 64 * outputs)
        var scratch = [UInt64](repeating: 0, count: 2 * largest + 1)
        trees.withSets {
          assay_add_trees(
            trees.trees, trees.trees.count, trees.nodes, $0, trees.values, block, stride, &margins, &scratch)
        }
        for row in 0..<64 {
          let bins = (0..<features).map { block[$0 * stride + row] }
          let expected = trees.walk(bins, outputs: outputs)
          XCTAssertEqual((0..<outputs).map { margins[$0 * 64 + row] }, expected, "seed \(seed), row \(row)")
          var single = [Double](repeating: 0, count: 64 * outputs)
          trees.withSets {
            assay_add_trees_to_row(
              trees.trees, trees.trees.count, trees.nodes, $0, trees.values, bins + [0, 0, 0], &single)
          }
          XCTAssertEqual((0..<outputs).map { single[$0 * 64] }, expected, "seed \(seed), row \(row)")
        }
      }
    }
  }
}
