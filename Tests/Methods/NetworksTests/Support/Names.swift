import Networks

// Inside the package the operations of Tensors are visible too, some of which have the names of layers.
typealias BatchNorm = Networks.BatchNorm
typealias Checkpointed = Networks.Checkpointed
typealias Dropout = Networks.Dropout
typealias EmbeddingBag = Networks.EmbeddingBag
typealias GRU = Networks.GRU
typealias GroupNorm = Networks.GroupNorm
typealias LSTM = Networks.LSTM
typealias LayerNorm = Networks.LayerNorm
typealias RMSNorm = Networks.RMSNorm
typealias Reshape = Networks.Reshape
typealias Softmax = Networks.Softmax
