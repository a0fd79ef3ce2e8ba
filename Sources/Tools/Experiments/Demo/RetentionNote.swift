import Basics

/// Free text as an agent types it after a call: a subject that matters, in words that vary.
enum RetentionNote {
  /// What the call was about.
  enum Subject: CaseIterable {
    case cancelling
    case competitor
    case fault
    case bill
    case upgrade
    case praise
    case address

    /// What the subject adds to the log-odds of leaving.
    var effect: Double {
      switch self {
      case .cancelling: 1.3
      case .competitor: 1.0
      case .fault: 0.35
      case .bill: 0.2
      case .upgrade: -0.5
      case .praise: -0.7
      case .address: 0
      }
    }

    /// The subject of a customer's last call, or nil if there was none.
    static func draw(mood: Double, hasTickets: Bool, using random: inout RandomStream) -> Subject? {
      if random.uniform() < (hasTickets ? 0.25 : 0.6) { return nil }
      let low = mood < -0.5
      return random.choice(
        allCases, weights: low ? [14, 12, 24, 22, 6, 2, 20] : [3, 4, 18, 20, 20, 13, 22])
    }

    /// A note about the subject.
    func text(using random: inout RandomStream) -> String {
      let openings = ["Customer", "Caller", "Client", "Account holder", "Partner of customer"]
      let middles: [String]
      switch self {
      case .cancelling:
        middles = [
          "asked about cancellation terms", "wants to know the notice period", "asked how to end the contract",
          "requested the cancellation form", "said he may quit at the end of the term",
        ]
      case .competitor:
        middles = [
          "mentioned a cheaper offer from a competitor", "compared our price with another provider",
          "got a leaflet of a competitor and asked for a discount", "says the neighbour pays less elsewhere",
        ]
      case .fault:
        middles = [
          "reported a slow connection", "reported an outage in the evening", "router restarts every night",
          "technician did not show up", "line unstable since the storm",
        ]
      case .bill:
        middles = [
          "did not understand the last bill", "disputed a reminder fee", "asked for a copy of the invoice",
          "wants to change the payment date",
        ]
      case .upgrade:
        middles = [
          "asked about a larger plan", "interested in the family plan", "wants a second line",
          "asked when the faster network arrives",
        ]
      case .praise:
        middles = ["thanked for the quick help", "very happy with the technician", "recommended us to a friend"]
      case .address:
        middles = [
          "changed the address", "updated the bank details", "asked for a new password",
          "asked for the opening hours of the shop",
        ]
      }
      let endings = [
        "", "", ", call back promised", ", sent e-mail", ", no further action", "; was friendly",
        "; \"will think about it\"", ", solved on the phone",
      ]
      func pick(_ texts: [String]) -> String { texts[random.integer(below: texts.count)] }
      return pick(openings) + " " + pick(middles) + pick(endings) + "."
    }
  }
}
