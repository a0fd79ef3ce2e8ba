import Basics
import Tables

/// Offers of a fashion shop with clicks, from a comparison of two policies.
public enum OpenBandit {
  /// The set: per policy (`random`, `bts`) and campaign (`men`, `women`) a log of 10,000 impressions, and its `items`.
  public static let dataSet = DataSet(
    card,
    tables: ["random", "bts"].flatMap { policy -> [TableFile] in
      ["men", "women"].flatMap { campaign -> [TableFile] in
        [
          TableFile(
            file: "\(policy)_\(campaign).csv.gz", name: "\(policy) \(campaign)",
            options: ReadOptions(kinds: ["timestamp": .dateTime])),
          TableFile(file: "item_context_\(policy)_\(campaign).csv.gz", name: "\(policy) \(campaign) items"),
        ]
      }
    })

  private static let card = DataSetCard(
    name: "open-bandit-small", title: "offers of a fashion shop with clicks and propensities (Open Bandit, small)",
    problem: .pricing, publisher: "https://github.com/st-tech/zr-obp",
    licence: "repository Apache-2.0; the data CC BY 4.0 as the publisher's page is understood",
    citation: "Y. Saito, S. Aihara, M. Matsutani, Y. Narita, Open Bandit Dataset and Pipeline, NeurIPS 2021, arXiv "
      + "2008.07146",
    files: [
      DataFile(
        "bts_men.csv.gz", bytes: 198_588,
        sha256: "ab0d55dcd50a99ba519854042ef01b5ac94c6747f417b7b3b66f0387c4fe6bda",
        plain: .init(bytes: 3_240_432, sha256: "db6d1f7ed2d591ba521533e45286d4c1fba7fe57a8ad2e80342210335f43c527")),
      DataFile(
        "bts_women.csv.gz", bytes: 202_193,
        sha256: "f321401df0010f73f0d16a30f93d3d2a2fae4d8eeb0dff1f9ba8b5f53749a934",
        plain: .init(bytes: 3_722_697, sha256: "e5d1b49a39b608585a2f3014a3f54970430cd37a495c1b73fceb85cdf428a5b8")),
      DataFile(
        "item_context_bts_men.csv.gz", bytes: 1_087,
        sha256: "f9f128f208414db84532e8fabd7c5a5f637045e70a320a81d69e601121aab716",
        plain: .init(bytes: 4_287, sha256: "3b411ed6b0471316321a6b93f4f756bb25888eac6218cd71d0b603d41d85732d")),
      DataFile(
        "item_context_bts_women.csv.gz", bytes: 1_309,
        sha256: "9b04d3521f33c0696d57d548b9830d11eca30366238453b893012cd0c9a7e455",
        plain: .init(bytes: 5_792, sha256: "a56295bad066a558eb783055afd9279f5f4e209a4776eafc22151c53f0ac89d4")),
      DataFile(
        "item_context_random_men.csv.gz", bytes: 1_093,
        sha256: "bc3e47df6114e49e4d83ad034667de1f4e0001057c6fe48d12f8de38e2630582",
        plain: .init(bytes: 4_287, sha256: "6d855c2b7e917d0448d71bbe62c023147495882c0fdc8c41e86fef86abf9fe09")),
      DataFile(
        "item_context_random_women.csv.gz", bytes: 1_309,
        sha256: "12cb75ebada9c3e27819667649a12e63f12f49592fbda0e55df0160054fee10a",
        plain: .init(bytes: 5_792, sha256: "b1ca4905f97703d196004f2ad4552c1e90c2afad8b50688d333b0d2dc0b33147")),
      DataFile(
        "random_men.csv.gz", bytes: 169_305,
        sha256: "d466c14a04489f126b17f1daad32c2cc7b803f20855bb028a3ab966ba27cb73d",
        plain: .init(bytes: 3_336_811, sha256: "ede6d08c6877f99cd3770f7d09e26c738e6aa6de4445ccccfb1356ba5d06b1eb")),
      DataFile(
        "random_women.csv.gz", bytes: 170_853,
        sha256: "4882686e1723d1c81ff3422fe16085ce401bbee37e2fa487c36807e64dc0171b",
        plain: .init(bytes: 3_817_771, sha256: "e65f3bd3beb17664fa69cc129bf7bf852a775f8ffa630506e505fc905315bb34")),
    ],
    shape: "four logs of 10,000 rows, 34 or 46 items",
    target: "click (0 or 1), given item, position and propensity_score",
    split: "by policy: the click rate of one from the log of the other", metric: "relative error of the click rate",
    results: PublishedResult.table(
      ["relative error"], source: "README of st-tech/zr-obp, small campaign all, BTS from random's log",
      [
        "DM": [0.157], "IPW": [0.311], "SNIPW": [0.312], "DR": [0.292], "SNDR": [0.302], "Switch-DR": [0.258],
        "DRos": [0.160],
      ]),
    notes: [
      "clicks: random men 46, bts men 69, random women 46, bts women 46", "hashes of items differ between policies",
    ])
}
