import Basics
import Tables

/// Messages and answers: tweets of disasters, dialogues with agents, sentences that answer questions.
public enum MessageSets {
  /// Tweets of six disasters, on topic or not; a table per event with `tweet_id`, `tweet` and `label`.
  public static let crises = DataSet(
    crisesCard,
    tables: [
      "2012_Sandy_Hurricane", "2013_Alberta_Floods", "2013_Boston_Bombings", "2013_Oklahoma_Tornado",
      "2013_Queensland_Floods", "2013_West_Texas_Explosion",
    ].map { event in
      TableFile(
        file: "\(event)-ontopic_offtopic.csv.gz", name: String(event.replacing("_", with: " ")),
        options: ReadOptions(hasHeader: true, delimiter: ",", missingMarkers: [""]),
        columns: ["tweet_id", "tweet", "label"])
    })

  /// What customers say to agents of three trades, with intents and slots; tables such as `airline train`.
  public static let dialogues = DataSet(
    dialoguesCard,
    tables: ["airline", "insurance", "software"].flatMap { trade -> [TableFile] in
      ["train", "dev", "test"].map { part in
        TableFile(
          file: "\(trade)-\(part).tsv.gz", name: "\(trade) \(part)",
          options: ReadOptions(
            hasHeader: true, delimiter: "\t", kinds: ["utterance": .text, "intent": .category], missingMarkers: [""]))
      }
    })

  /// Questions with sentences that answer them or not: `train`, `dev`, `test` with `qtext`, `label` and `atext`.
  public static let answers = DataSet(
    answersCard,
    tables: ["train", "dev", "test"].map {
      TableFile(
        file: "\($0).csv.gz", name: $0,
        options: ReadOptions(
          hasHeader: true, delimiter: ",", kinds: ["qtext": .text, "atext": .text], missingMarkers: [""]))
    })

  private static let crisesCard = DataSetCard(
    name: "crisislex-t6", title: "tweets of six disasters, on topic or not (CrisisLexT6)", problem: .events,
    publisher: "https://github.com/sajao/CrisisLex", licence: "MIT (repository); user names in the texts deserve care",
    citation: "A. Olteanu, C. Castillo, F. Diaz, S. Vieweg, CrisisLex: A Lexicon for Collecting and Filtering "
      + "Microblogged Communications in Crises, ICWSM 2014",
    files: [
      DataFile(
        "2012_Sandy_Hurricane-ontopic_offtopic.csv.gz", bytes: 504_996,
        sha256: "8c6b53ebd9961e70b10b226882bda14091ba50e6a52cb4b3ace217e730970943",
        plain: .init(bytes: 1_214_266, sha256: "0425c3e2421a3cd94a8a5628461fa4c0ca0e3448701138f54903fa781dcdbf01")),
      DataFile(
        "2013_Alberta_Floods-ontopic_offtopic.csv.gz", bytes: 591_092,
        sha256: "7850318577cef4a43cc722cb6406a099edb2b224fca4237335ba80a8d9746303",
        plain: .init(bytes: 1_391_619, sha256: "b2f9906312637efdd9c4ef1c80930c5601a2deccce3e72bf6cf810cc3770cde8")),
      DataFile(
        "2013_Boston_Bombings-ontopic_offtopic.csv.gz", bytes: 526_945,
        sha256: "7c35d43dc2e1e3bf9a15219a72b8924b86199d387ffa785f8acfb6d39aca183c",
        plain: .init(bytes: 1_306_931, sha256: "eddbae6c7d3797fc155fffb339e436bec4eeec9331c57d33baff74acead2d33c")),
      DataFile(
        "2013_Oklahoma_Tornado-ontopic_offtopic.csv.gz", bytes: 513_497,
        sha256: "0d0e6d966df94726a04d188a3162781cb721a2d0579efaa4b97a41ed72378605",
        plain: .init(bytes: 1_252_844, sha256: "3d54c4523364525838bb4207baafc592f4bb6ff7eb1371c0cfda400cfd0a1056")),
      DataFile(
        "2013_Queensland_Floods-ontopic_offtopic.csv.gz", bytes: 493_206,
        sha256: "fb8782934e879b95f49dc4af29d1b94667bf724c3ae03cd49878f1f3e956eb21",
        plain: .init(bytes: 1_332_587, sha256: "d4c209dc9caf9537f1bf7043074900e015bf85032940b8ec82d6e8f0a4305d2d")),
      DataFile(
        "2013_West_Texas_Explosion-ontopic_offtopic.csv.gz", bytes: 487_557,
        sha256: "ae91c3cfb9ee0bce63e20fd051fa8544a2af1f7ff7b83f65546d5dcf9f379cf0",
        plain: .init(bytes: 1_262_361, sha256: "e340b82760c2f6d1b4af74af6bf35b3a8596c00859cd8fa123b1540f1319faf1")),
    ],
    shape: "six events, about 10,000 tweets each", target: "label (on-topic or off-topic)",
    split: "none given: 80 to 20 within an event, or one event left out", metric: "accuracy, F1 of on-topic",
    notes: ["tweet_id is in single quotes", "no published result for exactly this task is known"])

