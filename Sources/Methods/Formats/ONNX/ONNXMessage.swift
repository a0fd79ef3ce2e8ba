/// A message of an ONNX file, which reads and writes its own fields.
///
/// The field numbers are those of `onnx.proto3`, version 1.23 of ONNX. Fields that are not named are skipped.
protocol ONNXMessage {
  init()
  init(_ reader: ProtobufReader) throws
  mutating func read(_ field: ProtobufField) throws
  func write(to writer: inout ProtobufWriter) throws
}

extension ONNXMessage {
  /// Reads all fields of a message.
  init(_ reader: ProtobufReader) throws {
    self.init()
    var reader = reader
    while let field = try reader.next() { try read(field) }
  }
}

extension ProtobufField {
  /// The message in this field.
  func message<Message: ONNXMessage>(_ type: Message.Type = Message.self) throws -> Message {
    try Message(try message())
  }
}

extension ProtobufWriter {
  /// A message in a field.
  mutating func message(_ number: Int, _ content: some ONNXMessage) throws {
    try message(number) { try content.write(to: &$0) }
  }
}
