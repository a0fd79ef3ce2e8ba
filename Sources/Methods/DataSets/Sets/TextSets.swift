import Basics
import Tables

/// Texts with labels: sentiment, kinds of questions, topics of news.
public enum TextSets {
  /// Sentences of film reviews, 1 positive and 0 negative: `train`, `dev`, `test` with `sentence` and `label`.
  public static let sst2 = DataSet(
    sst2Card,
    tables: ["train", "dev", "test"].map {
      TableFile.lines("\($0).tsv.gz", name: $0, columns: ["sentence", "label"])
    })

  /// News of Reuters with one of eight topics: `train` and `test` with `label` and `text`.
  public static let reuters = DataSet(
    reutersCard,
    tables: ["train", "test"].map { TableFile.lines("\($0).txt.gz", name: $0, columns: ["label", "text"]) })

  /// Questions and what they ask for: `train` and `test` with `question`, `fine` and `coarse`.
  public static let trec = DataSet(trecCard) { files, _ in
    try ["train", "test"].map { part in
      let path = try files.path("TREC.\(part).gz")
      var columns: [[String]] = [[], [], []]
      for (number, line) in try TextLines.read(path, isLatin1: true).enumerated() {
        let parts = line.split(separator: " ", maxSplits: 1)
        let labels = parts.first?.split(separator: ":") ?? []
        guard parts.count == 2, labels.count == 2 else {
          throw AssayError(.format, "a line must be COARSE:fine and a question", at: "\(path), line \(number + 1)")
        }
        columns[0].append(String(parts[1]))
        columns[1].append(String(parts[0]))
        columns[2].append(String(labels[0]))
      }
      return DataSet.NamedTable(part, try TextLines.table(["question", "fine", "coarse"], columns))
    }
  }

  private static let sst2Card = DataSetCard(
    name: "sst2", title: "sentences of film reviews, positive or negative (SST-2)", problem: .text,
    publisher: "https://github.com/clairett/pytorch-sentiment-classification", licence: "none stated by the authors",
    citation:
      "R. Socher et al., Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank, EMNLP 2013",
    files: [
      DataFile(
        "dev.tsv.gz", bytes: 37_268,
        sha256: "190402b0a0144b832cd9bd994dc693cff2f6aee24c22a5437938fc3564d51d33",
        plain: .init(bytes: 92_057, sha256: "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359")),
      DataFile(
        "test.tsv.gz", bytes: 75_216,
        sha256: "e33b978bf9561af553946a8e7f30f945c46ca74a0c1e44c7b5a4cfc17ce22db3",
        plain: .init(bytes: 188_749, sha256: "831169c7e2e429d6026e1bdbb542f33b636e3e596caad9602ebc953c205928b7")),
      DataFile(
        "train.tsv.gz", bytes: 281_427,
        sha256: "6bd7ceeeb9eac01b55c854be40e71bdf4c54849638217b8b4fc2408bf17843af",
        plain: .init(bytes: 720_259, sha256: "ec192f833a64da08f475488a77b0d0b47db47acd0f458bd18433fc793b569920")),
    ],
    shape: "6,920 + 872 + 1,821 sentences", target: "label (1 is positive)", split: "given", metric: "accuracy on test",
    results: PublishedResult.table(
      ["accuracy"], source: "README of harvardnlp/sent-conv-torch, trained on phrases, too",
      [
        "CNN, random embeddings": [0.835], "CNN, static": [0.856], "CNN, non-static": [0.870],
        "CNN, multichannel": [0.871],
      ]))

  private static let trecCard = DataSetCard(
    name: "trec", title: "questions by the kind of answer that they want (TREC)", problem: .text,
    publisher: "https://github.com/harvardnlp/sent-conv-torch", licence: "none stated by the authors",
    citation: "X. Li, D. Roth, Learning Question Classifiers, COLING 2002",
    files: [
      DataFile(
        "TREC.test.gz", bytes: 7_693,
        sha256: "c2935194eaf115d2e3d1fb748293c05f2fc8f6ddf288aa32947cb0fdde548e2f",
        plain: .init(bytes: 23_354, sha256: "033f22c028c2bbba9ca682f68ffe204dc1aa6e1cf35dd6207f2d4ca67f0d0e8e"),
        address: "https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/HEAD/data/raw/TREC.test"),
      DataFile(
        "TREC.train.gz", bytes: 114_871,
        sha256: "e66d18cf5e6be7fc67a15ec7675d56801d9bc1ad7f7c7d0bef3f5c50840da9da",
        plain: .init(bytes: 335_858, sha256: "9e4c8bdcaffb96ed61041bd64b564183d52793a8e91d84fc3a8646885f466ec3"),
        address: "https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/HEAD/data/raw/TREC.train"),
    ],
    shape: "5,452 + 500 questions, 6 coarse and 50 fine kinds", target: "coarse, or fine", split: "given",
    metric: "accuracy on the 500",
    results: PublishedResult.table(
      ["accuracy"], source: "README of harvardnlp/sent-conv-torch",
      [
        "CNN, random embeddings": [0.882], "CNN, static": [0.918], "CNN, non-static": [0.928],
        "CNN, multichannel": [0.918],
      ]))

  private static let reutersCard = DataSetCard(
    name: "reuters-r8", title: "news of Reuters, eight topics (R8)", problem: .text,
    publisher: "https://github.com/yao8839836/text_gcn",
    licence: "for research, with attribution to Reuters and D. Lewis",
    citation: "D. Lewis, Reuters-21578; split by A. Cardoso-Cachopo",
    files: [
      DataFile(
        "test.txt.gz", bytes: 354_833,
        sha256: "edf96f97ed58cb4f49294b7808947dd245618bef9b59fc9fa9f25085b087931b",
        plain: .init(bytes: 1_195_260, sha256: "2ba368c42e6808bc3dc68b8f7879eb07a2810ed137f0b304e2213b689677e561")),
      DataFile(
        "train.txt.gz", bytes: 1_011_798,
        sha256: "643210d44442f1646aa4b73803f3fd3d815682d721b16cf2b19732ff16ebab91",
        plain: .init(bytes: 3_354_423, sha256: "3ed60c905aaa95b96c3fc4afb6d14ad2e20106c59c5b9dda950dcb3075eecfbe")),
    ],
    shape: "5,485 + 2,189 texts", target: "label, one of eight", split: "given", metric: "accuracy on test",
    results: PublishedResult.table(
      ["accuracy"], source: "L. Yao, C. Mao, Y. Luo, AAAI 2019, table 2",
      [
        "TF-IDF and logistic regression": [0.9374], "CNN, random embeddings": [0.9402],
        "CNN, GloVe non-static": [0.9571], "LSTM": [0.9368], "LSTM, pre-trained embeddings": [0.9609],
        "Bi-LSTM": [0.9631], "fastText": [0.9613], "SWEM": [0.9532], "Graph-CNN-C": [0.9699], "Text GCN": [0.9707],
      ]))
}
