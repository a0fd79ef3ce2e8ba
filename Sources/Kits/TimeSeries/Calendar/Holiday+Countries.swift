extension Holiday {
  /// The countries whose holidays are known, by the codes that `holidays(of:)` takes.
  public static let countries = ["DE", "FR", "US"]

  /// The holidays of a country by its ISO 3166 code; nil for one that is not known.
  public static func holidays(of country: String) -> [Holiday]? {
    switch country.uppercased() {
    case "DE": germany
    case "FR": france
    case "US": unitedStates
    default: nil
    }
  }

  /// The holidays of all of Germany; states have more.
  public static let germany: [Holiday] = [
    Holiday("Neujahr", .date(month: 1, day: 1)), Holiday("Karfreitag", .easter(offset: -2)),
    Holiday("Ostermontag", .easter(offset: 1)), Holiday("Tag der Arbeit", .date(month: 5, day: 1)),
    Holiday("Christi Himmelfahrt", .easter(offset: 39)), Holiday("Pfingstmontag", .easter(offset: 50)),
    Holiday("Tag der Deutschen Einheit", .date(month: 10, day: 3)),
    Holiday("1. Weihnachtstag", .date(month: 12, day: 25)), Holiday("2. Weihnachtstag", .date(month: 12, day: 26)),
  ]

  /// The legal holidays of France.
  public static let france: [Holiday] = [
    Holiday("Jour de l'An", .date(month: 1, day: 1)), Holiday("Lundi de Pâques", .easter(offset: 1)),
    Holiday("Fête du Travail", .date(month: 5, day: 1)), Holiday("Victoire 1945", .date(month: 5, day: 8)),
    Holiday("Ascension", .easter(offset: 39)), Holiday("Lundi de Pentecôte", .easter(offset: 50)),
    Holiday("Fête nationale", .date(month: 7, day: 14)), Holiday("Assomption", .date(month: 8, day: 15)),
    Holiday("Toussaint", .date(month: 11, day: 1)), Holiday("Armistice 1918", .date(month: 11, day: 11)),
    Holiday("Noël", .date(month: 12, day: 25)),
  ]
}
