extension IntentSets {
  static let bankingCard = DataSetCard(
    name: "banking77", title: "queries of a bank's customers, 77 intents", problem: .callCentre,
    publisher: "https://github.com/PolyAI-LDN/task-specific-datasets", licence: "CC BY 4.0",
    citation: "I. Casanueva et al., Efficient Intent Detection with Dual Sentence Encoders, NLP4ConvAI 2020",
    files: [
      DataFile(
        "categories.json.gz", bytes: 718,
        sha256: "ed2a9a1d5719a02175c1edc92a4b7936ca49cbcf16523664442430ea585d2567",
        plain: .init(bytes: 2_036, sha256: "53261da888122daf2d120d925458631d9619e15d82e56052e7a42e535ce32b63"),
        address: "https://raw.githubusercontent.com/PolyAI-LDN/task-specific-datasets/HEAD/banking_data/categories.json"
      ),
      DataFile(
        "test.csv.gz", bytes: 50_906,
        sha256: "7bd00d4437c0d07f17ad2bbdac416e27d9aae4e8f9845c60fc2e20638526c4f4",
        plain: .init(bytes: 239_961, sha256: "d12d6e3bc4c3103966ae786dc435913c0c563dfa328f5a3646d0e62cfeeb474d"),
        address: "https://raw.githubusercontent.com/PolyAI-LDN/task-specific-datasets/HEAD/banking_data/test.csv"),
      DataFile(
        "train.csv.gz", bytes: 157_077,
        sha256: "986431813f89f842cbc396388c2f2630ae33fa30a533cc5cfa9e199f0e527bb0",
        plain: .init(bytes: 839_073, sha256: "b06e26ac675513959a63135f11b94ea7786ed02da65db93a5650d8838cbc664b"),
        address: "https://raw.githubusercontent.com/PolyAI-LDN/task-specific-datasets/HEAD/banking_data/train.csv"),
    ],
    shape: "10,003 + 3,080 queries", target: "category, one of 77", split: "given", metric: "accuracy on test",
    results: PublishedResult.table(
      ["accuracy", "10-shot accuracy", "5-shot accuracy"],
      source: "Casanueva et al. 2020, table 3; few-shot: jianguoz/Few-Shot-Intent-Detection",
      [
        "BERT-large, fine-tuned": [0.9366, .nan, .nan], "USE + ConveRT": [0.9336, 0.8519, 0.7775],
        "USE": [.nan, 0.8423, 0.7629], "ConveRT": [.nan, 0.8332, 0.7532],
        "RoBERTa + classifier": [.nan, 0.8427, 0.7404], "DNNC": [.nan, 0.8671, 0.8040],
        "CPFT": [.nan, 0.8720, 0.8086], "ICDA": [.nan, 0.8979, 0.8401],
      ]))

  static let complaintsCard = DataSetCard(
    name: "cfpb-complaints", title: "complaints to the CFPB, five products", problem: .callCentre,
    publisher: "https://github.com/IBM/watson-machine-learning-samples",
    licence: "repository Apache-2.0; the complaints are in the public domain",
    citation: "US Consumer Financial Protection Bureau, Consumer Complaint Database",
    files: [
      DataFile(
        "cfpb_test.json.gz", bytes: 63_559,
        sha256: "5ff5643cbdc0d68cdbaa6e63e52ee80b8d5456a433f32e0ffabacad8af43060f",
        plain: .init(bytes: 290_395, sha256: "afa7b487dc94041fa2fff9959e17e6654853f9c3175a4a7a16e7e9a13a594dc0"),
        address:
          "https://raw.githubusercontent.com/IBM/watson-machine-learning-samples/HEAD/cloud/data/prompt_tuning/cfpb_test.json"
      ),
      DataFile(
        "cfpb_train.json.gz", bytes: 157_992,
        sha256: "108d5ccde4e23378d7e3d4c2d3c9e330cf2dd799da8e387f4d393f669a2cf4c2",
        plain: .init(bytes: 599_812, sha256: "6825fbb3f82c0b6c14fb220f39322d9b410725a410df3006475abfac3380396b"),
        address:
          "https://raw.githubusercontent.com/IBM/watson-machine-learning-samples/HEAD/cloud/data/prompt_tuning/cfpb_train.json"
      ),
    ],
    shape: "700 + 300 texts", target: "label, one of five", split: "given", metric: "accuracy and macro F1 on the 300",
    notes: [
      "the texts are in lower case, without stop words, and masked", "no published result for this split is known",
    ])

