extension M4 {
  private static let folder = "https://raw.githubusercontent.com/Mcompetitions/M4-methods/HEAD/Dataset/"

  /// What the set is.
  public static let card = DataSetCard(
    name: "m4-hourly-weekly", title: "M4 competition: all hourly and all weekly series", problem: .capacity,
    publisher: "https://github.com/Mcompetitions/M4-methods",
    licence: "none stated; the competition's data are public and passed on by most libraries for forecasting",
    citation: "S. Makridakis, E. Spiliotis, V. Assimakopoulos, The M4 Competition: 100,000 time series and 61 "
      + "forecasting methods, International Journal of Forecasting 36, 2020",
    files: [
      DataFile(
        "Hourly-train.csv.gz", bytes: 517_738,
        sha256: "ec441240485a611b7d26630f207b5afacc0a256ba7ef4c64ddc5216a4222b9d9",
        plain: .init(bytes: 2_347_115, sha256: "ea59b7783573c49077a835ab6465c7d66f1474783360f310988a9a737fbca62f"),
        address: folder + "Train/Hourly-train.csv"),
      DataFile(
        "Hourly-test.csv.gz", bytes: 35_347, sha256: "d1c30a575419529c8150deb1a3c97b568feaec3bae4ce2caf5e12ea1f888a9cb",
        plain: .init(bytes: 132_820, sha256: "71a57fccb15e534d973626ada4fb87febf789e9317715b7cc6dd3b5f90db6f42"),
        address: folder + "Test/Hourly-test.csv"),
      DataFile(
        "Weekly-train.csv.gz", bytes: 1_229_908,
        sha256: "3151f2409cac3f8cc3d54c37b3d5a9f95c8083c275fd6933f8ff08516f9384f2",
        plain: .init(bytes: 4_015_067, sha256: "d478d3f6ed673e6ed3c2cb0fbed5425f72eedd51318ebebeb0b5ecfcefc37714"),
        address: folder + "Train/Weekly-train.csv"),
      DataFile(
        "Weekly-test.csv.gz", bytes: 16_935, sha256: "bd0739e3dbbe4087624e5086931e9e63d2daeaf1a0f99aa8331a8f3f5d03e16d",
        plain: .init(bytes: 44_247, sha256: "3b2bc4be8e636e802260dcd843ca3c5da40536a1fbe1ecb3229a97dae4f44688"),
        address: folder + "Test/Weekly-test.csv"),
    ],
    shape: "414 hourly series of 700 or 960 values, 359 weekly ones of 80 to 2,597",
    target: "the next 48 hours or 13 weeks",
    split: "given: training and test files; no time stamps",
    metric:
      "sMAPE: mean of 200 |y - f| / (|y| + |f|); MASE: mean |y - f| over the in-sample mean |y_t - y_(t-m)|, m 24 "
      + "hourly and 1 weekly; OWA: half the sum of both means, each over that of Naive2",
    results: PublishedResult.table(
      ["weekly sMAPE", "weekly MASE", "weekly OWA", "hourly sMAPE", "hourly MASE", "hourly OWA"],
      source: "workbook Evaluation and Ranks.xlsx in Mcompetitions/M4-methods",
      [
        "Naive": [9.161, 2.777, 1.000, 43.003, 11.608, 3.593],
        "seasonal Naive": [9.161, 2.777, 1.000, 13.912, 1.193, 0.627],
        "Naive2": [9.161, 2.777, 1.000, 18.383, 2.395, 1.000],
        "SES": [9.012, 2.685, 0.975, 18.094, 2.385, 0.990],
        "Holt": [9.708, 2.420, 0.966, 29.249, 9.356, 2.749],
        "Damped": [8.866, 2.404, 0.917, 19.265, 2.956, 1.141],
        "Theta": [9.093, 2.637, 0.971, 18.138, 2.455, 1.006],
        "Comb (SES, Holt, Damped)": [8.944, 2.432, 0.926, 22.053, 4.582, 1.556],
        "MLP benchmark": [21.349, 13.568, 3.608, 13.842, 2.607, 0.921],
        "RNN benchmark": [15.220, 5.132, 1.755, 14.698, 3.048, 1.036],
        "Smyl, ES-RNN (118, the winner)": [7.817, 2.356, 0.851, 9.328, 0.893, 0.440],
        "FFORMA (245)": [7.625, 2.108, 0.796, 11.506, 0.819, 0.484],
        "Pawlikowski et al. (237)": [6.919, 2.158, 0.766, 9.611, 0.873, 0.444],
        "Doornik et al. (238)": [6.728, 2.302, 0.782, 8.913, 0.801, 0.410],
        "Petropoulos, Svetunkov (36)": [6.726, 2.133, 0.751, 13.167, 1.458, 0.663],
      ]))
}
