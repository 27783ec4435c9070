// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Reaps children that have ended, up to pid. Returns pid if it ended, 0 if children are left, -1 if none is.
static pid_t reap(pid_t pid, int *status) {
    pid_t ended;
    do ended = wait4(-1, status, WNOHANG | __WALL, NULL);
    while ((ended > 0 && ended != pid) || (ended < 0 && errno == EINTR));
    return ended;
}

// libc's sets leave out signals that it keeps for itself, so this and what uses it is the kernel's own.
static const uint64_t every = ~UINT64_C(0);

int supervise(pid_t pid, int *status) {
    // Before the first look: a child that ends behind it leaves a SIGCHLD.
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &every, NULL, sizeof every);
    for (;;) {
        pid_t ended = reap(pid, status);
        if (ended) return ended < 0 ? ECHILD : 0;
        siginfo_t info;
        long signal = syscall(SYS_rt_sigtimedwait, &every, &info, NULL, sizeof every);
        if (signal <= 0 || signal == SIGCHLD) continue;
        // What this process sent to itself (SIGPIPE, by a write) concerns nobody else. pid is not reaped, so it is
        // still that process; the kernel may forbid it (EPERM), then it does not get the signal.
        if (info.si_code != SI_USER || info.si_pid != getpid()) kill(pid, (int)signal);
    }
}