  private static let dialoguesCard = DataSetCard(
    name: "multidogo", title: "customers in dialogues with agents: airline, insurance, software (MultiDoGO)",
    problem: .callCentre, publisher: "https://github.com/awslabs/multi-domain-goal-oriented-dialogues-dataset",
    licence: "CDLA-Permissive 1.0",
    citation: "D. Peskov et al., Multi-Domain Goal-Oriented Dialogues (MultiDoGO), EMNLP 2019",
    files: [
      DataFile(
        "airline-dev.tsv.gz", bytes: 34_065,
        sha256: "5bda6573dad896dd39baada38bcd4c7d8e6982eb97fa6f0f69d3d90b0a720723",
        plain: .init(bytes: 272_410, sha256: "9127571445872970357b9b7100a207ee4fccccb113fbbc2eab2d0816a169c701")),
      DataFile(
        "airline-test.tsv.gz", bytes: 69_133,
        sha256: "a8598c9164ceb2a6650f4f16b6bd84700faf50f3adeaf84156f4da34222ba2b2",
        plain: .init(bytes: 552_460, sha256: "eef0d39c592a7b785e87307e59d4386d0e42b5eb8fab0c8651c6d85befea0b3f")),
      DataFile(
        "airline-train.tsv.gz", bytes: 236_228,
        sha256: "25bd5e8b63811fd8aaf5b682188011f9494f718ddf1ef81468d9f3b535450db6",
        plain: .init(bytes: 1_897_575, sha256: "a1fe5779dd81ed22da718e3981e4ec1ff3853d4313bf07b7404612422df743d5")),
      DataFile(
        "insurance-dev.tsv.gz", bytes: 35_436,
        sha256: "b8a7b0dbc278d0842c004f8b93e68a16132970c2eefddb46675b9adcf799cbba",
        plain: .init(bytes: 260_892, sha256: "235d9cf0571b64da28de5f4964a665744fd8d9486e8e45a7ce136f3f7e58efdd")),
      DataFile(
        "insurance-test.tsv.gz", bytes: 67_844,
        sha256: "ca3bf242c64eb5cfa23ec5aa3eb80411777b888634d9cd3a735e3fa0d4673209",
        plain: .init(bytes: 514_009, sha256: "fd6703811450d7d3a5ee9671d44f422108e0188d96e774a38918809cf271413b")),
      DataFile(
        "insurance-train.tsv.gz", bytes: 240_017,
        sha256: "758a6bdcd74645f16b01d7cf32b2d95cf9966c419168a934cd42762b536615bb",
        plain: .init(bytes: 1_811_267, sha256: "290eb53eadb0d6d6dc986bc870b8600b1f66c64dbd76f677761ec06b24d350e7")),
      DataFile(
        "software-dev.tsv.gz", bytes: 34_229,
        sha256: "a46b823951ac574d7ee9cb7e6abc7f801a5062e2c91695deb9cb3f67cc0a640f",
        plain: .init(bytes: 241_785, sha256: "e30bd5510391c559bf281a660d8e2cda922e1780ddc93e3e5cfbe0bc4f390eaa")),
      DataFile(
        "software-test.tsv.gz", bytes: 67_964,
        sha256: "d59d9415595bcb148e523850372c2e274bfec5dcf4bdc0f622e67a54d42342db",
        plain: .init(bytes: 478_978, sha256: "cb725f4a024ed7c19d6c7afc1b01d9dc298e8baeef5634ec3bb91e9d2b9863e3")),
      DataFile(
        "software-train.tsv.gz", bytes: 239_151,
        sha256: "a6d151fc93830f3f6777bf0796904087231b21eb9aabaacf5b4e4297ca27c08f",
        plain: .init(bytes: 1_725_065, sha256: "b1e21e7b6f0f8a4a153c941c9d3bee48612eae2462e869bca34dba51a0f7b27d")),
    ],
    shape: "airline 13,519 + 1,966 + 3,931, insurance 13,804 + 1,983 + 3,945, software 13,137 + 1,847 + 3,641 turns",
    target: "intent, and slot-labels", split: "given", metric: "F1 or accuracy of intents, F1 of slots on test",
    notes: ["slots have no B- and I-; in 74 rows their number is not that of the words"])

