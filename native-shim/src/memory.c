// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // since Linux 5.14; libc's headers may be older
#endif

// Has the kernel make these pages at once. To fault them in one by one takes ten times as long, in some virtual
// machines a hundred times. Before Linux 5.14 (madvise(2)) they are made as they are written.
static void expect(void *memory, size_t size) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)memory & -page;
    madvise((void *)first, (uintptr_t)memory + size - first, MADV_POPULATE_WRITE);
}

void memory_expect_call(void) {
    extern char edata, end; // end(3): what comes behind initialized data, and behind all data
    char on_stack[5 * 4096];
    expect(&edata, (size_t)(&end - &edata));
    expect(on_stack, sizeof on_stack);
}

void *memory_take(size_t size, size_t written) {
    void *memory = mmap(NULL, size + !size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    if (written) expect(memory, written);
    return memory;
}

void memory_protect(void *memory, size_t size) {
    mprotect(memory, size + !size, PROT_READ);
}

void memory_give(void *memory, size_t size) {
    if (memory) munmap(memory, size + !size);
}
