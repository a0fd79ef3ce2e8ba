import Basics

/// The seeds over which statistical tests repeat.
public let checkSeeds: [UInt64] = [1, 7, 2026]
