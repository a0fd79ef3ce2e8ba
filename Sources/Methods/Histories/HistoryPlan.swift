import Basics

/// What is to be known of the entities of an event (customer, card, device, terminal, machine) when it happens.
///
/// Everything is a statistic of *earlier* events: at time t a window of length w holds the events of [t - w, t), so
/// events at the same time do not see each other, and the order of rows does not matter. Statistics of labels are
/// shifted by the delay d after which labels are known: they hold the events of [t - d - w, t - d).
///
/// In YAML:
///
///     time: TX_DATETIME
///     entities: [CUSTOMER_ID, {name: terminal, columns: [TERMINAL_ID], features: [counts, labels]}]
///     windows: [1d, 7d, 30d]
///     amounts: [TX_AMOUNT]
///     label: {column: TX_FRAUD, delay: 7d}
///     links: [{between: [CUSTOMER_ID, terminal]}]
public struct HistoryPlan: Sendable, Hashable {
  /// The column with the time of the event.
  public var time: String
  /// What one unit of the time column is where that column has numbers instead of date-times; nil refuses numbers.
  public var timeUnit: HistorySpan?
  /// Whose histories are kept, at least one.
  public var entities: [Entity]
  /// The windows, in any order; `all` is everything that is remembered.
  public var windows: [HistorySpan]
  /// The columns whose sums, means, maxima and deviations are kept.
  public var amounts: [Amount]
  /// The label whose shares are kept; nil for none.
  public var label: Label?
  /// Pairs of entities whose acquaintance is kept.
  public var links: [Link]
  /// Entities that are joined to components by the events they share.
  public var graphs: [Graph]
  /// Columns to be made of texts before everything else; entities may use them.
  public var parts: [TextPart]
  /// Features of the time itself; nil for none.
  public var clock: Clock?
  /// How much is remembered.
  public var limits: Limits

  /// Creates a plan.
  public init(
    time: String, timeUnit: HistorySpan? = nil, entities: [Entity],
    windows: [HistorySpan] = [.hours(1), .days(1), .days(7), .days(30)], amounts: [Amount] = [], label: Label? = nil,
    links: [Link] = [], graphs: [Graph] = [], parts: [TextPart] = [], clock: Clock? = Clock(),
    limits: Limits = Limits()
  ) {
    self.time = time
    self.timeUnit = timeUnit
    self.entities = entities
    self.windows = windows
    self.amounts = amounts
    self.label = label
    self.links = links
    self.graphs = graphs
    self.parts = parts
    self.clock = clock
    self.limits = limits
  }

  /// The same plan with labels that are known earlier or later.
  ///
  /// Where the data begin less than a delay before the rows to learn from, none of these rows sees a label, and a model
  /// cannot learn what known labels are worth. Their features may then be made with a shorter delay: by the time of
  /// training all labels of training rows are known, so nothing comes from the future. Rows to be predicted keep the
  /// true delay.
  public func with(labelDelay: HistorySpan) -> HistoryPlan {
    var plan = self
    plan.label?.delay = labelDelay
    return plan
  }

  /// A group of features of an entity.
  public enum Feature: String, Sendable, Hashable, Codable, CaseIterable {
    /// The events per window.
    case counts
    /// The rate of events in each window over that in the longest one that has an end.
    case velocity
    /// Sum, mean, maximum and deviation of each amount per window; this amount over the mean, and its distance from the
    /// mean in deviations.
    case amounts
    /// Known labels, positives among them and the smoothed share per window; time since the last known positive, and how many of
    /// the latest known labels in a row are 1.
    case labels
    /// Seconds since the last and the first event, and the former over the mean gap.
    case times
    /// The cyclic mean of the hours of all events, how concentrated they are, the distance of this hour from it, and
    /// the share of events in this hour and those beside it.
    case habits
    /// Earlier events with the very same first amount, per window that has an end.
    case repeats
  }

  /// Something that takes part in events, told by one column or a combination.
  public struct Entity: Sendable, Hashable, Encodable {
    /// What happens to rows in which a column of the entity is missing.
    public enum Missing: String, Sendable, Hashable, Codable {
      /// They are one entity of their own.
      case together
      /// Nothing is known of them: their features are missing, and they are not remembered.
      case unknown
    }

    /// The name, which begins the names of its features.
    public var name: String
    /// The columns that tell it, one or more.
    public var columns: [String]
    /// Which features it has.
    public var features: [Feature]
    /// What a missing value means.
    public var missing: Missing

