import Basics
import Tables

/// Molecules that bind to proteins, and papers that cite each other.
public enum ScienceSets {
  /// Affinities of kinase inhibitors: `affinities` (drug, protein, affinity, fold), `drugs`, `targets`.
  public static let davis = DataSet(
    davisCard,
    tables: [
      TableFile(
        file: "affinity.csv.gz", name: "affinities",
        options: ReadOptions(kinds: ["affinity": .float, "fold": .category])),
      TableFile(file: "drugs.csv.gz", name: "drugs", options: ReadOptions(kinds: ["smiles_canonical": .text])),
      TableFile(file: "targets.csv.gz", name: "targets", options: ReadOptions(kinds: ["sequence": .text])),
    ])

  /// Papers with words and topics: `nodes` (node, label, split, words) and `edges` (u, v).
  public static let cora = DataSet(
    coraCard,
    tables: [
      TableFile(
        file: "nodes.csv.gz", name: "nodes", options: ReadOptions(kinds: ["words": .text, "split": .category])),
      TableFile(file: "edges.csv.gz", name: "edges"),
    ])

  private static let davisCard = DataSetCard(
    name: "davis-dta", title: "binding of 68 kinase inhibitors to 442 kinases (Davis)", problem: .drugs,
    publisher: "https://github.com/hkmztrk/DeepDTA", licence: "none stated; the open supplement of Davis et al.",
    citation:
      "M. I. Davis et al., Comprehensive analysis of kinase inhibitor selectivity, Nature Biotechnology 29, 2011",
    files: [
      DataFile(
        "affinity.csv.gz", bytes: 105_777,
        sha256: "418a61bd981da1cda00371dfaf8e3700bec9b12f6655911a9602992aa24bed07",
        plain: .init(bytes: 496_365, sha256: "ac71731e98a0109a8563c365a605d8d87810e2d8595fb6de3ae7258a37c131e7")),
      DataFile(
        "drugs.csv.gz", bytes: 2_308,
        sha256: "f748b29e6440b9c0f7f8a2aa12aca914d44e6b2d4b94fda2e94955cd92dcfac1",
        plain: .init(bytes: 9_610, sha256: "aef5822c50b6563de57a1d719c29d750b794a46aeeb4d772489017f8d726a2d7")),
      DataFile(
        "targets.csv.gz", bytes: 157_318,
        sha256: "e10641488c21267720e7f109196b077b74087a26b1944688447e0ee355de6c20",
        plain: .init(bytes: 354_235, sha256: "a86860b4180ff54aaf4767c98b41966d7bfffbb8b9945480242b774095d9ec45")),
    ],
    shape: "30,056 pairs", target: "pKd = 9 - log10(affinity in nM)",
    split: "fold: test (5,010 pairs), and 0 to 4 to train and validate",
    metric: "concordance index (higher), mean squared error of pKd (lower)",
    results: PublishedResult.table(
      ["CI", "MSE"], source: "comparison tables of later papers",
      [
        "KronRLS": [0.871, 0.379], "SimBoost": [0.872, 0.282], "DeepDTA": [0.878, 0.261], "WideDTA": [0.886, 0.262],
        "GraphDTA": [0.893, 0.229],
      ]), notes: ["an affinity of 10,000 nM means that no binding was seen: about 70 % of the pairs"])

  private static let coraCard = DataSetCard(
    name: "cora-citation", title: "papers that cite each other, seven topics (Cora, Planetoid split)", problem: .graphs,
    publisher: "https://github.com/kimiyoung/planetoid", licence: "MIT (repository)",
    citation: "P. Sen et al., Collective Classification in Network Data, AI Magazine 29(3), 2008",
    files: [
      DataFile(
        "edges.csv.gz", bytes: 18_132,
        sha256: "84a49575c94a20549576f6cd3fa3184341324d5d87f2ae21a6a0e77063cabfde",
        plain: .init(bytes: 48_440, sha256: "69a173f2ac604f48d31bae25d1e816faaa7f5d1c174270259c71e46f9a09d4aa")),
      DataFile(
        "nodes.csv.gz", bytes: 82_118,
        sha256: "452e1d81134bbe9306e0390ac1d2573733c39dbea8a07d845ecc00b16788f4fc",
        plain: .init(bytes: 244_563, sha256: "9c5beea733eada8a65aafb39bb06ee3b49c0d9614b036609eaf5bbb050e52284")),
    ],
    shape: "2,708 papers, 5,278 links, 1,433 words", target: "label, 0 to 6",
    split: "given: train 140, valid 500, test 1,000, none 1,068", metric: "accuracy on test, mean of several starts",
    results: PublishedResult.table(
      ["accuracy"], source: "comparison tables of later papers, this split",
      [
        "MLP without the graph": [0.551], "DeepWalk": [0.672], "label propagation": [0.680], "Planetoid": [0.757],
        "Chebyshev": [0.812], "GCN": [0.815], "GAT": [0.830],
      ]))
}
