/// The version of the program and the library.
public let programVersion = "0.1.0"