    /// Creates an entity; without a name it has that of its columns, joined by "+".
    public init(
      _ name: String? = nil, columns: [String], features: [Feature] = Feature.allCases, missing: Missing = .together
    ) {
      self.name = name ?? columns.joined(separator: "+")
      self.columns = columns
      self.features = features
      self.missing = missing
    }
  }

  /// A number that events have.
  ///
  /// Amounts are kept as whole multiples of the resolution: sums are then exact, whatever is added and taken away.
  public struct Amount: Sendable, Hashable, Encodable {
    /// The column.
    public var column: String
    /// The smallest difference that counts, above 0; amounts are at most 2^40 times this.
    public var resolution: Double
    /// Whether amounts below 0 are right; else they are an error.
    public var allowsNegative: Bool

    /// Creates an amount.
    public init(_ column: String, resolution: Double = 0.001, allowsNegative: Bool = false) {
      self.column = column
      self.resolution = resolution
      self.allowsNegative = allowsNegative
    }
  }

  /// What becomes known of an event later.
  public struct Label: Sendable, Hashable, Encodable {
    /// The column: 0 and 1, or two levels.
    public var column: String
    /// The time after which the label of an event is known.
    public var delay: HistorySpan
    /// The level that means 1, for columns of texts.
    public var positive: String?
    /// The column of the date-time at which the label was told, where that may be later than the delay: in tables it
    /// counts only from then on. Nil where all labels are known after the delay.
    public var reported: String?
    /// How many known labels the prior counts as, not below 0: share = (positives + smoothing * prior) / (known +
    /// smoothing).
    public var smoothing: Double
    /// The share in case nothing is known, 0 ... 1. A constant: a row's features do not hang on other entities' rows.
    public var prior: Double

    /// Creates a label.
    public init(
      _ column: String, delay: HistorySpan, positive: String? = nil, reported: String? = nil, smoothing: Double = 1,
      prior: Double = 0.01
    ) {
      self.column = column
      self.delay = delay
      self.positive = positive
      self.reported = reported
      self.smoothing = smoothing
      self.prior = prior
    }
  }

  /// Two entities whose acquaintance is kept: is the pair new, how often was it seen, how many partners has each, and
  /// which share of the events were first meetings.
  public struct Link: Sendable, Hashable, Encodable {
    /// The names of two entities.
    public var between: [String]

    /// Creates a link.
    public init(_ first: String, _ second: String) { between = [first, second] }
  }

  /// Entities that are joined by the events they share: each event joins its first entity with the others.
  public struct Graph: Sendable, Hashable, Encodable {
    /// The names of two or more entities.
    public var between: [String]
    /// Entities with more partners than this join nothing, at least 1; nil means all do. Without it, one terminal of a
    /// railway station makes one component of a town.
    public var hubDegree: Int?

    /// Creates a graph.
    public init(_ between: [String], hubDegree: Int? = nil) {
      self.between = between
      self.hubDegree = hubDegree
    }
  }

  /// The hours that are night, and where the clocks are.
  public struct Clock: Sendable, Hashable, Encodable {
    /// Hours to add to the time column to have local time, -24 ... 24.
    public var offsetHours: Double
    /// The first hour of the night, 0 ... 23.
    public var nightFrom: Int
    /// The first hour that is no night any more, 0 ... 24.
    public var nightUntil: Int

    /// Creates a clock.
    public init(offsetHours: Double = 0, nightFrom: Int = 22, nightUntil: Int = 6) {
      self.offsetHours = offsetHours
      self.nightFrom = nightFrom
      self.nightUntil = nightUntil
    }
  }

  /// How much is remembered. What was longest without an event is forgotten first; `HistoryReport` counts it.
  public struct Limits: Sendable, Hashable, Encodable {
    /// Of each entity, at most so many are remembered, at least 1.
    public var entities: Int
    /// Of each link, at most so many pairs, at least 1; and as many nodes and edges of each graph.
    public var pairs: Int
    /// Events that windows may still need, at least 1; earlier ones leave all windows when there are more.
    public var events: Int

    /// Creates limits.
    public init(entities: Int = 1_000_000, pairs: Int = 4_000_000, events: Int = 20_000_000) {
      self.entities = entities
      self.pairs = pairs
      self.events = events
    }
  }
}
