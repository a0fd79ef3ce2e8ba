import Projects

extension FraudPrevention {
  /// What the solution is and needs.
  static let description = SolutionCard(
    name: "fraud", title: "Fraud prevention",
    purpose: "which payments to review, challenge or refuse, so that frauds cost least and honest customers are let be",
    row: "one payment",
    fields: [
      .init("time", "when the payment was made", kind: .time, isRequired: true),
      .init("amount", "the amount, in one currency", kind: .number, isRequired: true),
      .init(
        "fraud",
        "whether it turned out to be a fraud; empty where it is not known yet. Without it payments are ranked by how "
          + "unusual they are, and nothing is measured", kind: .truth),
      .init("customer", "who pays: the account", kind: .code),
      .init("card", "the card or other means of payment", kind: .code),
      .init("terminal", "where it is paid: terminal, shop or seller", kind: .code),
      .init("device", "the device it came from", kind: .code),
      .init("ip", "the network address it came from", kind: .code),
      .init("address", "where the goods go", kind: .code),
      .init("email", "the e-mail address of the account", kind: .code),
      .init("registered", "when the account was opened", kind: .time),
      .init("reported", "when a fraud was reported; never learned from", kind: .time),
      .init("payment", "the number of the payment; never learned from", kind: .code),
      .init("part", "train, valid or test, where the split is given; other rows only fill the histories", kind: .code),
    ],
    settings: [
      .init(
        "label delay", "how long after a payment it is known whether it was a fraud", kind: .duration,
        standard: "7 days"),
      .init(
        "test share", "the share of the latest payments that everything is measured on", kind: .number(0.05...0.5),
        standard: "0.2"),
      .init(
        "windows", "the lengths of time that counts and sums of each customer, card ... are taken over",
        kind: .durations,
        standard: "1h, 1d, 7d, 30d"),
      .init(
        "queue", "the cards or customers that can be looked at in a day, for the precision of the queue",
        kind: .whole(1...1_000_000), standard: "100"),
      .init(
        "metric", "what candidates are compared by", kind: .choice(["pr-auc", "roc-auc", "log-loss"]),
        standard: "pr-auc"),
    ],
    value: .actions(
      """
      currency: EUR
      positive: "1"
      unit: payment
      actions:
        review:                       # a person looks at it before the goods leave
          gain: 0.9 * amount * label  # nine frauds of ten are recognised
          cost: 3 + 0.02 * amount     # ten minutes of work; some honest customers do not like to wait
      capacity: 40 per day
      time: time
      today: amount > 500

      # To refuse or challenge without a limit, by expected loss, take these actions instead:
      # actions:
      #   challenge:
      #     gain: 0.85 * amount * label
      #     cost: 0.2 + 0.01 * amount
      #   refuse:
      #     gain: amount * label
      #     cost: 0.25 * amount * (1 - label)
      """),
    outcome: "fraud")
}
