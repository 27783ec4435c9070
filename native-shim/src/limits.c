// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TIMER_SLACK 50000 // nanoseconds: the kernel's default; 0 would mean that of the caller
#define STACK_SIZE (8 << 20) // without a limit the kernel would lay out memory in its older way

// An engine that serves others needs a hard limit of so much. The rest bounds what an engine does not do.
static const struct need {
    int resource;
    rlim_t least;
} needs[] = {
    {RLIMIT_CPU, RLIM_INFINITY},  {RLIMIT_FSIZE, RLIM_INFINITY}, {RLIMIT_DATA, RLIM_INFINITY},
    {RLIMIT_AS, RLIM_INFINITY},   {RLIMIT_STACK, STACK_SIZE},    {RLIMIT_NOFILE, 1024},
    {RLIMIT_NPROC, 1024},         {RLIMIT_MEMLOCK, 64 << 10}, // device programs count before Linux 5.11
    {RLIMIT_SIGPENDING, 128},
};

static bool reset_limit(const struct need *need) {
    struct rlimit limit;
    if (getrlimit(need->resource, &limit)) return false;
    if (limit.rlim_max < need->least) {
        struct rlimit raised = {need->least, need->least};
        if (setrlimit(need->resource, &raised)) raised = limit;
        limit = raised;
    }
    limit.rlim_cur = need->resource == RLIMIT_STACK && limit.rlim_max > STACK_SIZE ? STACK_SIZE : limit.rlim_max;
    return !setrlimit(need->resource, &limit) && limit.rlim_max >= need->least;
}

static bool reset_scheduling(void) {
    struct sched_param normal = {0};
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &normal);
    setpriority(PRIO_PROCESS, 0, 0);
    syscall(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, 0 /* IOPRIO_CLASS_NONE */);
    unsigned char processors[1024];
    memset(processors, 0xff, sizeof processors);
    syscall(SYS_sched_setaffinity, 0, sizeof processors, processors);
    syscall(SYS_set_mempolicy, 0 /* MPOL_DEFAULT */, NULL, 0);
    return syscall(SYS_sched_getscheduler, 0) == SCHED_OTHER && getpriority(PRIO_PROCESS, 0) == 0;
}

static int64_t read_score(const char *path, int64_t otherwise) {
    char text[16] = "";
    uint64_t score;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    bool negative = text[0] == '-';
    if (length <= 0 || !text_number(text + negative, 10, 5, &score)) return otherwise;
    return negative ? -(int64_t)score : (int64_t)score;
}

// In a container the kernel may permit no less than what all of its processes have.
static bool reset_oom_score(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    ssize_t written = fd < 0 ? -1 : write(fd, "0", 1);
    if (fd >= 0) close(fd);
    return written == 1 || read_score("/proc/self/oom_score_adj", INT64_MAX) <= read_score("/proc/1/oom_score_adj", 0);
}

bool limits_reset(void) {
    bool reset = reset_scheduling() & reset_oom_score();
    for (size_t n = 0; n < sizeof needs / sizeof *needs; n++) reset &= reset_limit(&needs[n]);
    umask(022);
    personality(PER_LINUX);
    prctl(PR_SET_PDEATHSIG, 0);
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK);
    prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    prctl(PR_SET_SECUREBITS, 0);
    return reset && prctl(PR_GET_SECUREBITS) == 0;
}

void limits_leave_keyring(void) {
    syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL);
}
