import Basics
import Tables

/// Prices and choices: orange juice by week and store, places that people go to.
public enum MarketSets {
  /// Orange juice at Dominick's: `weeks` (store, brand and week), `stores`, and `three brands`, the version for teaching.
  public static let orangeJuice = DataSet(
    orangeJuiceCard,
    tables: [
      TableFile(file: "orangejuice_yx.csv.gz", name: "weeks"),
      TableFile(file: "orangejuice_storedemo.csv.gz", name: "stores"),
      TableFile(file: "oj_3brands.csv.gz", name: "three brands"),
    ])

  /// Places that users of Gowalla went to: `train` and `test` with `user` and `item`.
  public static let gowalla = DataSet(
    gowallaCard,
    tables: ["train", "test"].map {
      TableFile(
        file: "gowalla.\($0).inter.gz", name: $0, options: ReadOptions(hasHeader: true, delimiter: "\t"),
        columns: ["user", "item"])
    })

  private static let orangeJuiceCard = DataSetCard(
    name: "dominicks-oj", title: "orange juice in 83 stores of Dominick's over 121 weeks, with prices",
    problem: .pricing, publisher: "https://github.com/TaddyLab/BDS",
    licence: "Kilts Center: academic use with acknowledgement; the package bayesm is GPL >= 2",
    citation: "A. L. Montgomery, Creating Micro-Marketing Pricing Strategies Using Supermarket Scanner Data, Marketing "
      + "Science 16(4), 1997; James M. Kilts Center, University of Chicago Booth School of Business",
    files: [
      DataFile(
        "oj_3brands.csv.gz", bytes: 155_299,
        sha256: "f73938536548b87796044e749f7d7a06c277ac1d0fe5daa6d35cfe4eb38315fe",
        plain: .init(bytes: 999_738, sha256: "d56ca64f98c48e6a59de610caf70f58bd3ef18c64b49189fdb2649fbeeeb4de3")),
      DataFile(
        "orangejuice_storedemo.csv.gz", bytes: 7_897,
        sha256: "6aacb0d8f455416ab9e086d622490b89382e7b93a201c7b58fb3157a14dda68c",
        plain: .init(bytes: 16_166, sha256: "e4b96311595373ca8e4aaa3d241a0a985eade808cc70ac30dce259fcd5a5f33a")),
      DataFile(
        "orangejuice_yx.csv.gz", bytes: 1_765_319,
        sha256: "2076b63bd14f60781611baf7f88c646e670826ec36aed3f8393562f704f1a87c",
        plain: .init(bytes: 17_082_280, sha256: "28bee8397df4cf3c00ec2bec03c9a8dd4ec633ebeddcedeec213756d4af6f0b1")),
    ],
    shape: "106,139 rows x 19 columns; 83 x 12; 28,947 x 4",
    target: "logmove (the logarithm of the units sold), or sales",
    split: "by time, such as weeks up to 136 to train", metric: "RMSE and R2 of logmove; elasticities; profit",
    results: [
      PublishedResult(
        "log(sales) on log(price) and brand", [.init("elasticity", -3.1), .init("R2", 0.394)],
        source: "M. Taddy, Business Data Science, examples/oj.R; three brands")
    ],
    notes: ["the first two files were exported from a package's data frames, values unchanged"])

  private static let gowallaCard = DataSetCard(
    name: "gowalla", title: "places that users of Gowalla went to (10-core)", problem: .recommendation,
    publisher: "https://github.com/Joinn99/FPSR", licence: "repository MIT; none explicit for the data: cite the paper",
    citation:
      "E. Cho, S. A. Myers, J. Leskovec, Friendship and Mobility, KDD 2011; split by X. Wang et al., Neural Graph "
      + "Collaborative Filtering, SIGIR 2019",
    files: [
      DataFile(
        "gowalla.test.inter.gz", bytes: 818_807,
        sha256: "08413bed0f91284f7e4f50fa8b00f19856f19ab3af033d71b2c8ea274c78ced0",
        plain: .init(bytes: 2_392_650, sha256: "d5be6f74083c90a6cdc8937717b3570895bd043dbcc78329616872a03e757acc")),
      DataFile(
        "gowalla.train.inter.gz", bytes: 2_743_378,
        sha256: "f6dd4bbe6a3ab6aaf21ecd7fc2d9dcf2552677deb32fc703002f4306486f1da4",
        plain: .init(bytes: 8_886_791, sha256: "b240c4b11437bb7a6605ceeaf04b73cc9fb1f65e76efb08b291572c77ce2c80a")),
    ],
    shape: "29,858 users x 40,981 places, 810,128 + 217,242 pairs", target: "places in the test part", split: "given",
    metric: "Recall@20 and NDCG@20 over all places that are not in the user's training part",
    results: PublishedResult.table(
      ["Recall@20", "NDCG@20"], source: "leaderboard gowalla_m1 of reczoo/BARS",
      [
        "ItemCF": [0.1570, 0.1214], "MF-BPR": [0.1627, 0.1378], "SLIM": [0.1699, 0.1382], "EASE": [0.1765, 0.1467],
        "MultVAE": [0.1641, 0.1335], "NeuMF": [0.1399, 0.1212], "NGCF": [0.1570, 0.1327],
        "LightGCN": [0.1820, 0.1547], "GF-CF": [0.1849, 0.1518], "UltraGCN": [0.1862, 0.1580],
        "SimpleX": [0.1872, 0.1557], "MF-CCL": [0.1837, 0.1493], "Item2Vec": [0.1326, 0.1057],
      ]))
}
