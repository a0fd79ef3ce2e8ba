/// A part of a page with its heading.
struct Section {
  /// The anchor: letters and hyphens.
  var identifier: String
  /// The heading.
  var title: String
  /// The content.
  var body: Markup

  init?(_ identifier: String, _ title: String, _ body: Markup) {
    if body.isEmpty { return nil }
    self.identifier = identifier
    self.title = title
    self.body = body
  }
}

/// A self-contained HTML document: everything in one file, no script, nothing loaded from elsewhere.
struct Page {
  /// The title in the browser's bar.
  var title: String
  /// The kind of document, above the headline.
  var kicker: Markup
  /// When and from which run, beside the kicker.
  var stamp: Markup
  /// The most important sentence.
  var headline: Markup
  /// What follows it at once: sentences, key figures, warnings.
  var opening: Markup
  /// The parts, numbered in order.
  var sections: [Section]
  /// The last line.
  var footer: Markup

  func html() -> String {
    let contents = sections.enumerated().map { index, section -> Markup in
      "<li><a href=\"#\(section.identifier)\"><span>\(index + 1)</span> \(section.title)</a></li>\n"
    }
    let parts = sections.enumerated().map { index, section -> Markup in
      """
      <section id="\(section.identifier)"><h2><span>\(index + 1)</span> \(section.title)</h2>
      \(section.body)</section>

      """
    }
    let document: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>
      \(Markup(stringLiteral: PageStyle.text))
      </style>
      </head>
      <body>
      <header class="masthead"><p class="kicker">\(kicker)</p><p class="stamp">\(stamp)</p></header>
      <main class="frame">
      <div class="opening">
      <h1>\(Markup(stringLiteral: headline.description.replacing(" %", with: "\u{A0}%")))</h1>
      \(opening)</div>
      <nav aria-label="Contents"><p class="nav-title">Contents</p><ol>\(contents)</ol></nav>
      <div class="parts">
      \(parts)</div>
      </main>
      <footer>\(footer)</footer>
      </body>
      </html>

      """
    return document.description
  }
}
