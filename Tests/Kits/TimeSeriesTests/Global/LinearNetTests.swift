import Basics
import Foundation
import TimeSeries
import XCTest

/// The exact linear maps.
final class LinearNetTests: XCTestCase {
  /// Two waves whose sum obeys a linear recurrence, without noise: every linear map that sees enough finds it.
  private func exact(_ count: Int, length: Int) -> [Series] {
    (0..<count).map { number in
      let shift = Double(number)
      return Series(
        "s\(number)",
        values: (0..<length).map { step in
          3 * sin(2 * .pi * (Double(step) + shift) / 12) + cos(2 * .pi * (Double(step) - 2 * shift) / 5)
        })
    }
  }

  func testFindsALinearRecurrence() throws {
    let panel = exact(6, length: 208)
    let (past, future) = PanelSimulation.cut(panel, horizon: 8)
    let request = ForecastRequest(horizon: 8, seasons: [12], levels: [])
    for form in LinearNet.Form.allCases {
      var method = LinearNet(form: form, lookBack: 60, penalties: [1e-6], validationShare: 0)
      // Whole cycles of both waves: the mean and the deviation of a window do not change, so all forms are exact.
      if form == .plain { method.scaling = WindowScaling(centre: .zero, unit: .one) }
      let fitted = try method.fitted(past, request: request)
      let error = PanelSimulation.error(fitted.forecast(past, threads: 1).map(\.point), future, past)
      // What remains is the penalty's pull and single precision.
      XCTAssertLessThan(error, 2e-3, "\(form)")
    }
  }

  func testChoosesAPenaltyOnTheLastWindows() throws {
    // Nothing but noise: the largest penalty, which forecasts the mean, is best.
    let panel = (0..<20).map { number -> Series in
      var stream = RandomKey(seed: 1)[number].stream()
      return Series("n\(number)", values: (0..<80).map { _ in stream.normal() })
    }
    let request = ForecastRequest(horizon: 4, seasons: [], levels: [])
    let noise = try LinearNet(lookBack: 24, penalties: [0.001, 0.1, 10]).fitted(panel, request: request)
    XCTAssertEqual(noise.penalty, 10)
    let waves = try LinearNet(lookBack: 24, penalties: [1e-6, 10]).fitted(
      exact(6, length: 120), request: request)
    XCTAssertEqual(waves.penalty, 1e-6)
  }

  func testLogarithmsGrowGeometrically() throws {
    let panel = (0..<8).map { number in
      Series("g\(number)", values: (0..<80).map { exp(0.02 * Double($0) + Double(number)) })
    }
    let request = ForecastRequest(horizon: 10, seasons: [], levels: [])
    let method = LinearNet(
      form: .last, lookBack: 20, scaling: WindowScaling(centre: .last, unit: .one, usesLogarithm: true),
      penalties: [1e-6], validationShare: 0)
    let forecasts = try method.fitted(panel, request: request).forecast(panel, threads: 1)
    for (number, forecast) in forecasts.enumerated() {
      for step in 0..<10 {
        let truth = exp(0.02 * Double(80 + step) + Double(number))
        XCTAssertEqual(forecast.point[step] / truth, 1, accuracy: 0.005)
      }
    }
  }

  func testRemovedProfileComesBack() throws {
    // A pattern of unlike jumps, repeated without noise.
    let pattern = [5.0, 1, 9, 2, 2, 7, 30]
    let panel = (0..<6).map { number in
      Series("p\(number)", values: (0..<70).map { Double(number + 1) * pattern[($0 + number) % 7] })
    }
    let request = ForecastRequest(horizon: 9, seasons: [7], levels: [])
    for centre in WindowScaling.Centre.allCases {
      let scaling = WindowScaling(centre: centre, unit: .level, removesProfile: true)
      let method = LinearNet(lookBack: 23, scaling: scaling, penalties: [1e-4], validationShare: 0)
      let forecasts = try method.fitted(panel, request: request).forecast(panel, threads: 1)
      for (number, forecast) in forecasts.enumerated() {
        for step in 0..<9 {
          let truth = Double(number + 1) * pattern[(70 + step + number) % 7]
          XCTAssertEqual(forecast.point[step], truth, accuracy: 0.25 * Double(number + 1), "\(centre)")
        }
      }
    }
  }
}
