#include "CKernels.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

// One job at a time. `stage` is odd while a job can be joined. A worker first enters (counts itself in `inside`), then
// looks whether the job is still open; the caller first closes the job, then waits until nobody is inside: so no worker
// reads a job that the next call is already writing.

enum { MOST_WORKERS = 255, SPINS = 2000 };

static struct {
  pthread_mutex_t owner;  // held for the length of a call
  pthread_mutex_t gate;   // guards sleeping
  pthread_cond_t wake;
  _Alignas(64) _Atomic uint64_t stage;
  _Alignas(64) _Atomic long next;
  _Alignas(64) _Atomic long inside;
  _Atomic int sleepers;
  _Atomic long joined;
  long limit;  // workers that may join
  long count;
  void (*body)(void *, long);
  void *context;
  int workers;
} pool = {.owner = PTHREAD_MUTEX_INITIALIZER, .gate = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static _Thread_local int working = 0;

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void take_tasks(void) {
  while (1) {
    long index = atomic_fetch_add_explicit(&pool.next, 1, memory_order_relaxed);
    if (index >= pool.count) return;
    pool.body(pool.context, index);
  }
}

static uint64_t wait_for_stage(uint64_t seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    uint64_t stage = atomic_load_explicit(&pool.stage, memory_order_acquire);
    if (stage != seen && stage % 2 == 1) return stage;
    relax();
  }
  pthread_mutex_lock(&pool.gate);
  atomic_fetch_add(&pool.sleepers, 1);
  uint64_t stage;
  while (stage = atomic_load(&pool.stage), stage == seen || stage % 2 == 0) pthread_cond_wait(&pool.wake, &pool.gate);
  atomic_fetch_sub(&pool.sleepers, 1);
  pthread_mutex_unlock(&pool.gate);
  return stage;
}

static void *work(void *unused) {
  (void)unused;
  working = 1;
  uint64_t seen = 0;
  while (1) {
    seen = wait_for_stage(seen);
    atomic_fetch_add(&pool.inside, 1);
    if (atomic_load(&pool.stage) == seen && atomic_fetch_add(&pool.joined, 1) < pool.limit) take_tasks();
    atomic_fetch_sub(&pool.inside, 1);
  }
  return NULL;
}

static void start_workers(int wanted) {
  while (pool.workers < wanted && pool.workers < MOST_WORKERS) {
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 4 << 20);
    int failed = pthread_create(&thread, &attributes, work, NULL);
    pthread_attr_destroy(&attributes);
    if (failed) return;
    pool.workers++;
  }
}

void assay_parallel(long count, int threads, void (*body)(void *context, long index), void *context) {
  if (threads > count) threads = (int)count;
  if (threads <= 1 || working || pthread_mutex_trylock(&pool.owner) != 0) {
    for (long index = 0; index < count; index++) body(context, index);
    return;
  }
  working = 1;
  start_workers(threads - 1);
  pool.limit = threads - 1;
  pool.count = count;
  pool.body = body;
  pool.context = context;
  atomic_store(&pool.next, 0);
  atomic_store(&pool.joined, 0);
  atomic_fetch_add(&pool.stage, 1);
  if (atomic_load(&pool.sleepers) > 0) {
    pthread_mutex_lock(&pool.gate);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.gate);
  }
  take_tasks();
  atomic_fetch_add(&pool.stage, 1);
  for (int spin = 0; atomic_load_explicit(&pool.inside, memory_order_acquire) > 0; spin++) {
    if (spin < SPINS) relax();
    else sched_yield();
  }
  working = 0;
  pthread_mutex_unlock(&pool.owner);
}
