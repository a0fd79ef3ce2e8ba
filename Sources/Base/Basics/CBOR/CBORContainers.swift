// The three containers of `Encoder`. One generic method stands for the protocols' methods per type: `append` knows
// which types need no detour.

struct CBORValueEncoder: Encoder {
  let node: CBORNode
  let path: CBORPath

  var codingPath: [any CodingKey] { path.keys }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.become(.map)
    return KeyedEncodingContainer(CBORKeyedEncoder<Key>(node: node, path: path))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.become(.array)
    return CBORUnkeyedEncoder(node: node, path: path)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    CBORSingleEncoder(node: node, path: path)
  }
}

struct CBORSingleEncoder: SingleValueEncodingContainer {
  let node: CBORNode
  let path: CBORPath

  var codingPath: [any CodingKey] { path.keys }

  func encodeNil() { node.setNull() }
  func encode<T: Encodable>(_ value: T) throws { try node.setSingle(value, path: path) }
}

struct CBORUnkeyedEncoder: UnkeyedEncodingContainer {
  let node: CBORNode
  let path: CBORPath

  var codingPath: [any CodingKey] { path.keys }
  var count: Int { node.count }

  func encodeNil() { node.appendNullItem() }
  func encode<T: Encodable>(_ value: T) throws { try node.appendItem(value, path: path) }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let inner = CBORPath.child(path, CBORKey(count))
    return KeyedEncodingContainer(CBORKeyedEncoder<Key>(node: node.appendItem(.map), path: inner))
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let inner = CBORPath.child(path, CBORKey(count))
    return CBORUnkeyedEncoder(node: node.appendItem(.array), path: inner)
  }

  func superEncoder() -> any Encoder {
    let inner = CBORPath.child(path, CBORKey(count))
    return CBORValueEncoder(node: node.appendItem(.nothing), path: inner)
  }
}

struct CBORKeyedEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: CBORNode
  let path: CBORPath

  var codingPath: [any CodingKey] { path.keys }

  func encodeNil(forKey key: Key) { node.setNull(forKey: key) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try node.set(value, forKey: key, path: path) }

  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> {
    let inner = CBORPath.child(path, key)
    return KeyedEncodingContainer(CBORKeyedEncoder<Inner>(node: node.set(.map, forKey: key), path: inner))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    CBORUnkeyedEncoder(node: node.set(.array, forKey: key), path: .child(path, key))
  }

  func superEncoder() -> any Encoder { superEncoder(for: CBORKey.ofSuper) }
  func superEncoder(forKey key: Key) -> any Encoder { superEncoder(for: key) }

  private func superEncoder(for key: any CodingKey) -> any Encoder {
    CBORValueEncoder(node: node.set(.nothing, forKey: key), path: .child(path, key))
  }
}