  static let clincCard = DataSetCard(
    name: "clinc150", title: "queries to an assistant, 150 intents and out of scope", problem: .assistant,
    publisher: "https://github.com/clinc/oos-eval", licence: "CC BY 3.0",
    citation:
      "S. Larson et al., An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction, EMNLP 2019",
    files: [
      DataFile(
        "data_full.json.gz", bytes: 283_591,
        sha256: "59969ccdb9192885f0ca3d475172ca845aa4a41ca0e2881782ba4c3bd37e7dbf",
        plain: .init(bytes: 2_495_390, sha256: "36923c3705a59e08fe9c3883d8bc2dd966ef93e22cb78ac41171782a698d56e0"),
        address: "https://raw.githubusercontent.com/clinc/oos-eval/HEAD/data/data_full.json"),
      DataFile(
        "data_oos_plus.json.gz", bytes: 286_144,
        sha256: "12f6f1a938becbfeaf1bc57c011deceb9bcc79342506e9a4c5ca80356b29a0b5",
        plain: .init(bytes: 2_509_789, sha256: "bfcca9ae515623541dc1983c94c4ed7cae9d26b42ae47d74b972e51bb6f7a21f"),
        address: "https://raw.githubusercontent.com/clinc/oos-eval/HEAD/data/data_oos_plus.json"),
      DataFile(
        "domains.json.gz", bytes: 1_110,
        sha256: "9c1dfae3cf1e0c5bc4a730b44c47cbfb3f3abc0b774102dfde38c8e650bd1d38",
        plain: .init(bytes: 3_818, sha256: "b947b579d3b8e74b06f93b01083d8efaff2888b43a3e362533bd88a6e1211b3a"),
        address: "https://raw.githubusercontent.com/clinc/oos-eval/HEAD/data/domains.json"),
    ],
    shape: "15,000 + 3,000 + 4,500 queries in scope; 100 (250) + 100 + 1,000 out of scope", target: "intent",
    split: "given", metric: "accuracy on the 4,500 in scope; recall of the 1,000 out of scope",
    results: PublishedResult.table(
      ["full accuracy", "full recall", "OOS+ accuracy", "OOS+ recall"], source: "Larson et al. 2019, table 2",
      [
        "fastText, oos-train": [0.890, 0.097, 0.892, 0.322], "linear SVM, oos-train": [0.910, 0.145, 0.901, 0.298],
        "CNN, oos-train": [0.912, 0.189, 0.910, 0.342], "DialogFlow, oos-train": [0.917, 0.140, 0.917, 0.285],
        "Rasa, oos-train": [0.915, 0.453, 0.909, 0.660], "MLP on USE, oos-train": [0.935, 0.474, 0.941, 0.539],
        "BERT, oos-train": [0.969, 0.403, 0.967, 0.592], "SVM, oos-threshold": [0.882, 0.180, .nan, .nan],
        "fastText, oos-threshold": [0.886, 0.283, .nan, .nan], "CNN, oos-threshold": [0.909, 0.309, .nan, .nan],
        "Rasa, oos-threshold": [0.909, 0.312, .nan, .nan], "MLP on USE, oos-threshold": [0.934, 0.491, .nan, .nan],
        "BERT, oos-threshold": [0.962, 0.523, .nan, .nan],
      ]))

