import ArgumentParser

@main
struct Assay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay", abstract: "From a customer's table to a decision they can act on.")
}