  private static let answersCard = DataSetCard(
    name: "trec-qa", title: "sentences that answer a question or not (TREC-QA)", problem: .assistant,
    publisher: "https://github.com/brmson/dataset-sts", licence: "none stated; passed on for research",
    citation: "M. Wang, N. A. Smith, T. Mitamura, What is the Jeopardy Model?, EMNLP-CoNLL 2007",
    files: [
      DataFile(
        "dev.csv.gz", bytes: 58_411,
        sha256: "166901184988045df5aa31a708c924b444998bf98ccfb5ddf9e7b7cbb5301180",
        plain: .init(bytes: 205_988, sha256: "3c266ccaa633e929515bc8643a0615c05f64d2fb62b3a687d85ff7fabdf79a6a")),
      DataFile(
        "test.csv.gz", bytes: 77_185,
        sha256: "65476eabaec876aeef2d4de0c48b14664ce9f35011acb9b183c95d6b931c1934",
        plain: .init(bytes: 286_046, sha256: "5aaf688f8c79a0eab96c77dcc8919e82006169712a799aa97343588000769288")),
      DataFile(
        "train.csv.gz", bytes: 247_039,
        sha256: "b7e91daf407a49d55c30f3413c5d9c695882f692228fd1606783f0679fcf520d",
        plain: .init(bytes: 968_459, sha256: "b3398769dee040bceb5ca4ffe49eaa9096e71c9533432031f3bddfdb3dee7a8f")),
    ],
    shape: "4,718 + 1,148 + 1,517 pairs", target: "label (1 answers the question)",
    split: "given; clean evaluation keeps questions with both kinds (65 of dev, 68 of test)",
    metric: "mean average precision and mean reciprocal rank over the questions",
    results: PublishedResult.table(
      ["MAP", "MRR"], source: "README of brmson/dataset-sts, folder data/anssel/wang",
      [
        "TF-IDF overlap": [0.578, 0.709], "BM25": [0.630, 0.765], "averaged embeddings": [0.607, 0.690],
        "RNN": [0.649, 0.743], "CNN": [0.726, 0.800], "QA-LSTM/CNN with attention": [0.728, 0.832],
        "attentive pooling CNN": [0.753, 0.851],
      ])
      + PublishedResult.table(
        ["raw MAP", "clean MAP", "raw MRR", "clean MRR"], source: "README of castorini/NCE-CNN-Torch",
        ["sentence-level CNN": [0.762, 0.777, 0.830, 0.836], "pairwise CNN (MAX)": [0.780, 0.801, 0.835, 0.877]]))
}
