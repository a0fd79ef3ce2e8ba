import Basics
import Tables

/// MoleculeNet: seven tables of molecules, written as SMILES, with measured properties.
public enum Molecules {
  /// The set: per property a table of its name, and its `splits` and, but for SIDER, `scaffold splits`.
  public static let dataSet = DataSet(
    card,
    tables: names.flatMap { name -> [TableFile] in
      var files = [
        TableFile(
          file: "\(name).csv.gz", name: name, options: ReadOptions(kinds: ["smiles": .text], missingMarkers: [""])),
        TableFile(file: "\(name)-splits.csv.gz", name: "\(name) splits"),
      ]
      if name != "sider" {
        files.append(TableFile(file: "\(name)-kpgt-scaffold-splits.csv.gz", name: "\(name) scaffold splits"))
      }
      return files
    })

  private static let names = ["esol", "freesolv", "lipophilicity", "bbbp", "tox21", "clintox", "sider"]

  private static let card = DataSetCard(
    name: "moleculenet", title: "molecules with seven measured properties (MoleculeNet)", problem: .drugs,
    publisher: "https://github.com/shenwanxiang/ChemBench",
    licence: "MIT (repository); none stated for the scaffold splits",
    citation: "Z. Wu et al., MoleculeNet: a benchmark for molecular machine learning, Chemical Science 9, 2018",
    files: [
      DataFile(
        "bbbp-kpgt-scaffold-splits.csv.gz", bytes: 6_184,
        sha256: "aedd0d2328b6320c68b616b66a2827fab895d3c8b17d40e271f8db3dc8f30043",
        plain: .init(bytes: 45_206, sha256: "4a4e46df3851b715295211cf85825e87a2ef2265361edd6c097e90423352ea04")),
      DataFile(
        "bbbp-splits.csv.gz", bytes: 5_359,
        sha256: "fd9ccf976984f93d78d3f0ac5ae33314af7463b48ba946eb581ce36a75a9167b",
        plain: .init(bytes: 45_215, sha256: "9d30a205f1c1282739d1408b7e26cb15a37d47354ebce62d117c22e8f2ca6e9c")),
      DataFile(
        "bbbp.csv.gz", bytes: 31_338,
        sha256: "906bb1c71c262fbe2eb89f18f72ce4740c6e2599d131fc4323d7a68408f91640",
        plain: .init(bytes: 120_356, sha256: "938400566ed639372e42c07809408e05e167e83d5abd21f1998dbe65fb676b4e")),
      DataFile(
        "clintox-kpgt-scaffold-splits.csv.gz", bytes: 4_370,
        sha256: "582636b7b0ceaa9e391285cb68e5b1dc529cf0a45bbccca77849d270b5a13a24",
        plain: .init(bytes: 32_471, sha256: "19972e49d8d48305d88bba893c68d59f44bee5a9047ecac5bbcce5cb5e717823")),
      DataFile(
        "clintox-splits.csv.gz", bytes: 4_438,
        sha256: "f04f8fcb7e639cd11c538acf603ed5675ef1d916914ac78c3dbeb4aa8fa40477",
        plain: .init(bytes: 32_474, sha256: "a414bca4bf53fb27c64a03d72498b3635822c0015ad79bd94a5b02a480190237")),
      DataFile(
        "clintox.csv.gz", bytes: 22_921,
        sha256: "1177594ee9d96427e22ce37e2b36f6940b3cf7ca3a795f8be313f555e1fb315d",
        plain: .init(bytes: 101_115, sha256: "62ef3de4d8512bc59d155b1e392d5b14142f3086800698f14c1808b982b01656")),
      DataFile(
        "esol-kpgt-scaffold-splits.csv.gz", bytes: 3_351,
        sha256: "657d1a2dca1b1d7604485614b3e88680955b04ab0568be7727d57bab8f2c5560",
        plain: .init(bytes: 24_526, sha256: "8ff41516b46f4c9c3ff8367f69d3b9de834520253ffaf64cc341c06b4e477dd3")),
      DataFile(
        "esol-splits.csv.gz", bytes: 3_365,
        sha256: "0cf0532f6f44d80425b589b88d8167309a3e24c1047a3a22da75e2f572eb004c",
        plain: .init(bytes: 24_529, sha256: "1ad09089bf868fcb4674816fb12e720ecaff95f73c36173b3d481cf74a8d6ccb")),
      DataFile(
        "esol.csv.gz", bytes: 10_204,
        sha256: "9a3fd86b77203e80df779d149c8b1405e848f1d14989f0df605920b78e563a49",
        plain: .init(bytes: 33_823, sha256: "47102194cc8d6144488d5abdf285c4fb1a55b9c8789a7154c24735c4a7bcbd79")),
      DataFile(
        "freesolv-kpgt-scaffold-splits.csv.gz", bytes: 1_860,
        sha256: "d371ad95a8975e408c723a2974c2f36fd72ead645c7738846bf447f0f82831a5",
        plain: .init(bytes: 13_853, sha256: "4738d3011a2963e2a008e479b39d265bf551ae89433e274239e5c7eee98d2038")),
      DataFile(
        "freesolv-splits.csv.gz", bytes: 1_904,
        sha256: "b1d3d7da448702925aba0bfd3c4f61eb11956ae3352b7fc91726f306e7a2ca2e",
        plain: .init(bytes: 13_853, sha256: "b9f77a2029d76ed7c2d04660134e8be95b186a0ed181366259f84677d80a719c")),
      DataFile(
        "freesolv.csv.gz", bytes: 4_393,
        sha256: "263390c77f16446c6bced932d908807c0edcda31a4589fbcb586456d7774e9de",
        plain: .init(bytes: 14_215, sha256: "dc2846c7ab9faf0ed44294dc09413908f1fc638ff2a990d89a2ea4a10fd84a6e")),
      DataFile(
        "lipophilicity-kpgt-scaffold-splits.csv.gz", bytes: 12_821,
        sha256: "6c9b966e1461ae4689843861777e3870e499002a6c5b0207360b7b911f141d43",
        plain: .init(bytes: 94_264, sha256: "86ab55a4c090d94c1564c096c6f01b145fb98b4e2ab25875937499ef9ae49507")),
      DataFile(
        "lipophilicity-splits.csv.gz", bytes: 12_829,
        sha256: "96e43aedfe34f6efa250c58d5ce03c9726b8a35875a984c80755a3a4977fb047",
        plain: .init(bytes: 94_264, sha256: "93aa09dcd3abef82fc4e7893f04fad7dd449272327856f5cc2170b2130d1cf4b")),
      DataFile(
        "lipophilicity.csv.gz", bytes: 56_100,
        sha256: "be45547393841967eecea772e3fe4c431d929e2e284f8b829da96e1d2e77cb7b",
        plain: .init(bytes: 223_577, sha256: "43cccad4d57bb12bae6a4bb74914511920d845162c96425fa754889b37fba06d")),
      DataFile(
        "sider-splits.csv.gz", bytes: 4_284,
        sha256: "d351b9b2c968c09f873464fcd91a2f7e3b410cd646ab77e0ae345d99cd8e1023",
        plain: .init(bytes: 31_316, sha256: "346fa1579d8e961658e93b85b1a79760d2683b2944b20088c216bd7048ef94b1")),
      DataFile(
        "sider.csv.gz", bytes: 32_221,
        sha256: "ebf65c641eaaaf1702e39faaadde886bfc8c5245fa34c4a55087327dabddead7",
        plain: .init(bytes: 183_743, sha256: "71efc6ac4ca82d6545bc512509863281be0f17234afd7adaf71a71899988302e")),
      DataFile(
        "tox21-kpgt-scaffold-splits.csv.gz", bytes: 24_077,
        sha256: "6bcac9d7cb8c2ff420f62e09b9b553a0f124009c12d9d83c27b1c09d19ece5f9",
        plain: .init(bytes: 176_685, sha256: "2f120b015fe271621973b3970080c0055c35c8a669a56b0e96c352cf42970046")),
      DataFile(
        "tox21-splits.csv.gz", bytes: 24_047,
        sha256: "c37a06d4316c3abb95b9402ad4e49c13631ec75445c4f690766a2e27a7b1dc5f",
        plain: .init(bytes: 176_685, sha256: "5947554d5916a52736deba1d5a210e0c24550949e6bd7622074f8c48e0e69756")),
      DataFile(
        "tox21.csv.gz", bytes: 99_213,
        sha256: "742bf6883ec7b859ed5cdaa05972bc37274de5bce423f363016c67791f1a12c3",
        plain: .init(bytes: 614_527, sha256: "a2616a38a4ed0cb0fd88b0d91e7d47542802969777812ac97ef3fcaee5dc02bc")),
    ],
    shape: "642 to 7,831 molecules",
    target: "esol: measured log solubility in mols per litre; freesolv: expt; lipophilicity: "
      + "exp; bbbp: p_np; tox21: 12 assays; clintox: FDA_APPROVED, CT_TOX; sider: 27 classes",
    split: "row numbers from 0 with train, valid, test for three seeds: random (bbbp by scaffold), and by scaffold",
    metric: "RMSE of numbers, mean AUC of classes; the mean over the three columns",
    results: PublishedResult.table(
      ["ESOL RMSE", "FreeSolv RMSE", "Lipophilicity RMSE", "BBBP AUC", "Tox21 AUC", "SIDER AUC", "ClinTox AUC"],
      source: "README of Chemprop 1, MoleculeNet's splits",
      [
        "MoleculeNet's best": [0.58, 1.15, 0.655, 0.729, 0.829, 0.648, 0.832],
        "Chemprop D-MPNN": [0.555, 1.075, 0.555, 0.737, 0.851, 0.676, 0.864],
      ]),
    notes: ["a blank of tox21 was not measured", "some SMILES of ESOL end in a blank"])
}
