#ifndef ASSAY_WORKER_POOL_H
#define ASSAY_WORKER_POOL_H

/// Calls body(context, 0) ... body(context, count - 1), each once, on the calling thread and up to `threads` - 1 workers,
/// and returns when all are done.
///
/// Tasks are handed out one by one. Workers look for the next call for some ten microseconds before they sleep: the
/// operations of a network follow each other closely, and waking a sleeping thread costs more than a small operation.
/// A call from inside a task, or while another thread has the workers, runs on the calling thread alone.
void assay_parallel(long count, int threads, void (*body)(void *context, long index), void *context);

#endif