  static let snipsCard = DataSetCard(
    name: "snips", title: "utterances to an assistant, 7 intents with slots", problem: .assistant,
    publisher: "https://github.com/MiuLab/SlotGated-SLU", licence: "the data CC0 1.0; none stated for the split",
    citation: "A. Coucke et al., Snips Voice Platform, arXiv 1805.10190, 2018; split by C.-W. Goo et al. 2018",
    files: [
      DataFile(
        "test.label.gz", bytes: 764,
        sha256: "f9009380375e2389ac17c860b20afe1144675dddec6347b54b55b52621009b4a",
        plain: .init(bytes: 10_120, sha256: "37a26da3ad079bb41c42c85a3a8f827eb47efec4c5917ce5d08f4b2736e4f830")),
      DataFile(
        "test.seq.in.gz", bytes: 12_221,
        sha256: "49546ae19deac5917845c3359b38445a2375f82460b552dff21eb44fccc53dbe",
        plain: .init(bytes: 33_121, sha256: "c1e341173fcea2951a8ca371956a6f81c76de87b9583c62eb87edd6158fa3a7c")),
      DataFile(
        "test.seq.out.gz", bytes: 3_942,
        sha256: "1b75228b869571f6b59ecc3d35aa447bfd07e93b613c71aed174c1b75dab2344",
        plain: .init(bytes: 50_918, sha256: "58c07c9097d5e1f78889765c2a535a160f6455b90b3142055c8051847afcca47")),
      DataFile(
        "train.label.gz", bytes: 9_405,
        sha256: "b32c4315d10343f3cb05b7295e74e23d27e3015c16c0e22e4519fe9733219033",
        plain: .init(bytes: 184_532, sha256: "bfd7df6cf9dd76c5da5d8b61bc85f90386197bdd3d7510c1d324c051537b962f")),
      DataFile(
        "train.seq.in.gz", bytes: 202_007,
        sha256: "4433350ee6f3d8a944693df03e418bd3a1475818cd26af2b74be7e51a7cc344b",
        plain: .init(bytes: 617_079, sha256: "04ad1e3f2121d83c6478f9a4b17d2dbdc21d06d6127f73cb7af835ed733f9855")),
      DataFile(
        "train.seq.out.gz", bytes: 60_630,
        sha256: "22307b4bd0dd03f01f82eaa4d89f266917d674821916a9c27d4de9d407f3710a",
        plain: .init(bytes: 950_926, sha256: "fd5f2121d8055827e5d6b3d3bac30f3d7e94e82a5d437751960cbdd9e1b4f6d3")),
      DataFile(
        "valid.label.gz", bytes: 154,
        sha256: "dc583dedfde4e2df2ab8cc53bebc98e999fe820b1eadfbcb0882a01547d41796",
        plain: .init(bytes: 9_900, sha256: "9c1dd041216f647bcfca838aaf1a48eb5781e4404256d31ff07cd38a5436c52f")),
      DataFile(
        "valid.seq.in.gz", bytes: 11_477,
        sha256: "28904cae1ae41a36ad94a8b0880b960a6aeb00afbec8439b77bb0bac46b4950a",
        plain: .init(bytes: 33_629, sha256: "64e0f6d8ad8aab3a3828164d7d53731a0993d3ca1aed437ceaca6d3d568d410e")),
      DataFile(
        "valid.seq.out.gz", bytes: 3_361,
        sha256: "98b3d5e05c6f3d1f474ff40cb2da1cd15a1522bd1d508b7b9371aa40efd202cf",
        plain: .init(bytes: 50_626, sha256: "712e6d34feb8d52d208b820a5f8bae6e6ff990f08374507dfde22de389088319")),
    ],
    shape: "13,084 + 700 + 700 utterances, 72 tags", target: "intent and slots", split: "given",
    metric: "accuracy of intents; F1 of exact slots; share of sentences with all right",
    results: PublishedResult.table(
      ["slot F1", "intent accuracy", "sentence accuracy"], source: "Goo et al. 2018; re-runs in public repositories",
      [
        "slot-gated BiLSTM": [0.888, 0.970, 0.755], "BiLSTM, re-run": [0.8430, 0.9657, 0.6643],
        "JointBERT, re-run": [0.9690, 0.9914, 0.9300], "JointBERT + CRF, re-run": [0.9724, 0.9857, 0.9357],
        "DistilBERT, re-run": [0.9610, 0.9800, 0.9100],
      ]))
}
