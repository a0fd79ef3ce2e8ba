import Foundation

/// What is in an e-mail address.
struct EmailAddress {
  static let parts: [(name: String, isText: Bool)] =
    [("domain", true), ("tld", true), ("free", false)] + CharacterShape.parts

  /// Providers where anybody gets an address at once: the well-known ones, and some for addresses of ten minutes.
  static let free: Set<String> = [
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.co.jp", "yahoo.fr", "ymail.com", "hotmail.com",
    "hotmail.co.uk", "hotmail.fr", "outlook.com", "live.com", "msn.com", "aol.com", "icloud.com", "me.com", "mac.com",
    "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.ru", "yandex.ru",
    "yandex.com", "bk.ru", "list.ru", "inbox.ru", "qq.com", "163.com", "126.com", "sina.com", "naver.com",
    "protonmail.com", "proton.me", "tutanota.com", "zoho.com", "mail.com", "fastmail.com", "orange.fr", "free.fr",
    "laposte.net", "libero.it", "virgilio.it", "wp.pl", "o2.pl", "seznam.cz", "uol.com.br", "bol.com.br",
    "rediffmail.com", "mailinator.com", "guerrillamail.com", "10minutemail.com", "temp-mail.org", "yopmail.com",
    "trashmail.com", "sharklasers.com",
  ]

  let local: Substring
  let domain: String

  init?(_ text: String) {
    guard let at = text.lastIndex(of: "@") else { return nil }
    local = text[..<at]
    domain = text[text.index(after: at)...].lowercased().filter { !$0.isWhitespace && $0 != ">" }
    guard !local.isEmpty, domain.contains("."), !domain.hasPrefix("."), !domain.hasSuffix(".") else { return nil }
  }

  var values: [TextPart.Value] {
    [
      .text(domain), .text(domain.split(separator: ".").last.map(String.init)),
      .number(EmailAddress.free.contains(domain) ? 1 : 0),
    ] + CharacterShape(local).values
  }
}

/// What is in the address of a page.
struct WebAddress {
  static let parts: [(name: String, isText: Bool)] =
    [
      ("host", true), ("domain", true), ("tld", true), ("depth", false), ("parameters", false), ("secure", false),
    ] + CharacterShape.parts

  /// Second labels below which names are registered, as in `shop.co.uk`.
  private static let sharedLabels: Set<Substring> = ["co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go"]

  let text: String
  let host: String
  let path: Substring
  let query: Substring
  let isSecure: Bool

  init?(_ text: String) {
    self.text = text
    var rest = text[...]
    isSecure = text.lowercased().hasPrefix("https://")
    if let colon = rest.range(of: "://") { rest = rest[colon.upperBound...] }
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    var host = rest[..<end]
    if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
    if let port = host.lastIndex(of: ":"), !host.hasSuffix("]") { host = host[..<port] }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
    self.host = host.lowercased()
    let tail = rest[end...].prefix { $0 != "#" }
    path = tail.prefix { $0 != "?" }
    query = tail.dropFirst(path.count + 1)
  }

  /// The name that somebody registered; an address in numbers is its own.
  var domain: String {
    let labels = host.split(separator: ".")
    if labels.count <= 2 || labels.allSatisfy({ $0.allSatisfy(\.isNumber) }) { return host }
    let isShared = labels[labels.count - 1].count == 2 && WebAddress.sharedLabels.contains(labels[labels.count - 2])
    return labels.suffix(isShared ? 3 : 2).joined(separator: ".")
  }

  var values: [TextPart.Value] {
    let last = host.split(separator: ".").last.map(String.init)
    return [
      .text(host), .text(domain), .text(last?.allSatisfy(\.isNumber) == true ? nil : last),
      .number(Double(path.split(separator: "/").count)),
      .number(Double(query.split(separator: "&").count)), .number(isSecure ? 1 : 0),
    ] + CharacterShape(text).values
  }
}

