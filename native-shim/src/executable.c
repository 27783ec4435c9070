// SPDX-License-Identifier: Apache-2.0
// Which file this process executes: ADOPT of docs/launch-programs.md. As after execve(2), nothing of the process leads
// to the former file any more; but what it has in memory stays, and the kernel makes no new address space for it.
#include "shim.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Where ld(1) says that our own file begins in memory.
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

struct segment {
    uintptr_t begin, end; // of what is mapped of the file, in whole pages
    uintptr_t offset;     // in the file
};

static struct segment segment_of(const Elf64_Phdr *header) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)__ehdr_start + header->p_vaddr;
    return (struct segment){begin & -page, (begin + header->p_filesz + page - 1) & -page, header->p_offset & -page};
}

// Nothing in it has ever been written, so it is as in the other file: this function may be replaced while it runs.
static int map_from(int fd, const struct segment *segment) {
    void *mapped = mmap((void *)segment->begin, segment->end - segment->begin, PROT_READ | PROT_EXEC,
                        MAP_PRIVATE | MAP_FIXED, fd, (off_t)segment->offset);
    return mapped == MAP_FAILED ? errno : 0;
}

// Puts memory of no file in the place of variables. Nothing may be written to these between memcpy() and mremap().
static int detach(const struct segment *segment) {
    size_t size = segment->end - segment->begin;
    void *copy = memory_take(size, size);
    if (!copy) return ENOMEM;
    memcpy(copy, (void *)segment->begin, size);
    if (mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)segment->begin) != MAP_FAILED) return 0;
    int error = errno;
    memory_give(copy, size);
    return error;
}

static uintptr_t end_of(char *const texts[]) {
    while (texts[1]) texts++;
    return (uintptr_t)*texts + strlen(*texts) + 1;
}

// What /proc/PID/stat, cmdline and environ go by, which the kernel takes together with the file.
static struct prctl_mm_map describe(int fd, char *const arguments[], const struct segment *code,
                                    const struct segment *variables) {
    uintptr_t brk = (uintptr_t)syscall(SYS_brk, 0);
    struct prctl_mm_map map = {.start_code = code->begin,
                               .end_code = code->end,
                               .start_data = variables->begin,
                               .end_data = variables->end,
                               .start_brk = brk,
                               .brk = brk,
                               .start_stack = (uintptr_t)arguments,
                               .arg_start = (uintptr_t)arguments[0],
                               .arg_end = end_of(arguments),
                               .exe_fd = (uint32_t)fd};
    map.env_start = map.arg_end;
    map.env_end = *environ ? end_of(environ) : map.arg_end;
    return map;
}

static int tell_kernel(const struct prctl_mm_map *map) {
    return prctl(PR_SET_MM, PR_SET_MM_MAP, map, sizeof *map, 0) ? errno : 0;
}

int executable_adopt(int fd, char *const arguments[]) {
    const Elf64_Ehdr *header = (const void *)__ehdr_start;
    const Elf64_Phdr *first = (const void *)(__ehdr_start + header->e_phoff), *end = first + header->e_phnum;
    const Elf64_Phdr *code = NULL, *variables = NULL;
    for (const Elf64_Phdr *part = first; part < end; part++) {
        if (part->p_type != PT_LOAD && part->p_type != PT_INTERP) continue;
        const Elf64_Phdr **known = part->p_flags & PF_W ? &variables : &code;
        if (part->p_type == PT_INTERP || *known) return ENOEXEC; // more is mapped than we know of
        *known = part;
    }
    if (!code || !variables) return ENOEXEC;
    struct segment from_file = segment_of(code), of_none = segment_of(variables);
    struct prctl_mm_map map = describe(fd, arguments, &from_file, &of_none);
    int error = tell_kernel(&map);
    if (error && error != EBUSY) return error; // it may not: nothing is done in vain
    error = map_from(fd, &from_file);
    if (!error) error = detach(&of_none);
    return error ? error : tell_kernel(&map);
}
