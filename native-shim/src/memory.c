// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <sys/mman.h>

void *memory_take(size_t size) {
    void *memory = mmap(NULL, size + !size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void memory_protect(void *memory, size_t size) {
    mprotect(memory, size + !size, PROT_READ);
}

void memory_give(void *memory, size_t size) {
    if (memory) munmap(memory, size + !size);
}
