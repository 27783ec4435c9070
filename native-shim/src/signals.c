// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// libc's sets leave out signals that it keeps for itself, so these, and what uses them, are the kernel's own.
#define BIT(signal) (UINT64_C(1) << ((signal)-1))
static const uint64_t none, every = ~UINT64_C(0);
static const uint64_t not_ending = ~(BIT(SIGHUP) | BIT(SIGINT) | BIT(SIGQUIT) | BIT(SIGTERM));
static const uint64_t not_of_background = ~(BIT(SIGTTIN) | BIT(SIGTTOU));
static const uint64_t not_stopping = ~(BIT(SIGTTIN) | BIT(SIGTTOU) | BIT(SIGTSTP));
static const uint64_t fresh[4]; // the kernel's struct sigaction, all zero: SIG_DFL

static void block(const uint64_t *set) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, set, NULL, sizeof *set);
}

static void reset(int signal) {
    syscall(SYS_rt_sigaction, signal, fresh, NULL, sizeof *fresh);
}

void signals_hold(void) {
    block(&every);
    reset(SIGCHLD); // may have been inherited as ignored, which would hide the ends of children
}

void signals_end_us(void) {
    block(&not_ending);
}

int signals_open(void) {
    return (int)syscall(SYS_signalfd4, -1, &every, sizeof every, O_CLOEXEC | O_NONBLOCK);
}

void signals_let_job_stop(void) {
    block(&not_of_background);
}

void signals_stop_us(void) {
    kill(getpid(), SIGTSTP);
    block(&not_stopping); // it comes here
    block(&not_of_background);
}

void signals_reset(void) {
    for (int signal = 1; signal <= 64; signal++) reset(signal);
    block(&none);
}

bool signals_await(int fd, short events, int seconds) {
    struct pollfd ready = {.fd = fd, .events = events};
    struct timespec left = {.tv_sec = seconds}; // the kernel leaves there what is left of it (ppoll(2))
    uint64_t timeout = seconds == FOREVER ? 0 : (uintptr_t)&left;
    for (;;) {
        int64_t count = system_call(SYS_ppoll, (uint64_t[OPERANDS]){(uintptr_t)&ready, 1, timeout,
                                                                    (uintptr_t)&not_ending, sizeof not_ending});
        if (count != -EINTR) return count != 0; // an error is for the call that follows to find
    }
}
