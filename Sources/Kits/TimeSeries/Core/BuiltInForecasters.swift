extension AnyForecaster {
  /// The forecasters of this module that can be read without being registered.
  static let builtIn: [any Forecaster.Type] = [
    NaiveForecaster.self, SeasonalNaiveForecaster.self, DriftForecaster.self, MeanForecaster.self,
    Naive2Forecaster.self, ETSForecaster.self, MultiSeasonalForecaster.self, ThetaForecaster.self,
    AutoregressionForecaster.self,
    IntermittentForecaster.self, ConformalForecaster.self, Combination.self, ARIMAForecaster.self,
    DynamicRegressionForecaster.self, DecomposedForecaster.self, AdjustedForecaster.self, FilledForecaster.self,
  ]
}
