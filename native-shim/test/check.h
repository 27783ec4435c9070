// SPDX-License-Identifier: Apache-2.0
// Checks, and tests that run in processes of their own.
#ifndef JRUN_CHECK_H
#define JRUN_CHECK_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            _exit(1);                                                                                                  \
        }                                                                                                              \
    } while (0)

#define EQUAL(expected, actual)                                                                                        \
    do {                                                                                                               \
        uint64_t expected_ = (uint64_t)(expected), actual_ = (uint64_t)(actual);                                       \
        if (expected_ != actual_) {                                                                                    \
            fprintf(stderr, "%s:%d: %s is %" PRId64 ", not %" PRId64 "\n", __FILE__, __LINE__, #actual,                \
                    (int64_t)actual_, (int64_t)expected_);                                                             \
            _exit(1);                                                                                                  \
        }                                                                                                              \
    } while (0)

struct test {
    const char *name;
    void (*run)(void);
};
#define TEST(name)                                                                                                     \
    { #name, name }

#define SKIPPED 77 // a test that ends with it has said why

// before and after, unless NULL, are called around each test, which has a process of its own.
static inline int run_tests(const struct test *tests, size_t count, void (*before)(void), void (*after)(void)) {
    unsigned passed = 0, failed = 0, skipped = 0;
    for (const struct test *test = tests; test < tests + count; test++) {
        if (before) before();
        pid_t pid = fork();
        if (pid == 0) {
            alarm(120); // a test that hangs fails
            test->run();
            _exit(0);
        }
        int status;
        waitpid(pid, &status, 0);
        if (after) after();
        if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
            skipped++;
        } else if (status == 0) {
            passed++;
        } else {
            failed++;
            fprintf(stderr, "FAILED: %s (wait status 0x%x)\n", test->name, (unsigned)status);
        }
    }
    printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
    return failed ? 1 : 0;
}

#endif
