// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int supervise_reap(pid_t pid, int *status, bool *ended) {
    pid_t child;
    do child = wait4(-1, status, WNOHANG | __WALL, NULL);
    while ((child > 0 && child != pid) || (child < 0 && errno == EINTR));
    *ended = child > 0;
    return child < 0 ? ECHILD : 0;
}

void supervise_send_on(pid_t pid, int signal, int code, pid_t sender) {
    // What this process sent to itself (SIGPIPE, by a write) concerns nobody else. pid is not reaped, so it is still
    // that process; the kernel may forbid it (EPERM), then it does not get the signal.
    if (code != SI_USER || sender != getpid()) kill(pid, signal);
}

// libc's sets leave out signals that it keeps for itself, so this and what uses it is the kernel's own.
static const uint64_t every = ~UINT64_C(0);

int supervise(pid_t pid, int *status) {
    // Before the first look: a child that ends behind it leaves a SIGCHLD.
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &every, NULL, sizeof every);
    for (;;) {
        bool ended;
        int error = supervise_reap(pid, status, &ended);
        if (error || ended) return error;
        siginfo_t info;
        long signal = syscall(SYS_rt_sigtimedwait, &every, &info, NULL, sizeof every);
        if (signal > 0 && signal != SIGCHLD) supervise_send_on(pid, (int)signal, info.si_code, info.si_pid);
    }
}
