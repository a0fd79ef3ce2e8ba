#ifndef ASSAY_RESOLVE_H
#define ASSAY_RESOLVE_H

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

// Looks a function up and stores it in the struct; returns its name from the enclosing function if it is not there.
#define RESOLVE(field, name)                                               \
  {                                                                        \
    void *address = dlsym(library, name);                                  \
    if (!address) return name;                                             \
    memcpy(&functions->field, &address, sizeof address);                   \
  }

#endif