/// An address of the internet protocol.
struct NetworkAddress {
  static let parts: [(name: String, isText: Bool)] = [("network", true), ("private", false), ("version", false)]

  let network: String
  let isPrivate: Bool
  let version: Int

  init?(_ text: String) {
    if text.contains(":") {
      guard let groups = NetworkAddress.groups(text) else { return nil }
      version = 6
      network = groups.prefix(3).map { String($0, radix: 16) }.joined(separator: ":") + "::/48"
      // Unique local (RFC 4193), link-local (RFC 4291), loopback and the unspecified address.
      isPrivate =
        groups[0] & 0xFE00 == 0xFC00 || groups[0] & 0xFFC0 == 0xFE80
        || groups.dropLast().allSatisfy { $0 == 0 } && groups[7] <= 1
      return
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in part.count <= 3 && part.first?.isNumber == true ? UInt8(part) : nil }
    guard parts.count == 4 && bytes.count == 4 else { return nil }
    version = 4
    network = "\(bytes[0]).\(bytes[1]).\(bytes[2]).0/24"
    // RFC 1918, shared address space (RFC 6598), loopback, link-local, this network.
    isPrivate =
      switch (bytes[0], bytes[1]) {
      case (10, _), (127, _), (0, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): true
      default: false
      }
  }

  /// The eight groups of an address of version 6, in full.
  private static func groups(_ text: String) -> [UInt16]? {
    func read(_ part: Substring) -> [UInt16]? {
      if part.isEmpty { return [] }
      let words = part.split(separator: ":", omittingEmptySubsequences: false)
      let groups = words.compactMap { $0.count <= 4 ? UInt16($0, radix: 16) : nil }
      return groups.count == words.count ? groups : nil
    }
    let address = text.prefix { $0 != "%" }
    guard let gap = address.range(of: "::") else {
      guard let groups = read(address), groups.count == 8 else { return nil }
      return groups
    }
    guard let head = read(address[..<gap.lowerBound]), let tail = read(address[gap.upperBound...]),
      head.count + tail.count < 8
    else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  var values: [TextPart.Value] { [.text(network), .number(isPrivate ? 1 : 0), .number(Double(version))] }
}

/// What a browser says of itself, by its best known words: the name alone is worth little more, as anybody can write it.
struct UserAgent {
  static let parts: [(name: String, isText: Bool)] = [("family", true), ("system", true), ("mobile", false)]

  /// The first that fits counts: most browsers also name those that they want to be taken for.
  private static let families: [(word: String, family: String)] = [
    ("bot", "bot"), ("crawl", "bot"), ("spider", "bot"), ("headless", "bot"), ("curl/", "script"),
    ("python", "script"), ("okhttp", "script"), ("java/", "script"), ("go-http", "script"), ("edg", "Edge"),
    ("opr/", "Opera"), ("opera", "Opera"), ("samsungbrowser", "Samsung"), ("firefox", "Firefox"), ("fxios", "Firefox"),
    ("chrome", "Chrome"), ("crios", "Chrome"), ("safari", "Safari"), ("msie", "Explorer"), ("trident", "Explorer"),
  ]
  private static let systems: [(word: String, system: String)] = [
    ("windows", "Windows"), ("android", "Android"), ("iphone", "iOS"), ("ipad", "iOS"), ("ios", "iOS"),
    ("mac os", "macOS"), ("macintosh", "macOS"), ("cros", "ChromeOS"), ("linux", "Linux"),
  ]

  let family: String
  let system: String
  let isMobile: Bool

  init(_ text: String) {
    let lower = text.lowercased()
    family = UserAgent.families.first { lower.contains($0.word) }?.family ?? "other"
    system = UserAgent.systems.first { lower.contains($0.word) }?.system ?? "other"
    isMobile = lower.contains("mobile") || system == "Android" || system == "iOS"
  }

  var values: [TextPart.Value] { [.text(family), .text(system), .number(isMobile ? 1 : 0)] }
}
